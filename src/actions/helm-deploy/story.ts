import type { ReleasePlan } from "../../helm/plan.ts";
import type { Cause } from "../../rollout/cause.ts";
import type { TrackedPart } from "../../rollout/track-rollout.ts";
import type { SmokeResult } from "../../smoke/result.ts";

/** What became of one release. */
export interface ReleaseStory {
  readonly name: string;
  readonly namespace: string;
  /** Name and version; empty until it is known. */
  readonly chart: string;
  readonly status:
    | "running"
    | "deployed"
    | "unchanged"
    | "uninstalled"
    | "planned"
    | "rolled-back"
    | "failed"
    | "cancelled";
  readonly revision: number | undefined;
  readonly previous: number | undefined;
  readonly rolledBackTo: number | undefined;
  readonly appVersion: string;
  readonly chartVersion: string;
  readonly plan: ReleasePlan | undefined;
  readonly causes: readonly Cause[];
  readonly parts: readonly TrackedPart[];
  /** Milliseconds from helm's start until everything was ready. */
  readonly readyMs: number | undefined;
  /** Image to digest. */
  readonly images: Readonly<Record<string, string>>;
  /** Where it is reached; undefined where nothing says so. */
  readonly url: string | undefined;
  /** Path of the report on it; undefined where it was not asked. */
  readonly urlReport: string | undefined;
  /** When its namespace ends, as the namespace has it; undefined for one without an end. */
  readonly expiresAt: string | undefined;
  /** Whether its namespace is gone; undefined where nobody asked for that. */
  readonly namespaceDeleted: boolean | undefined;
}

export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the step has to tell. */
export interface Story {
  /** By the machine's clock: the phases' milliseconds count from here. */
  readonly startedAt: Date;
  readonly helm: string;
  readonly cluster: string;
  readonly releases: readonly ReleaseStory[];
  readonly phases: readonly Phase[];
  readonly notes: readonly string[];
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly evidence: Evidence | undefined;
  readonly smokes: readonly TakenSmoke[];
  /** Paths of the smoke test's reports. */
  readonly reports: { readonly junit: string; readonly json: string } | undefined;
  readonly runUrl: string;
}

/** A smoke test that was taken of a release. */
export interface TakenSmoke {
  readonly title: string;
  readonly result: SmokeResult;
}

/** What was kept of a rollout for a look afterwards. */
export interface Evidence {
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}
