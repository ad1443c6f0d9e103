/** What a run is there for, as far as the decision goes by it. */
export type Cause =
  /** The pull request closed or lost a label, or nobody but the clock asked: something may end, nothing begins. */
  | "ended"
  /** Opened, or pushed to. */
  | "pushed"
  | "reopened"
  /** It got the label that previews need. */
  | "labelled"
  /** A draft became ready. */
  | "ready"
  | "rerun"
  /** By a command, or by hand. */
  | "asked-deploy"
  | "asked-destroy"
  /** Another label, a new title, and whatever else happens to a pull request. */
  | "other";

/** What tells the cause. */
export interface CauseFacts {
  /** `pull_request`, `schedule`, …; of a called workflow its caller's. */
  readonly event: string;
  /** The event's `action`; empty where there is none. */
  readonly action: string;
  /** The label that the event is about. */
  readonly eventLabel: string | undefined;
  /** Of the run, from 1 on. */
  readonly attempt: number;
  readonly asked: "deploy" | "destroy" | undefined;
  readonly onlyDestroy: boolean;
  /** The label that previews need; undefined where they need none. */
  readonly label: string | undefined;
}

const BY_ACTION: Readonly<Record<string, Cause>> = {
  opened: "pushed",
  synchronize: "pushed",
  reopened: "reopened",
  ready_for_review: "ready",
  closed: "ended",
  unlabeled: "ended",
};

/** Events that only a person, or a workflow that a person wrote for it, brings about. */
const BY_HAND: ReadonlySet<string> = new Set(["workflow_dispatch", "repository_dispatch", "push", "workflow_run"]);

/** What a run is there for. What nobody knows begins nothing. */
export function decideCause(facts: CauseFacts): Cause {
  if (facts.asked === "destroy") return "asked-destroy";
  if (facts.onlyDestroy || facts.event === "schedule") return "ended";
  if (facts.asked === "deploy" || BY_HAND.has(facts.event)) return "asked-deploy";
  const cause = causeOfAction(facts);
  return facts.attempt > 1 && cause !== "ended" && cause !== "other" ? "rerun" : cause;
}

function causeOfAction({ event, action, eventLabel, label }: CauseFacts): Cause {
  if (event !== "pull_request" && event !== "pull_request_target") return "other";
  if (action === "labeled") return label !== undefined && sameLabel(eventLabel ?? "", label) ? "labelled" : "other";
  return Object.hasOwn(BY_ACTION, action) ? (BY_ACTION[action] ?? "other") : "other";
}

/** GitHub compares labels without case. */
export function sameLabel(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
