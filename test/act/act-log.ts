/** How a job or a step ended, as act says it; undefined where it says nothing, as for a step that a signal ended. */
export type ActResult = "success" | "failure" | "skipped" | undefined;

export interface ActAnnotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly title: string | undefined;
}

/** One stage of a step, of a job or within a composite. Steps that were skipped are not here: act does not log them. */
export interface ActStep {
  /** `Deploy`, or `Deploy › Apply` within a composite; a step without a name is called as act calls it. */
  readonly name: string;
  /** From the job's step to this one, through composites; act counts those without an id from 0, and mixes them up in posts. */
  readonly ids: readonly string[];
  readonly stage: "pre" | "main" | "post";
  /** Before continue-on-error. */
  readonly result: ActResult;
  readonly outputs: Readonly<Record<string, string>>;
  /** What it printed, masked. */
  readonly lines: readonly string[];
  readonly annotations: readonly ActAnnotation[];
  /** Not masked. */
  readonly summary: string;
  /** Whether it is made of other steps. */
  readonly composite: boolean;
}

export interface ActJob {
  /** `<workflow>/<job>`, and `<name of the calling job>/<called workflow>/<job>` of a called one, whatever is above that. */
  readonly name: string;
  readonly id: string;
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly result: ActResult;
  /** In the order in which they began. */
  readonly steps: readonly ActStep[];
}

/** What `act --json` has said of a run. */
export interface ActLog {
  /** In the order in which they began. Jobs that were skipped are not here. */
  readonly jobs: readonly ActJob[];
  /** Expressions that act could not evaluate: it goes on with nothing in their place, and success. */
  readonly complaints: readonly string[];
  /** All that it printed of the run, masked, for when a test fails. */
  readonly text: string;
}
