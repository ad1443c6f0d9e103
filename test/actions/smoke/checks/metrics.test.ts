import { beforeEach, describe, expect, test } from "@jest/globals";
import { metricsChecker } from "../../../../src/actions/smoke/checks/metrics.ts";
import type { HttpAnswer } from "../../../../src/actions/smoke/world.ts";
import type { Metrics } from "../../../../src/smoke/spec/checks/metrics.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, type Scene } from "../fake/world.ts";
import { podRef, putService, SERVICE } from "./shop-service.ts";

const TEXT = `# HELP up Whether it is up.
# TYPE up gauge
up{job="api",zone="1"} 1
up{job="api",zone="2"} 0
queue_depth 7
queue_depth_bytes NaN
`;
let scene: Scene;
let world: FakeWorld;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
  answer({ body: TEXT });
});

const look = (samples: Metrics["samples"], given: Partial<Metrics> = {}) =>
  lookOnce(metricsChecker, { url: "http://agent.example:9153/metrics", ...given, samples }, createScope(scene, world));

function answer(given: Partial<HttpAnswer>): void {
  scene.network.answers.http = () => given;
}

describe("metrics", () => {
  test.each<[string, Metrics["samples"], string]>([
    ["one that is there", [{ name: "queue_depth" }], "queue_depth 7"],
    ["a value", [{ name: "queue_depth", value: { ">": 0, "<=": 7 } }], "queue_depth 7"],
    ["labels, among others", [{ name: "up", labels: { zone: "1" }, value: 1 }], 'up{job="api",zone="1"} 1'],
    [
      "several",
      [
        { name: "queue_depth", value: 7 },
        { name: "up", labels: { zone: "2" }, value: 0 },
      ],
      "queue_depth 7",
    ],
  ])("hold: %s", async (_, samples, seen) => {
    expect(await look(samples)).toMatchObject({ state: "holds", seen: expect.stringContaining(seen) });
  });

  test.each<[string, Metrics["samples"], string]>([
    ["another value", [{ name: "queue_depth", value: 0 }], "queue_depth 7"],
    [
      "one series of two: none is picked, and nothing summed up",
      [{ name: "up", value: 1 }],
      'up{job="api",zone="2"} 0',
    ],
    ["a value that is no number", [{ name: "queue_depth_bytes", value: { ">=": 0 } }], "queue_depth_bytes NaN"],
    ["no such name", [{ name: "que_depth" }], "no que_depth among 4 samples (there is queue_depth"],
    ["no such label", [{ name: "up", labels: { job: "web" } }], 'no up{job="web"}; there is up{job="api",zone="1"} 1'],
    ["one of several", [{ name: "queue_depth", value: 7 }, { name: "nothing_like_it" }], "no nothing_like_it among 4"],
  ])("do not hold: %s", async (_, samples, seen) => {
    expect(await look(samples)).toMatchObject({ state: "not-yet", seen: expect.stringContaining(seen) });
  });

  test.each<[string, Partial<HttpAnswer>, string]>([
    ["a page", { body: "<html>login</html>" }, "no metrics: line 1"],
    ["nothing", { body: "" }, "no samples at all"],
    ["a failure, whatever it says", { status: 500, body: TEXT }, "status 500"],
    ["a redirect", { status: 302, body: "" }, "status 302"],
    ["only the beginning", { body: TEXT, cut: true }, "more than 1 MiB"],
  ])("are no metrics: %s", async (_, given, seen) => {
    answer(given);
    expect(await look([{ name: "queue_depth" }])).toMatchObject({
      state: "unseen",
      seen: expect.stringContaining(seen),
    });
  });

  test("are asked of a Service, in the form that Prometheus asks for", async () => {
    putService(scene.cluster);
    scene.cluster.pods.answers.proxy = () => ({ status: 200, headers: {}, body: "queue_depth 7\n" });
    const url = "service://api:metrics/metrics";
    expect((await look([{ name: "queue_depth", value: 7 }], { url })).state).toBe("holds");
    expect(scene.cluster.pods.asked.proxy).toMatchObject([
      { port: "9153", path: "/metrics", headers: { accept: expect.stringContaining("version=0.0.4") } },
    ]);
    expect(await look([{ name: "queue_depth", value: 8 }], { url })).toMatchObject({
      state: "not-yet",
      involved: [SERVICE, podRef("api-1")],
    });
  });
});
