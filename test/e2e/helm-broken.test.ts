import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { BROKEN, type BrokenChart } from "./helm-broken-charts.ts";
import { removePolicies } from "./helm-policies.ts";
import { type Deployed, type HelmScene, type Major, openHelmScene } from "./helm-scene.ts";
import { asPusher } from "./image-scene.ts";
import { inLanes } from "./lanes.ts";

const MINUTES = 60_000;
/** More processes than this only wait for each other. */
const LANES = 4;

jest.setTimeout(1 * MINUTES);

/** A chart, and the helm that deploys it. */
interface Play {
  readonly name: string;
  readonly broken: BrokenChart;
  readonly major: Major;
}

/** All of them, unless the environment names one. */
const PLAYS: readonly Play[] = BROKEN.flatMap((broken) =>
  (broken.majors ?? [4]).map((major) => ({ broken, major, name: `${broken.name} (helm ${major})` })),
).filter(({ name }) => name.includes(process.env["MAYFLY_CHART"] ?? ""));

/** What became of a chart that was deployed over a release that works. */
interface Seen {
  readonly namespace: string;
  readonly preflight: Deployed | undefined;
  readonly historyAfterPreflight: readonly string[];
  readonly deployed: Deployed;
  readonly history: readonly string[];
  readonly podsBefore: readonly string[];
  readonly pods: readonly string[];
  readonly page: string;
  /** Milliseconds from the kubelet's report of a pull that failed until its cause stood in the log. */
  readonly toldAfterReport: number;
}

let scene: HelmScene;
const outcomes = new Map<string, PromiseSettledResult<Seen>>();

beforeAll(async () => {
  scene = await openHelmScene();
  await scene.push(scene.registry, "team/shop", "1");
  await scene.push(scene.foreign, "team/shop", "1");
  await inLanes(PLAYS, LANES, async (play) => {
    const [outcome] = await Promise.allSettled([playOver(play)]);
    outcomes.set(play.name, outcome);
  });
}, 8 * MINUTES);

afterAll(async () => {
  await removePolicies(
    scene,
    [...outcomes.values()].flatMap((one) => (one.status === "fulfilled" ? [one.value.namespace] : [])),
  );
  await scene[Symbol.asyncDispose]();
});

async function playOver(play: Play): Promise<Seen> {
  const { broken, major } = play;
  const { good = {}, arrange, timeout = "60s" } = broken;
  const namespace = await scene.space(`broken-${PLAYS.indexOf(play)}`);
  await scene.install(namespace, good, major);
  await arrange?.(scene, namespace);
  const podsBefore = await scene.pods(namespace);
  const given = typeof broken.values === "function" ? broken.values(scene) : broken.values;
  const inputs = { "values-yaml": JSON.stringify({ image: scene.image, ...given }), timeout };
  const env = { KUBECONFIG: scene.cluster.kubeconfig, MAYFLY_AKS_CLUSTER: scene.aks.id };
  const preflight =
    broken.preflight === undefined
      ? undefined
      : await scene.deploy(namespace, { ...inputs, ...asPusher(scene.team) }, { env, major });
  const historyAfterPreflight = await scene.history(namespace);
  const times: Record<string, number> = {};
  const onLine = ({ text }: { readonly text: string }): void => {
    if (/^\[\d+s\] shop: /.test(text)) times["began"] ??= Date.now();
    if (text.startsWith(`${broken.cause}: `)) times["told"] ??= Date.now();
  };
  const deployed = await scene.deploy(namespace, { ...inputs, preflight: "none" }, { onLine, major });
  const [history, pods, page] = await Promise.all([
    scene.history(namespace),
    scene.pods(namespace),
    scene.page(namespace),
  ]);
  const [refused = Number.NaN] = await readPullFaults(namespace);
  const told = (times["told"] ?? Number.NaN) - (times["began"] ?? Number.NaN);
  say(
    `${play.name}: ${Number.isNaN(told) ? "" : `told after ${(told / 1_000).toFixed(1)} s, `}all of it ${deployed.outputs["duration-ms"]} ms`,
  );
  const toldAfterReport = (times["told"] ?? Number.NaN) - refused;
  return { namespace, preflight, historyAfterPreflight, deployed, history, podsBefore, pods, page, toldAfterReport };
}

/** When the kubelet told of pulls that failed: whole seconds, in the milliseconds of `Date.now()`. */
async function readPullFaults(namespace: string): Promise<readonly number[]> {
  const text = await scene.cluster.kubectl("get", "events", "-n", namespace, "--output=json");
  const { items } = JSON.parse(text) as {
    readonly items: readonly { readonly message: string; readonly firstTimestamp: string }[];
  };
  return items
    .filter(({ message }) => message.startsWith("Failed to pull image"))
    .map(({ firstTimestamp }) => Date.parse(firstTimestamp))
    .sort((one, other) => one - other);
}

const say = (line: string) => process.stderr.write(`  ${line}\n`);

function seen(name: string): Seen {
  const outcome = outcomes.get(name);
  if (outcome?.status !== "fulfilled") throw outcome?.reason ?? new Error(`${name} was not played`);
  return outcome.value;
}

describe.each(PLAYS)("$name", ({ name: play, broken }) => {
  test("is told as its cause", () => {
    const { deployed } = seen(play);
    expect([deployed.conclusion, deployed.main.exitCode]).toEqual(["failure", 1]);
    expect(deployed.outputs["error-code"]).toBe(broken.error);
    expect(deployed.outputs["cause-code"]).toBe(broken.cause ?? "");
    expect(deployed.says).toMatch(broken.says);
    const titles = broken.ends === "stuck" ? ["Not rolled back", "Helm deploy failed"] : ["Helm deploy failed"];
    expect(deployed.errors.map(({ title }) => title)).toEqual(titles);
    expect(deployed.errors.at(-1)?.message).toMatch(broken.tells ?? "");
    expect(deployed.summary).toContain(deployed.says);
    // Nobody waits for helm's timeout where the cluster tells that it would be in vain.
    if (broken.timeout === undefined) expect(Number(deployed.outputs["duration-ms"])).toBeLessThan(45_000);
  });

  test("leaves the release that works as it was", () => {
    const { deployed, history, pods, podsBefore, page } = seen(play);
    expect(page).toBe("first");
    const { ends = "back" } = broken;
    if (ends === "unsent") return expect(history).toEqual(["1 deployed"]);
    if (ends !== "replaced") expect(pods).toEqual(podsBefore);
    if (ends === "stuck") {
      expect(deployed.outputs).toMatchObject({ status: "failed", revision: "3", "rolled-back-to": "" });
      return expect(history).toEqual(["3 failed", "2 superseded", "1 deployed"]);
    }
    const broke = ends === "back" ? ["2 failed"] : ["2 failed", "2 superseded"];
    expect(broke).toContain(history[1]);
    expect([history[0], history[2]]).toEqual(["3 deployed", "1 superseded"]);
    const back = { status: "rolled-back", revision: "3", "rolled-back-to": "1", "previous-revision": "1" };
    expect(deployed.outputs).toMatchObject(back);
  });

  test("leaves evidence behind", () => {
    const { deployed } = seen(play);
    if (broken.ends === "unsent") return expect(deployed.outputs["evidence-path"] ?? "").toBe("");
    expect(deployed.outputs["evidence-path"]).toMatch(/\/mayfly-helm-report-[^/]+\/shop$/);
    expect([...deployed.evidence.keys()]).toEqual(expect.arrayContaining(["events.txt", "states.txt"]));
    const [name = /./, content = /./] = broken.keeps ?? [];
    const found = [...deployed.evidence].filter(([file]) => name.test(file)).map(([, text]) => text);
    expect(found.join("\n")).toMatch(content);
  });

  if (broken.cause?.startsWith("image-pull/")) {
    test("is told soon after the kubelet's report", () => {
      const { toldAfterReport } = seen(play);
      say(`${play}: told ${toldAfterReport} ms after the kubelet`);
      // A third of its timeout: nobody waits for that. Alone on the machine it takes a second or two.
      expect(toldAfterReport).toBeLessThan(20_000);
    });
  }

  if (broken.preflight !== undefined) {
    test("is found before anything is changed", () => {
      const { preflight, historyAfterPreflight } = seen(play);
      expect([preflight?.conclusion, preflight?.main.exitCode]).toEqual(["failure", 1]);
      expect(preflight?.outputs["error-code"]).toBe(broken.preflight);
      expect(preflight?.says).toBe("Nothing was changed.");
      expect(historyAfterPreflight).toEqual(["1 deployed"]);
    });
  }
});
