import type { Splitting } from "./words.ts";

/** Behaviour of ACR Tasks that differs, that nobody has confirmed, or that goes wrong. Change it at any time. */
export interface TaskSettings {
  /** By the clock, from `scheduleRun` to Started, and from there to Running. Infinity means that no agent ever comes. */
  queuedSeconds: number;
  startedSeconds: number;
  /** From the moment a run begins until its log blob is there. */
  logDelaySeconds: number;
  /** From the `complete` of the log to the status of the run. */
  statusLagSeconds: number;
  /** How long a link to a log is good for; one to upload a source. */
  logLinkSeconds: number;
  uploadLinkSeconds: number;
  /** Subscriptions without enough history get TasksOperationsNotAllowed, after the upload. */
  forbidden: boolean;
  /** Where the source was never uploaded: refused by scheduleRun, or accepted and failed by the run. */
  missingSource: "refuse" | "fail";
  /** The service itself breaks down in the middle: status Error. */
  agentFails: boolean;
  /** The name of the metadata that ends a log; clients fold its case. */
  completeName: string;
  /** What it says. */
  completeValues: Record<FinalStatus, string>;
  /** How `build:` lines become words. */
  splitting: Splitting;
  /** Whether the dependency scanner understands `FROM --platform=…`. */
  scannerKnowsPlatform: boolean;
}

export const FINAL_STATUSES = ["Succeeded", "Failed", "Canceled", "Timeout", "Error"] as const;
export type FinalStatus = (typeof FINAL_STATUSES)[number];
export type RunStatus = "Queued" | "Started" | "Running" | FinalStatus;

export function defaultTaskSettings(): TaskSettings {
  return {
    queuedSeconds: 0.1,
    startedSeconds: 0.1,
    logDelaySeconds: 0,
    statusLagSeconds: 0.5,
    logLinkSeconds: 75 * 60,
    uploadLinkSeconds: 3600,
    forbidden: false,
    missingSource: "refuse",
    agentFails: false,
    completeName: "Complete",
    completeValues: {
      Succeeded: "successful",
      Failed: "failed",
      Canceled: "canceled",
      Timeout: "timedout",
      Error: "internalerror",
    },
    splitting: "parser",
    scannerKnowsPlatform: false,
  };
}

/** Whether nothing can happen to a run any more. */
export function isFinal(status: RunStatus): status is FinalStatus {
  return (FINAL_STATUSES as readonly string[]).includes(status);
}
