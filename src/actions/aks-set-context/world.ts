import type { ManagedClusters } from "../../azure/managed-clusters.ts";
import type { Log } from "../../kit/runner.ts";
import type { ExecAnswer } from "../../kubeconfig/exec-credential.ts";
import type { PluginSettings } from "../../kubeconfig/plugin-settings.ts";
import type { AccessAnswer, User } from "../../kubernetes/cluster.ts";

/** What came of asking the API server once. */
export type Reply =
  | {
      readonly kind: "answered";
      /** Such as `v1.36.3`. */
      readonly version: string;
      readonly user: User;
      /** Whether we may list the pods of the namespace: the least that any role there gives. */
      readonly access: AccessAnswer;
    }
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  /** No answer in time, or no way there. */
  | { readonly kind: "silent"; readonly because: string };

/** A folder of this step, which only this user can read and which goes with the job. */
export interface KubeconfigFolder {
  /** The program that runs the plugin, and the plugin's own path. */
  readonly command: string;
  readonly script: string;
  /** Returns its path. */
  writeKubeconfig(text: string): Promise<string>;
}

/** How an API server is asked. */
export interface Entry {
  /** A kubeconfig's path. */
  readonly kubeconfig: string;
  /** What its plugin gave just now, so that it does not have to run again; undefined where it has none. */
  readonly token: string | undefined;
  readonly namespace: string;
}

/** What the action needs of the world. */
export interface World {
  readonly log: Pick<Log, "info" | "warning">;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cancelled: AbortSignal;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Returns early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  mask(secret: string): void;
  readonly clusters: Pick<
    ManagedClusters,
    "require" | "readEntrance" | "readUserKubeconfig" | "readAdminKubeconfig" | "runCommand"
  >;
  /** Who logs in, and for what. */
  readonly login: PluginSettings;
  makeFolder(): Promise<KubeconfigFolder>;
  /**
   * Runs the plugin once, as kubectl will: what it gives is masked.
   *
   * @param over ends it when nobody waits for it any more
   * @throws UserError with the plugin's own code and words
   */
  logIn(folder: KubeconfigFolder, over: AbortSignal): Promise<ExecAnswer>;
  /** Asks the API server that a kubeconfig leads to. One try, of at most some seconds. */
  ask(entry: Entry): Promise<Reply>;
  /** The address that this runner is seen with from outside; undefined where nobody tells. */
  findEgressAddress(): Promise<string | undefined>;
  exportVariable(name: string, value: string): void;
  summarize(markdown: string): Promise<void>;
}
