import type { Log } from "../../kit/runner.ts";
import type { RunRecord } from "../helm-deploy/record.ts";
import type { Helm } from "../helm-deploy/world.ts";
import type { JobFacts } from "../job-facts.ts";
import type { SmokeTools } from "../smoke/smoke-order.ts";

/** What the action needs of the world. */
export interface World {
  readonly log: Pick<Log, "info" | "notice" | "warning" | "error" | "group">;
  readonly cancelled: AbortSignal;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  redact(text: string): string;
  summarize(markdown: string): Promise<void>;
  readJob(): Promise<JobFacts>;
  /** How the cluster's API server is reached. */
  readonly route: "direct" | "run-command";
  openSmoke(): Promise<SmokeTools>;
  /** @throws UserError `tool-missing`, `helm-version-unsupported` */
  openHelm(): Promise<Helm>;
  /** Makes the folder of reports. @throws UserError `bad-input`, `runner-files` when it cannot be written */
  openReports(): Promise<Reports>;
  /** Writes down where a rollback is, so that post can take over whenever this process is killed. */
  record(record: RunRecord): void;
}

export interface Reports {
  /** Returns the path of what is written. */
  write(name: string, content: string): Promise<string>;
}
