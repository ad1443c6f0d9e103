import type { Evidence, Phase, ReleaseStory, Story, TakenSmoke } from "./story.ts";
import type { World } from "./world.ts";

/** Keeps what is told of a run. */
export interface Teller {
  /** Tells of the release that is worked on. */
  tell(change: Partial<ReleaseStory>): void;
  begin(release: Pick<ReleaseStory, "name" | "namespace" | "chart">): void;
  fail(failure: Story["failure"]): void;
  keep(evidence: Evidence): void;
  smoke(taken: TakenSmoke): void;
  report(paths: Story["reports"]): void;
  /** A sentence on something that was looked after: in the log and the summary. */
  note(sentence: string): void;
  /** Does a part of the work, and notes its time. */
  phase<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds since the step began. */
  elapsed(): number;
  release(): ReleaseStory;
  story(): Story;
}

/** A release of which nothing is known yet. */
export const NEW: ReleaseStory = {
  name: "",
  namespace: "",
  chart: "",
  status: "running",
  revision: undefined,
  previous: undefined,
  rolledBackTo: undefined,
  appVersion: "",
  chartVersion: "",
  plan: undefined,
  causes: [],
  parts: [],
  readyMs: undefined,
  images: {},
  url: undefined,
  urlReport: undefined,
  expiresAt: undefined,
  namespaceDeleted: undefined,
};

/** Begins to keep what is told of a run; `startedAt` is the moment by the world's clock that never jumps. */
export function createTeller(
  facts: Pick<Story, "helm" | "cluster" | "runUrl" | "startedAt">,
  world: Pick<World, "monotonic" | "log" | "redact">,
  startedAt: number,
): Teller {
  let releases: readonly ReleaseStory[] = [];
  let phases: readonly Phase[] = [];
  let notes: readonly string[] = [];
  let failure: Story["failure"];
  let evidence: Evidence | undefined;
  let smokes: readonly TakenSmoke[] = [];
  let reports: Story["reports"];
  const elapsed = (): number => world.monotonic() - startedAt;
  const release = (): ReleaseStory => releases.at(-1) ?? NEW;
  return {
    begin: (named) => {
      releases = [...releases, { ...NEW, ...named }];
    },
    tell: (change) => {
      releases = [...releases.slice(0, -1), { ...release(), ...change }];
    },
    fail: (told) => {
      failure = told;
    },
    keep: (kept) => {
      evidence = kept;
    },
    smoke: (taken) => {
      smokes = [...smokes, taken];
    },
    report: (paths) => {
      reports = paths;
    },
    note: (sentence) => {
      world.log.info(world.redact(sentence));
      notes = [...notes, sentence];
    },
    phase: async (name, work) => {
      const fromMs = elapsed();
      try {
        return await work();
      } finally {
        phases = [...phases, { name, fromMs, toMs: elapsed() }];
      }
    },
    elapsed,
    release,
    story: () => ({ ...facts, releases, phases, notes, failure, evidence, smokes, reports }),
  };
}
