import type { ActionManifest } from "./action-manifest.ts";
import type { Folders } from "./folders.ts";
import type { GithubContext } from "./github-context.ts";
import type { Job, Status } from "./job.ts";
import type { StageRecord } from "./stage-record.ts";

/** What a stand-in sees of the step that it stands for: a frame, or what test/act makes of a process's environment. */
export interface StandInFrame {
  readonly run: {
    readonly github: Pick<GithubContext, "repository" | "ref" | "sha" | "server_url" | "run_id">;
    readonly folders: Pick<Folders, "workspace" | "root">;
    readonly job: Pick<Job, "checkout" | "repositoryRoot" | "artifacts">;
  };
  readonly record: StageRecord;
  readonly outputs: Record<string, string>;
}

/** A foreign action whose visible effect happens here, in this process. */
export interface StandIn {
  readonly manifest: ActionManifest;
  readonly run: (frame: StandInFrame, inputs: Readonly<Record<string, string>>) => Status;
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
