import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { withToken } from "../github/job-token.ts";
import type { SignalTimes, Step } from "../runner/job.ts";
import { findHelm, listHelms, until } from "./helm-process.ts";
import { type HelmScene, openHelmScene, TOKEN } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";
import { isRunning } from "./look-around.ts";
import { readJunit, readReportFile, readSmokePlay, type SmokePlay, withCluster } from "./smoke-play.ts";
import { WAITING_APP, WAITING_SPEC } from "./smoke-waiting.ts";
import { findStep } from "./step-process.ts";

const MINUTES = 60_000;
/** More processes than this only wait for each other. */
const LANES = 3;
/** From SIGINT until GitHub sends SIGTERM. */
const INTERRUPT_MS = 7_500;

jest.setTimeout(1 * MINUTES);

interface Moment {
  readonly name: string;
  /** What ends the step: the runner, as GitHub's does with a cancel, or somebody who sends one signal. */
  readonly by: "cancel" | "SIGTERM" | "SIGKILL";
  /** GitHub's where left out. */
  readonly signals?: SignalTimes;
  readonly sent: readonly NodeJS.Signals[];
}

/** Checks wait for all that there is to wait for. */
const WAITING: readonly Moment[] = [
  { name: "a cancel of the job", by: "cancel", sent: ["SIGINT"] },
  {
    name: "a cancel by a runner in a hurry",
    by: "cancel",
    signals: { interruptMs: 1, terminateMs: 7_500 },
    sent: ["SIGINT", "SIGTERM"],
  },
  { name: "a machine that shuts down", by: "SIGTERM", sent: [] },
];
const KILLED: Moment = { name: "a kill", by: "SIGKILL", sent: [] };

const FIRST = JSON.stringify({
  apiVersion: "mayfly/v1alpha1",
  kind: "SmokeTest",
  metadata: { name: "first" },
  spec: { timeout: "3s", steps: [{ name: "one", try: [{ http: { url: "service://shop:80/", body: "first\n" } }] }] },
});

/** A Job that takes longer than any test, before a rollback. */
const slowRollback = (): object => {
  const { repository, tag } = scene.image;
  const containers = [{ name: "main", image: `${repository}:${tag}`, args: ["exec sleep 600"] }];
  const spec = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers };
  const metadata = { name: "shop-slow", annotations: { "helm.sh/hook": "pre-rollback" } };
  return { extra: [{ apiVersion: "batch/v1", kind: "Job", metadata, spec: { template: { spec } } }] };
};

interface Seen {
  readonly play: SmokePlay;
  /** From the end of the waiting until the step was over. */
  readonly tookMs: number;
}

/** After a rollback that did not come to its end. */
interface Back extends Seen {
  readonly history: readonly string[];
  readonly page: string;
  /** How many helms there still are. */
  readonly helms: number;
}

let scene: HelmScene;
let namespace: string;
const waited = new Map<Moment, Seen>();
const backs = new Map<Moment["by"], Back>();
let deployed: Seen & { readonly history: readonly string[]; readonly page: string; readonly marks: readonly string[] };

beforeAll(async () => {
  scene = await openHelmScene();
  namespace = await scene.space("smoke-cancel");
  await scene.install(namespace, { script: WAITING_APP });
  const plays: readonly (() => Promise<unknown>)[] = [
    ...(["cancel", "SIGKILL"] as const).map((by) => async () => {
      backs.set(by, await playRollback(by));
    }),
    async () => {
      deployed = await playDeployment();
    },
    ...[...WAITING, KILLED].map((moment, index) => async () => {
      waited.set(moment, await playWaiting(moment, index));
    }),
  ];
  await inLanes(plays, LANES, (play) => play());
}, 5 * MINUTES);

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** Takes a smoke test, and ends it once it is in the middle of its work. */
async function play(
  inputs: NonNullable<Step["with"]>,
  uses: string,
  { by, signals = {}, mark = "" }: Pick<Moment, "by" | "signals"> & { readonly mark?: string },
  middle: () => Promise<unknown>,
): Promise<Seen> {
  const workspace = await scene.workspace({ "waits.yaml": WAITING_SPEC, "first.yaml": FIRST });
  const button = new AbortController();
  let endedAt = Number.NaN;
  let overAt = Number.NaN;
  const job = {
    ...scene.base,
    ...withCluster(scene),
    permissions: { "id-token": "write", actions: "read" },
    workspace,
    steps: [{ id: "smoke", uses: `$/actions/${uses}`, with: inputs }],
    cancel: { signal: button.signal, signals },
    onLine: ({ stage }: { readonly stage: string }) => {
      if (stage === "post" && Number.isNaN(overAt)) overAt = performance.now();
    },
  };
  const running = scene.play(withToken(scene.azure.githubApi, job));
  const pressing = middle().then(() => {
    endedAt = performance.now();
    if (by === "cancel") return button.abort();
    process.kill(findStep(uses, mark) ?? Number.NaN, by);
  });
  // A step that ends by itself tells more than that its middle never came.
  await Promise.race([pressing, running]);
  const ended = readSmokePlay(await running, workspace);
  if (Number.isNaN(endedAt)) {
    void pressing.catch(() => {});
    throw new Error(`The step ended before its middle came:\n${ended.text}`);
  }
  return { play: ended, tookMs: overAt - endedAt };
}

async function playWaiting(moment: Moment, index: number): Promise<Seen> {
  const mark = `mark-${index}`;
  const seconds = 6_100 + index;
  for (const name of [mark, `${mark}-later`]) {
    await scene.cluster.kubectl("create", "configmap", name, `--namespace=${namespace}`);
  }
  const inputs = { spec: "waits.yaml", namespace, variables: `mark=${mark}\nseconds=${seconds}` };
  const middle = () => until(`sleep ${seconds}`, async () => isRunning(`sleep ${seconds}`));
  return play(inputs, "smoke-test", { ...moment, mark: `mark=${mark}\n` }, middle);
}

async function playRollback(by: Moment["by"]): Promise<Back> {
  const own = await scene.space(`smoke-back-${by.toLowerCase()}`);
  await scene.install(own, slowRollback());
  await scene.install(own, { page: "second" });
  const inputs = { spec: "first.yaml", namespace: own, release: "shop", "on-failure": "rollback" };
  const seen = await play(inputs, "smoke-test", { by, mark: own }, async () => {
    await findHelm(own, "rollback");
    await untilRunning(own, "job-name=shop-slow");
  });
  const [history, page] = [await scene.history(own), await scene.page(own)];
  return { ...seen, history, page, helms: listHelms(own).length };
}

async function playDeployment() {
  const own = await scene.space("smoke-deployed");
  await scene.install(own, {});
  const values = JSON.stringify({ image: scene.image, script: WAITING_APP, page: "second" });
  const smoke = { smoke: "waits.yaml", "smoke-variables": "mark=mark\nseconds=6200" };
  const inputs = { chart: "shop", release: "shop", namespace: own, "values-yaml": values, ...smoke, ...TOKEN };
  await scene.cluster.kubectl("create", "configmap", "mark", `--namespace=${own}`);
  const middle = () => until("sleep 6200", async () => isRunning("sleep 6200"));
  const seen = await play(inputs, "helm-deploy", { by: "cancel" }, middle);
  return { ...seen, history: await scene.history(own), page: await scene.page(own), marks: await listMarks(own) };
}

function untilRunning(own: string, label: string): Promise<void> {
  const choice = ["-l", label, "--field-selector=status.phase=Running", "--output=name"];
  return until(`a running pod ${label}`, async () => {
    return (await scene.cluster.kubectl("get", "pods", "--namespace", own, ...choice)).trim() !== "";
  });
}

async function listMarks(of: string): Promise<readonly string[]> {
  const text = await scene.cluster.kubectl("get", "configmaps", `--namespace=${of}`, "--output=name");
  return text.split("\n").map((line) => line.replace("configmap/", ""));
}

/** The runner's own file, and the reports that stay for later steps. */
const OTHERS = /^(?:_github_workflow\/|mayfly-(?:smoke|helm)-report-)/;
const leftOf = ({ left }: SmokePlay): readonly string[] => [...left.keys()].filter((path) => !OTHERS.test(path));
const get = (moment: Moment): Seen => {
  const seen = waited.get(moment);
  if (seen === undefined) throw new Error("It was not played");
  return seen;
};

describe.each(WAITING)("$name, while checks wait", (moment) => {
  test("takes away what the spec wants to be taken away, and nothing of a step that was not begun", async () => {
    const mark = `mark-${WAITING.indexOf(moment)}`;
    const marks = await listMarks(namespace);
    expect([marks.includes(mark), marks.includes(`${mark}-later`)]).toEqual([false, true]);
  });

  test("ends the step long before the runner would kill it", () => {
    const { play: ended, tookMs } = get(moment);
    expect(tookMs).toBeLessThan(INTERRUPT_MS);
    expect(ended.main.signalsSent).toEqual(moment.sent);
    expect(ended.main.exitCode).toBe(1);
    expect(ended.conclusion).toBe(moment.by === "cancel" ? "cancelled" : "failure");
  });

  test("is told, with what was done until then", async () => {
    const { play: ended } = get(moment);
    expect(ended.outputs).toMatchObject({ "error-code": "cancelled", passed: "3", "rolled-back-to": "" });
    expect(ended.main.summary).toMatch(/^### Smoke test: 🚫 cancelled, /);
    const { cases } = await readJunit(readReportFile(ended, "smoke.xml"));
    expect(cases.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "is there passed",
      ...["command", "forwarded", "proxied", "watched", "logged"].map((name) => `${name} failed`),
      "after skipped",
      `delete ConfigMap/mark-${WAITING.indexOf(moment)} passed`,
      "still answers passed",
      "later skipped",
    ]);
    expect(readReportFile(ended, "smoke.json")).toContain("the job was cancelled");
  });

  test("leaves neither process nor file behind", () => {
    const { play: ended } = get(moment);
    expect(ended.orphans).toEqual([]);
    expect(leftOf(ended)).toEqual([]);
    expect(ended.post?.annotations).toEqual([]);
  });
});

describe("a kill, while checks wait", () => {
  test("takes nothing away, writes nothing, and leaves neither process nor file behind", async () => {
    const { play: ended } = get(KILLED);
    expect([ended.main.signal, ended.conclusion]).toEqual(["SIGKILL", "failure"]);
    expect(await listMarks(namespace)).toEqual(expect.arrayContaining(["mark-3", "mark-3-later"]));
    expect([...ended.left.keys()].filter((path) => !path.startsWith("_github_workflow/"))).toEqual([]);
    expect(ended.orphans).toEqual([]);
    expect(ended.post?.annotations).toEqual([]);
  });
});

describe.each(["cancel", "SIGKILL"] as const)("a %s while a release goes back", (by) => {
  const of = (): Back => {
    const back = backs.get(by);
    if (back === undefined) throw new Error("It was not played");
    return back;
  };

  test("leaves nothing pending, and neither helm nor file behind", () => {
    const { history, page, helms, play: ended } = of();
    expect(history).toEqual(["2 deployed", "1 superseded"]);
    expect([page, helms, ended.orphans, leftOf(ended)]).toEqual(["second", 0, [], []]);
    expect(ended.post?.annotations).toEqual([]);
  });

  test("is what the job says", async () => {
    const { play: ended, tookMs } = of();
    if (by === "SIGKILL") {
      expect([ended.main.signal, ended.conclusion]).toEqual(["SIGKILL", "failure"]);
      return;
    }
    expect(ended.conclusion).toBe("cancelled");
    expect(tookMs).toBeLessThan(INTERRUPT_MS);
    const outputs = { "error-code": "cancelled", failed: "1", "rolled-back-to": "", "passed-after-rollback": "" };
    expect(ended.outputs).toMatchObject(outputs);
    expect((await readJunit(readReportFile(ended, "smoke.xml"))).counts).toMatchObject({ tests: 1, failures: 1 });
  });
});

describe("a cancel during the smoke test of a deployment", () => {
  test("leaves the release as it is, which does not count as deployed", async () => {
    expect(deployed.history).toEqual(["2 deployed", "1 superseded"]);
    expect(deployed.page).toBe("second");
    expect(deployed.play.outputs).toMatchObject({
      ...{ status: "cancelled", "error-code": "cancelled", "rolled-back-to": "" },
      "smoke-junit-path": expect.stringMatching(/smoke\.xml$/),
    });
    expect(deployed.marks).not.toContain("mark");
  });

  test("is told in time, and leaves neither process nor file behind", () => {
    expect(deployed.tookMs).toBeLessThan(INTERRUPT_MS);
    expect([deployed.play.conclusion, deployed.play.orphans]).toEqual(["cancelled", []]);
    expect(leftOf(deployed.play)).toEqual([]);
  });
});
