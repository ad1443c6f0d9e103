import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { SmokeReport } from "../../src/smoke/report/json.ts";
import { inLanes } from "./lanes.ts";
import type { AppName } from "./smoke-apps.ts";
import { MUTATIONS, type Mutation } from "./smoke-mutations.ts";
import { readJunit, readReportFile } from "./smoke-play.ts";
import { type Installed, openSmokeScene, type Smoked, type SmokeScene } from "./smoke-scene.ts";

const MINUTES = 60_000;
/** Most of a play is waiting. */
const LANES = 5;
/** From when all is reported until the process has ended, with its start: a busy machine takes seconds for that. */
const MOST_AROUND_MS = 20_000;

jest.setTimeout(1 * MINUTES);

/** A play of one of the example specs. */
interface Seen {
  readonly smoked: Smoked;
  readonly report: SmokeReport;
}

const whole = new Map<AppName, Seen>();
const broken = new Map<string, Seen>();
let scene: SmokeScene;

beforeAll(async () => {
  scene = await openSmokeScene();
  // KEDA comes with the first of those that need it.
  const queue = scene.deployApp("queue-workers", { keda: true });
  queue.catch(() => {});
  const takeWhole = async (installing: Promise<Installed>): Promise<void> => {
    const app = await installing;
    whole.set(app.name, read(await scene.smoke(app)));
    await leave(app);
  };
  const breakOne = async (mutation: Mutation): Promise<void> => {
    if (mutation.app === "queue-workers") await queue;
    broken.set(mutation.name, await take(mutation));
  };
  const [alone, beside] = partition(MUTATIONS, ({ undo }) => undo !== undefined);
  const [late, soon] = partition(beside, ({ app }) => app === "queue-workers");
  const plays = [
    () => takeWhole(scene.put("web")),
    () => takeWhole(scene.put("metrics-agent")),
    ...soon.map((each) => () => breakOne(each)),
    () => takeWhole(queue),
    ...late.map((each) => () => breakOne(each)),
  ];
  await inLanes(plays, LANES, (play) => play());
  // Each of them disturbs one app.
  await inLanes(alone, new Set(alone.map(({ app }) => app)).size, breakOne);
}, 8 * MINUTES);

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
}, 1 * MINUTES);

/** Breaks one thing, and takes the app's spec. */
async function take(mutation: Mutation): Promise<Seen> {
  const { app: name, values = {}, break: listCommands, undo = [], fails } = mutation;
  const { check, also = [] } = fails;
  // Until a web server listens its probe is refused, of which Kubernetes warns: that is over where calm is looked for.
  const wait = listCommands !== undefined || fails.step === "stays calm";
  const app = await scene.put(name, { values, wait });
  try {
    for (const command of listCommands?.(app) ?? []) await scene.cluster.kubectl(...command);
    return read(await scene.smoke(app, { hopeless: [check, ...also] }));
  } finally {
    for (const command of undo) await scene.cluster.kubectl(...command);
    await leave(app);
  }
}

function partition<T>(all: readonly T[], isFirst: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))];
}

/** What an app's pods come from. */
const WORKLOADS: Readonly<Record<AppName, string>> = {
  web: "deployments",
  "metrics-agent": "daemonsets",
  "queue-workers": "scaledjobs.keda.sh,jobs",
};

/** What goes on working would take the others' time. The namespace ends with the cluster: to empty it asks for every kind. */
async function leave({ name, namespace }: Installed): Promise<void> {
  await scene.cluster.kubectl("delete", WORKLOADS[name], "--all", "-n", namespace, "--wait=false");
}

function read(smoked: Smoked): Seen {
  const files = smoked.left;
  return { smoked, report: JSON.parse(readReportFile({ files }, "smoke.json")) };
}

/** `step: check` of all checks that came out so. */
function listOf({ report }: Seen, outcome: "passed" | "skipped"): readonly string[] {
  return report.tests.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.checks.filter((check) => check.outcome === outcome).map((check) => `${step.name}: ${check.name}`),
    ),
  );
}

/** Each check that has failed, with what it saw. */
function tellFailed({ report }: Seen): readonly string[] {
  return report.tests.flatMap(({ steps }) =>
    steps.flatMap(({ name, checks }) =>
      checks.filter(({ outcome }) => outcome === "failed").map((check) => `${name}: ${check.name}: ${check.seen}`),
    ),
  );
}

/** How long the process was there besides its work: what it does not let go of holds it. */
function measureAround({ smoked: { smoke } }: Seen): number {
  return smoke.durationMs - Number(smoke.outputs["duration-ms"]);
}

describe.each(["web", "queue-workers", "metrics-agent"] as const)("the example %s", (name) => {
  test("passes where all is as it should be", async () => {
    const seen = whole.get(name);
    if (seen === undefined) throw new Error(`${name} was not taken`);
    expect([tellFailed(seen), listOf(seen, "skipped"), seen.smoked.errors]).toEqual([[], [], []]);
    expect(seen.smoked.smoke.outcome).toBe("success");
    const passed = listOf(seen, "passed");
    expect(passed.length).toBeGreaterThanOrEqual(10);
    expect(seen.smoked.smoke.outputs).toMatchObject({ passed: String(passed.length), failed: "0", skipped: "0" });
    const junit = await readJunit(readReportFile({ files: seen.smoked.left }, "smoke.xml"));
    expect(junit.counts).toEqual({ tests: passed.length, failures: 0, skipped: 0 });
    expect(measureAround(seen)).toBeLessThan(MOST_AROUND_MS);
  });
});

test("the cold start of the workers is measured", () => {
  const took = Number(whole.get("queue-workers")?.smoked.smoke.outputs["cold-start-ms"]);
  expect(took).toBeGreaterThan(500);
  expect(took).toBeLessThan(60_000);
});

test("each example is broken in several ways", () => {
  const counts = Map.groupBy(MUTATIONS, ({ app }) => app);
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(20);
  for (const [, mutations] of counts) expect(mutations.length).toBeGreaterThanOrEqual(5);
});

describe("where one thing is broken", () => {
  test.each(MUTATIONS)("$app: $name", async ({ name, fails: { step, check, also = [] }, says }) => {
    const seen = broken.get(name);
    if (seen === undefined) throw new Error(`${name} was not taken`);
    const wanted = [check, ...also].map((each) => `${step}: ${each}: `).toSorted();
    expect(tellFailed(seen).toSorted()).toEqual(wanted.map((each) => expect.stringContaining(each)));
    const checks = seen.report.tests.flatMap(({ steps }) => steps.flatMap((each) => each.checks));
    expect(checks.find((each) => each.name === check && each.outcome === "failed")?.seen).toMatch(says);
    // What comes after it is not tried.
    const [first] = seen.report.tests.map(({ steps }) => steps.findIndex((each) => each.name === step));
    const outcomes = seen.report.tests.flatMap(({ steps }) => steps.map(({ outcome }) => outcome));
    const after = outcomes.length - (first ?? 0) - 1;
    expect(outcomes).toEqual([...Array(first).fill("passed"), "failed", ...Array(after).fill("skipped")]);
    expect(seen.smoked.smoke.outcome).toBe("failure");
    expect(seen.smoked.errors.some(({ message, line }) => message.includes(check) && line !== undefined)).toBe(true);
    const junit = await readJunit(readReportFile({ files: seen.smoked.left }, "smoke.xml"));
    expect(junit.counts.failures).toBe(wanted.length);
    expect(measureAround(seen)).toBeLessThan(MOST_AROUND_MS);
  });
});
