import type { Arm } from "../arm/arm.ts";
import type { Clock } from "../clock.ts";
import { createDeletedVaults } from "./deleted-vaults.ts";
import { createVaultData, type VaultData } from "./vault-data.ts";
import { vaultBehaviour } from "./vault-type.ts";

/** Key vaults in ARM, those that are deleted, and what is in them. */
export type Vaults = Pick<VaultData, "answer">;

export function createVaults(arm: Arm, clock: Clock): Vaults {
  const data = createVaultData(arm, clock);
  const deleted = createDeletedVaults(arm, ({ key }) => data.forget(key));
  arm.define(vaultBehaviour(deleted));
  return { answer: data.answer };
}
