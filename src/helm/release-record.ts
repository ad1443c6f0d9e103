/** A revision of a release, as helm keeps it in a Secret of type `helm.sh/release.v1`. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: ReleaseStatus;
  /** What helm says of it, an error's text included. */
  readonly description: string;
  /** RFC 3339; empty when unknown. */
  readonly deployedAt: string;
  /** Given with `--labels`: there from the first moment, also while pending. */
  readonly labels: Readonly<Record<string, string>>;
  readonly chart: { readonly name: string; readonly version: string; readonly appVersion: string };
  /** The rendered templates, hooks excepted. */
  readonly manifest: string;
  readonly hooks: readonly ReleaseHook[];
  /** The values that the user gave. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `csa` for what helm 3 wrote, or an older helm 4. */
  readonly applyMethod: "ssa" | "csa";
}

/** A hook of a chart, as helm keeps it with the revision. */
export interface ReleaseHook {
  readonly path: string;
  readonly manifest: string;
  /** `pre-install`, `test`, …. */
  readonly events: readonly string[];
  /** The object's; left out by who writes records without it. */
  readonly name?: string;
  readonly kind?: string;
  /** Left out when it never ran. `startedAt` is RFC 3339 by the clock of whoever ran helm. */
  readonly lastRun?: { readonly startedAt: string; readonly phase: string };
}

export type ReleaseStatus =
  | "unknown"
  | "deployed"
  | "superseded"
  | "failed"
  | "uninstalled"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";
