import { listSensitiveInState } from "../../terraform/sensitive-values.ts";
import type { TerraformTool, World } from "./world.ts";

/**
 * Masks what is sensitive in the state as it is now. An apply makes values that no plan knew (a password, a key), and an
 * error may quote them. Where the job is cancelled nothing is asked any more: post does it.
 */
export async function maskState(tool: TerraformTool, world: Pick<World, "cancelled" | "mask">): Promise<void> {
  if (world.cancelled.aborted) return;
  const shown = await tool.run({ name: "show", parameters: ["show", "-json"] });
  const found = shown.exitCode === 0 ? listSensitiveInState(shown.stdout) : undefined;
  if (found !== undefined && "value" in found) for (const value of found.value.values) world.mask(value);
}
