import type { FailureReason } from "./failure-reason.ts";
import type { LockInfo } from "./lock-info.ts";
import type { PlanFacts } from "./plan-facts.ts";
import type { ChangeSummary, Diagnostic, HookAction } from "./stream-event.ts";

/** A resource that terraform worked on, for the table and the timeline. Milliseconds since the start of the step. */
export interface WorkedOn {
  readonly address: string;
  readonly action: HookAction;
  readonly fromMs: number;
  /** Undefined while it is under way, or when nobody heard of its end. */
  readonly toMs: number | undefined;
  readonly outcome: "running" | "done" | "failed";
}

/** One part of the step's time: `init`, `plan`, `apply`. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What became of a resource group that carries the environment's tags. */
export interface GroupProof {
  readonly name: string;
  readonly gone: boolean;
}

/** All that is told of a run: the summary and the comment are made from it. Nothing sensitive is in it. */
export interface Story {
  readonly command: "plan" | "apply" | "destroy" | "output" | "unlock" | "drift";
  readonly status: "planned" | "running" | "done" | "failed" | "cancelled";
  /** Empty when the run has no environment's name. */
  readonly environment: string;
  /** Relative to the job's workspace. */
  readonly directory: string;
  readonly workspace: string;
  /** `terraform 1.11.4`. */
  readonly tool: string;
  /** Where the state is, for people; empty when unknown. */
  readonly backend: string;
  readonly headSha: string;
  /** Address of the run's page; empty outside of GitHub. */
  readonly runUrl: string;
  readonly plan: PlanFacts | undefined;
  readonly planDigest: string | undefined;
  readonly work: readonly WorkedOn[];
  readonly summary: ChangeSummary | undefined;
  /** Redacted. */
  readonly diagnostics: readonly Diagnostic[];
  readonly failure: { readonly reason: FailureReason; readonly message: string } | undefined;
  readonly phases: readonly Phase[];
  readonly expiresAt: Date | undefined;
  readonly now: Date;
  readonly lock: LockInfo | undefined;
  /** Sentences on what was mended or looked after: a lock that was released, a state that was rescued. */
  readonly notes: readonly string[];
  /** What a destroy left: the receipt. */
  readonly receipt:
    | {
        readonly destroyed: number;
        readonly groups: readonly GroupProof[];
        /** What became of the state: `deleted`, `kept: <why>`. */
        readonly state: string;
      }
    | undefined;
  /** Outputs of the root module that are not sensitive, as JSON texts. */
  readonly outputs: Readonly<Record<string, string>>;
}
