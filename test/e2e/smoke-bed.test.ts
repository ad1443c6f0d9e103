import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { publish } from "./nats-messages.ts";
import { type Installed, openSmokeScene, type SmokeScene } from "./smoke-scene.ts";
import { until } from "./until.ts";

jest.setTimeout(180_000);

let scene: SmokeScene;

beforeAll(async () => {
  scene = await openSmokeScene();
});

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

const ask = async (app: Installed, ...words: readonly string[]): Promise<string> =>
  (await scene.cluster.kubectl(...words, `--namespace=${app.namespace}`)).trim();

test("a task becomes a Job, the Job completes, its result is acknowledged, and nothing runs any more", async () => {
  const app = await scene.deployApp("queue-workers", { keda: true });
  const task = { jsonrpc: "2.0", id: "t1", method: "upper", params: { text: "hello" } };
  await publish(scene.nats, [[`${app.release}.tasks`, task]]);
  const selected = `--selector=scaledjob.keda.sh/name=${app.release}-worker`;
  const status = "-o=jsonpath={range .items[*]}{.status.succeeded}/{.status.active}{end}";
  await until(async () => (await ask(app, "get", "jobs", selected, status)) === "1/");
  expect(await ask(app, "logs", "--selector", `app.kubernetes.io/instance=${app.release}`)).toBe(
    "task t1: upper\ntask t1: done",
  );
  const active = '-o=jsonpath={.status.conditions[?(@.type=="Active")].status}';
  await until(async () => (await ask(app, "get", "scaledjob", `${app.release}-worker`, active)) === "False");
});

test("the web server says which build it is", async () => {
  const app = await scene.put("web");
  const address = await ask(app, "get", "service", app.release, "-o=jsonpath={.spec.clusterIP}");
  const answer = await until(() => fetch(`http://${address}/status.json`).catch(() => undefined));
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.json()).toEqual({ status: "ok", version: "1.0" });
});

test("the agent tells its gauges", async () => {
  const app = await scene.put("metrics-agent");
  const address = await ask(app, "get", "service", app.release, "-o=jsonpath={.spec.clusterIP}");
  const answer = await until(() => fetch(`http://${address}:9100/metrics`).catch(() => undefined));
  expect(await answer.text()).toMatch(/^agent_up 1\n(?:.*\n)*agent_heartbeat_timestamp_seconds \d+\n$/m);
});
