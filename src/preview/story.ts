/** How a preview, or an environment without a pull request, stands. */
export type PreviewPhase =
  /** Its turn comes when a place is free. */
  | "queued"
  /** Somebody has to allow it first. */
  | "waiting"
  /** It stays as it is, and no run changes it: a draft, a label that is missing, destroyed on demand. */
  | "kept"
  | "deploying"
  | "ready"
  | "failed"
  | "destroying"
  /** Proven gone. */
  | "destroyed"
  /** It was to be destroyed, and something of it stands. */
  | "not-gone";

/** An image that runs, as far as it is known. */
export interface StoryImage {
  readonly name: string;
  /** Without tag and digest; empty when unknown. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…`; empty when unknown. */
  readonly digest: string;
}

/** A check of the smoke tests, in their order. */
export interface SmokeRow {
  readonly step: string;
  readonly check: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** A failure that stops nothing. */
  readonly optional: boolean;
  readonly durationMs: number;
  readonly expected: string;
  readonly seen: string;
}

/** Where it runs. Empty texts are unknown. */
export interface StoryPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly cluster: string;
  readonly clusterResourceGroup: string;
  readonly registry: string;
  readonly namespace: string;
}

export interface StoryRelease {
  readonly name: string;
  readonly revision: string;
  /** helm-deploy's word: `deployed`, `unchanged`, `rolled-back`, `failed`, … */
  readonly status: string;
  readonly appVersion: string;
}

/** Why something failed, for who reads nothing else. */
export interface StoryCause {
  /** A stable code (docs/troubleshooting.md); empty when there is none. */
  readonly code: string;
  /** What happened, and what to do, in lines. */
  readonly text: string;
  /** The step or job that failed; empty when unknown. */
  readonly step: string;
  /** Lines to copy that mend it. */
  readonly todo: readonly string[];
  /** What was said last, and by whom. */
  readonly log: { readonly title: string; readonly lines: readonly string[] } | undefined;
}

/** What a teardown left: nothing, or what of it stands. */
export interface StoryReceipt {
  /** What was done, in words without markdown: `18 resources destroyed by terraform`. */
  readonly done: readonly string[];
  /** What ARM and the cluster said when they were asked whether anything with the environment's tags is left. */
  readonly proofs: readonly string[];
  readonly standing: readonly StandingThing[];
}

/** Something of an environment that should be gone. */
export interface StandingThing {
  /** `resource group pr-12-shop`. */
  readonly what: string;
  readonly because: string;
  /** The command that mends it; undefined where time alone does. */
  readonly mend: string | undefined;
}

/** A part of the time that it took, in milliseconds since the beginning. */
export interface StoryPart {
  readonly section: string;
  readonly name: string;
  readonly failed: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The sweep of the reaper that deletes what has expired. */
export interface Sweep {
  readonly at: Date;
  /** The cron that it was computed from. */
  readonly schedule: string;
}

/**
 * All that is told of a preview: comment, check and summary are made from it. Texts may be anybody's (titles, URLs,
 * logs): who renders escapes them. Nothing secret is in it once `redactStory` has seen it.
 */
export interface PreviewStory {
  readonly phase: PreviewPhase;
  readonly now: Date;
  /** `owner/name`. */
  readonly repository: string;
  /** Such as `https://github.com`. */
  readonly serverUrl: string;
  /** Undefined for an environment without one (deploy.yml). */
  readonly pullRequest: number | undefined;
  readonly environment: string;
  /** The commit that it is about; empty when unknown. */
  readonly headSha: string;
  /** What people click on; empty until it is known. */
  readonly url: string;
  /** One sentence, without markdown: why it waits, is kept, or is destroyed. */
  readonly reason: string;
  /** Of `queued`: from 1 on. */
  readonly position: number | undefined;
  readonly expiresAt: Date | undefined;
  /** The first sweep at or after `expiresAt`. */
  readonly sweep: Sweep | undefined;
  readonly place: StoryPlace;
  readonly release: StoryRelease | undefined;
  readonly images: readonly StoryImage[];
  readonly smoke: readonly SmokeRow[];
  readonly cause: StoryCause | undefined;
  readonly receipt: StoryReceipt | undefined;
  readonly notes: readonly string[];
  readonly durationMs: number | undefined;
  readonly parts: readonly StoryPart[];
  /** Address of the run's page; empty outside of GitHub. */
  readonly runUrl: string;
  /** Whether comments are commands here: those that fit the phase are listed. */
  readonly commands: boolean;
  /** What `comment-state.ts` keeps for the next run: one HTML comment. It stands below the marker, whatever the budget. */
  readonly state: string;
}

type Known = Pick<
  PreviewStory,
  "phase" | "now" | "repository" | "serverUrl" | "pullRequest" | "environment" | "runUrl" | "state"
>;

const NOWHERE: StoryPlace = {
  subscriptionId: "",
  resourceGroup: "",
  cluster: "",
  clusterResourceGroup: "",
  registry: "",
  namespace: "",
};

/** A story of what is known; the rest is empty. */
export function beginStory(known: Known & Partial<PreviewStory>): PreviewStory {
  return {
    headSha: "",
    url: "",
    reason: "",
    position: undefined,
    expiresAt: undefined,
    sweep: undefined,
    place: NOWHERE,
    release: undefined,
    images: [],
    smoke: [],
    cause: undefined,
    receipt: undefined,
    notes: [],
    durationMs: undefined,
    parts: [],
    commands: true,
    ...known,
  };
}

/** What marks the one comment of an environment: `<!-- mayfly:preview:pr-12 -->`. */
export function markerOf(environment: string): string {
  // Two hyphens could end the comment.
  return `<!-- mayfly:preview:${encodeURIComponent(environment.toWellFormed()).replaceAll("--", "-%2D")} -->`;
}
