import type { ActionManifest } from "./action-manifest.ts";
import type { Status } from "./job.ts";
import type { Frame } from "./job-run.ts";

/** A foreign action whose visible effect happens here, in this process. */
export interface StandIn {
  readonly manifest: ActionManifest;
  readonly run: (frame: Frame, inputs: Readonly<Record<string, string>>) => Status;
}

/** The action.yml of a stand-in: its inputs with their defaults. */
export function standInManifest(name: string, inputs: Readonly<Record<string, string>>): ActionManifest {
  const declared = Object.entries(inputs).map(([input, value]) => [
    input,
    { default: value, deprecationMessage: undefined },
  ]);
  const runs = { kind: "node", main: "", pre: undefined, preIf: "", post: undefined, postIf: "" } as const;
  return { name, inputs: Object.fromEntries(declared), outputs: [], runs };
}
