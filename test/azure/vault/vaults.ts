import type { Arm } from "../arm/arm.ts";
import type { Clock } from "../clock.ts";
import type { WireRequest, WireResponse } from "../wire.ts";
import { createDeletedVaults } from "./deleted-vaults.ts";
import { createVaultData } from "./vault-data.ts";
import { vaultBehaviour } from "./vault-type.ts";

/** Key vaults in ARM, those that are deleted, and what is in them. */
export interface Vaults {
  /** Answers a vault's host; undefined where there is no such vault. */
  answer(request: WireRequest, url: URL): Promise<WireResponse | undefined>;
}

export function createVaults(arm: Arm, clock: Clock): Vaults {
  const data = createVaultData(arm, clock);
  const deleted = createDeletedVaults(arm, (vault) => data.forget(vault.key));
  arm.define(vaultBehaviour(deleted));
  return { answer: data.answer };
}
