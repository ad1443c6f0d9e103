import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The stages that an action may have, each a file in its folder and a stub in dist: what the runner starts first and
 * last, and what the action itself starts to run beside it.
 */
const STAGES = ["index", "post", "background"] as const;

export type Stage = (typeof STAGES)[number];

/** The stages whose files an action's folder holds. */
export function listStages(root: string, action: string): readonly Stage[] {
  return STAGES.filter((stage) => existsSync(join(root, "src/actions", action, `${stage}.ts`)));
}

/** What the bundle calls one stage of an action. */
export function nameEntry(action: string, stage: Stage): string {
  return stage === "index" ? action : `${action}-${stage}`;
}
