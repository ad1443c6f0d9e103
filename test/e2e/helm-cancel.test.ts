import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { CancelPlan } from "../runner/job.ts";
import { findHelm, listHelms, until } from "./helm-process.ts";
import { type Deployed, type HelmScene, type Major, openHelmScene } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";

const MINUTES = 60_000;
/** More processes than this only wait for each other. */
const LANES = 3;

jest.setTimeout(1 * MINUTES);

/** GitHub's seconds (7.5 and 2.5) made shorter, for a helm that takes longer than both. */
const SHORT = { interruptMs: 1_000, terminateMs: 500 };

/** What ends the step's process. */
type End = "cancel" | "a cancel that helm is slow at" | "a kill" | "a kill of helm, too";

interface Moment {
  readonly name: string;
  readonly major: Major;
  /** Values of the release that is there before; undefined for a first install. */
  readonly good?: (scene: HelmScene) => object;
  readonly values: (scene: HelmScene) => object;
  /** What helm does, and the pods by whose running it is seen to be in the middle of it. */
  readonly verb: "template" | "upgrade" | "rollback";
  readonly pods?: { readonly label: string; readonly count: number };
  readonly end: End;
  /** Revisions afterwards, newest first. */
  readonly history: readonly string[];
}

const NEVER_READY = () => ({ page: "second", probe: { httpGet: { path: "/nope", port: 8080 }, periodSeconds: 1 } });
const SHOP = "app.kubernetes.io/instance=shop";
const SLOW = "job-name=shop-slow";

/** A Job that takes longer than any test, at a hook. */
const slowAt = (hook: string) => (scene: HelmScene) => {
  const containers = [
    { name: "main", image: `${scene.image.repository}:${scene.image.tag}`, args: ["exec sleep 600"] },
  ];
  const spec = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers };
  const metadata = { name: "shop-slow", annotations: { "helm.sh/hook": hook } };
  return { extra: [{ apiVersion: "batch/v1", kind: "Job", metadata, spec: { template: { spec } } }] };
};
const first = () => ({});
const crashing = () => ({ script: "exit 3" });

const UPGRADE = {
  good: first,
  values: NEVER_READY,
  verb: "upgrade",
  pods: { label: SHOP, count: 2 },
  history: ["2 failed", "1 deployed"],
} as const;

const cancelled = (major: Major): readonly Moment[] => [
  { ...UPGRADE, name: "an upgrade whose pods never become ready", major, end: "cancel" },
  {
    ...UPGRADE,
    name: "a hook before an upgrade",
    major,
    values: slowAt("pre-upgrade"),
    pods: { label: SLOW, count: 1 },
    end: "cancel",
  },
  {
    name: "a first install",
    major,
    values: NEVER_READY,
    verb: "upgrade",
    pods: { label: SHOP, count: 1 },
    end: "cancel",
    history: ["1 failed"],
  },
  {
    name: "a rollback",
    major,
    good: slowAt("pre-rollback"),
    values: crashing,
    verb: "rollback",
    pods: { label: SLOW, count: 1 },
    end: "cancel",
    history: ["2 failed", "1 deployed"],
  },
];

const MOMENTS: readonly Moment[] = [
  ...cancelled(4),
  ...cancelled(3),
  {
    name: "a look at what the chart comes to",
    major: 4,
    good: first,
    values: NEVER_READY,
    verb: "template",
    end: "cancel",
    history: ["1 deployed"],
  },
  { ...UPGRADE, name: "an upgrade", major: 4, end: "a cancel that helm is slow at" },
  { ...UPGRADE, name: "an upgrade", major: 4, end: "a kill" },
  { ...UPGRADE, name: "an upgrade", major: 4, end: "a kill of helm, too", history: ["1 deployed"] },
];

/** The runner's own file, and the reports that stay for later steps. */
const OTHERS = /^(?:_github_workflow\/|mayfly-helm-report-)/;

interface Seen {
  readonly deployed: Deployed;
  readonly history: readonly string[];
  readonly page: string | undefined;
  /** Verbs of the helms that still ran once the job was over. */
  readonly helms: readonly string[];
}

let scene: HelmScene;
const outcomes = new Map<Moment, PromiseSettledResult<Seen>>();

beforeAll(async () => {
  scene = await openHelmScene();
  await inLanes(MOMENTS, LANES, async (moment) => {
    const [outcome] = await Promise.allSettled([playMoment(moment)]);
    outcomes.set(moment, outcome);
  });
}, 5 * MINUTES);

afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

async function playMoment(moment: Moment): Promise<Seen> {
  const { major, good, values, end } = moment;
  const namespace = await scene.space(`cancel-${MOMENTS.indexOf(moment)}`);
  if (good !== undefined) await scene.install(namespace, good(scene), major);
  const button = new AbortController();
  const signals = end === "a cancel that helm is slow at" ? SHORT : {};
  const cancel: CancelPlan = { signal: button.signal, signals };
  const inputs = { "values-yaml": JSON.stringify({ image: scene.image, ...values(scene) }) };
  const running = scene.deploy(namespace, inputs, { major, cancel });
  const over = running.then(
    () => true,
    () => true,
  );
  const pressing = press(moment, namespace, button);
  // A deployment that ends by itself tells more than that its middle never came.
  await Promise.race([pressing, over]);
  const deployed = await running;
  await pressing;
  const history = await scene.history(namespace);
  const page = good === undefined ? undefined : await scene.page(namespace);
  return { deployed, history, page, helms: listHelms(namespace).map(({ verb }) => verb) };
}

/** Waits for the middle of the work, and ends the step there. */
async function press({ verb, pods, end }: Moment, namespace: string, button: AbortController): Promise<void> {
  const helm = await findHelm(namespace, verb);
  if (pods !== undefined) {
    await until(`${pods.count} running pods ${pods.label}`, async () => {
      const choice = ["-l", pods.label, "--field-selector=status.phase=Running", "--output=name"];
      const names = await scene.cluster.kubectl("get", "pods", "--namespace", namespace, ...choice);
      return names.trim().split("\n").filter(Boolean).length === pods.count;
    });
  }
  switch (end) {
    case "cancel":
      return button.abort();
    case "a cancel that helm is slow at":
      process.kill(helm.pid, "SIGSTOP");
      button.abort();
      await sleep(SHORT.interruptMs + SHORT.terminateMs + 1_500);
      process.kill(helm.pid, "SIGCONT");
      return;
    case "a kill":
      process.kill(helm.parent, "SIGKILL");
      return;
    case "a kill of helm, too":
      process.kill(helm.parent, "SIGKILL");
      process.kill(helm.pid, "SIGKILL");
  }
}

describe.each(MOMENTS)("$end in the middle of $name, with helm $major", (moment) => {
  const seen = (): Seen => {
    const outcome = outcomes.get(moment);
    if (outcome?.status !== "fulfilled") throw outcome?.reason ?? new Error("It was not played");
    return outcome.value;
  };

  test("leaves nothing pending, and rolls nothing back", () => {
    const { history, page } = seen();
    expect(history).toEqual(moment.history);
    expect(page).toBe(moment.good === undefined ? undefined : "first");
  });

  test("leaves neither process nor file behind", () => {
    const { deployed, helms } = seen();
    expect(deployed.orphans).toEqual([]);
    expect(helms).toEqual([]);
    expect([...deployed.left.keys()].filter((path) => !OTHERS.test(path))).toEqual([]);
  });

  test("is what the job says", () => {
    const { main, post, conclusion, outputs } = seen().deployed;
    expect(post?.annotations).toEqual([]);
    if (moment.end !== "cancel") {
      expect([main.signal, conclusion]).toEqual(["SIGKILL", moment.end.startsWith("a kill") ? "failure" : "cancelled"]);
      return;
    }
    expect(conclusion).toBe("cancelled");
    expect(main.signalsSent).toEqual(["SIGINT"]);
    expect(outputs["rolled-back-to"]).toBe("");
    if (moment.verb !== "rollback") expect(outputs).toMatchObject({ status: "cancelled", "error-code": "cancelled" });
  });
});
