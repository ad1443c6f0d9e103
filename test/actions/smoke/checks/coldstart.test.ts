import { beforeEach, expect, test } from "@jest/globals";
import { coldstartChecker } from "../../../../src/actions/smoke/checks/coldstart.ts";
import type { Look } from "../../../../src/actions/smoke/look.ts";
import type { Scope, SeenChange } from "../../../../src/actions/smoke/scope.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import type { Coldstart } from "../../../../src/smoke/spec/checks/coldstart.ts";
import { change, deployment, job, PUBLISHED, pod, pulled, running, scaler, succeeded } from "../coldstart/scene.ts";
import { KEDA } from "../fake/cluster.ts";
import { createScope } from "../fake/scope.ts";
import { createFakeWorld, createScene, NAMESPACE, type Scene } from "../fake/world.ts";

let scene: Scene;
let scope: Scope;
/** What watches have heard so far. */
let heard: SeenChange[];
/** Kinds that may not be listed. */
let forbidden: string[];

beforeEach(() => {
  scene = createScene();
  scene.cluster.define(KEDA, "ScaledJob", "ScaledObject");
  heard = [];
  forbidden = [];
  const of = (kind: string, namespace: string | undefined): readonly SeenChange[] => {
    if (forbidden.includes(kind)) throw new KubeRefusal(403, "Forbidden", `${kind} is forbidden`);
    return heard.filter(({ object }) => object.kind === kind && object.metadata.namespace === namespace);
  };
  const latest = (changes: readonly SeenChange[]) => [
    ...new Map(changes.map(({ object }) => [object.metadata.name, object])).values(),
  ];
  scope = createScope(scene, createFakeWorld(scene), {
    watches: {
      changes: async ({ kind }, namespace) => of(kind, namespace),
      list: async ({ kind }, namespace) => latest(of(kind, namespace)),
    },
  });
});

type Payload = Partial<Coldstart>;

const complete = (payload: Payload): Coldstart => ({
  scaledJob: "worker",
  until: "done",
  budget: { done: 30_000 },
  ...payload,
});
const prepare = (payload: Payload = {}) => coldstartChecker.prepare?.(complete(payload), scope);
const look = (payload: Payload = {}): Promise<Look> => coldstartChecker.begin(complete(payload), scope).look();

/** The message goes out, and time passes. */
async function publish(laterMs: number): Promise<void> {
  scope.memory.publishedAtMs = PUBLISHED;
  await scene.time.drive(scene.time.sleep(PUBLISHED + laterMs));
}

const one = job("one");
const started = [
  change(11_000, scaler("ScaledJob", "True")),
  change(11_200, one, "added"),
  change(11_300, pod("one-a", one, { node: "one" }), "added"),
  change(12_100, pulled(pod("one-a", one)), "added"),
  change(12_500, pod("one-a", one, running)),
];

test("every phase is told as it was heard, and goes into the picture", async () => {
  heard = [change(0, scaler("ScaledJob", "False"), "added")];
  await prepare();
  heard.push(...started, change(15_000, job("one", "Complete")), change(15_000, pod("one-a", one, succeeded)));
  await publish(20_000);
  const seen = await look({ budget: { created: 2_000, done: 30_000, total: 30_000 } });
  expect(seen).toMatchObject({
    state: "holds",
    expected: "ScaledJob worker: a cold start up to done, created in 2 s, done in 30 s, total in 30 s",
    seen: "active 1.0 s, created 1.2 s of 2 s, scheduled 1.3 s, pulled 2.1 s, started 2.5 s, done 5.0 s of 30 s, total 5.0 s of 30 s",
    involved: [{ kind: "ScaledJob" }, { kind: "Job", name: "one" }],
  });
  expect(seen.phases?.map(({ name }) => name)).toEqual([
    "active",
    "created",
    "scheduled",
    "pulled",
    "started",
    "done",
    "total",
  ]);
});

test("without a message before it there is nothing to measure, which is the spec's fault", async () => {
  await prepare();
  await expect(look()).rejects.toMatchObject({ code: "smoke-nothing-published" });
});

test("what was not watched when the message went out is not measured", async () => {
  await publish(1_000);
  await expect(look()).rejects.toMatchObject({ code: "smoke-cold-start-unwatched" });
  await prepare();
  await expect(look()).rejects.toMatchObject({ code: "smoke-cold-start-unwatched" });
});

test("an image that cannot be pulled is why a Job does not start in its time", async () => {
  heard = [change(0, scaler("ScaledJob", "False"), "added")];
  await prepare();
  const state = {
    waiting: {
      reason: "ErrImagePull",
      message:
        'rpc error: code = NotFound desc = failed to pull and unpack image "worker:1": failed to resolve image: worker:1: not found',
    },
  };
  heard.push(...started.slice(0, 2), change(11_300, pod("one-a", one, { node: "one", state }), "added"));
  await publish(5_000);
  expect(await look({ until: "started", budget: { started: 4_000 } })).toMatchObject({
    state: "never",
    seen: expect.stringMatching(
      /^active 1\.0 s, .*pulled not after 5\.0 s, started not after 5\.0 s of 4 s; .*cannot pull worker:1: there is no tag 1/,
    ),
  });
});

test("what kept a pod from starting is told on when its Job is gone", async () => {
  heard = [change(0, scaler("ScaledJob", "False"), "added")];
  await prepare();
  const state = { waiting: { reason: "ErrImagePull", message: "worker:1: not found" } };
  const stuck = pod("one-a", one, { node: "one", state });
  heard.push(change(11_200, one, "added"), change(11_300, stuck, "added"));
  await publish(2_000);
  const probe = coldstartChecker.begin(complete({}), scope);
  expect((await probe.look()).seen).toMatch(/; Job\/one: .* cannot pull worker:1/);
  heard = heard.filter(({ object }) => object.kind === "ScaledJob");
  expect((await probe.look()).seen).toMatch(
    /; Active is False \(SomeActive\); before: Job\/one: .* cannot pull worker:1/,
  );
});

test("no Job in time is explained by what KEDA says", async () => {
  const failing = scaler("ScaledJob", "False");
  const conditions = [{ type: "Ready", status: "False", reason: "TriggerError", message: "not working" }];
  heard = [change(0, { ...failing, status: { conditions } }, "added")];
  await prepare();
  const about = { kind: "ScaledJob", name: "worker", namespace: NAMESPACE };
  const metadata = { name: "warned", namespace: NAMESPACE };
  heard.push(
    change(
      12_000,
      {
        apiVersion: "v1",
        kind: "Event",
        metadata,
        type: "Warning",
        reason: "KEDAScalerFailed",
        message: "no such host",
        involvedObject: about,
      },
      "added",
    ),
  );
  await publish(9_000);
  const waiting = await look();
  expect(waiting).toMatchObject({
    state: "unseen",
    seen: "active not after 9.0 s; Ready is False (TriggerError): not working; KEDAScalerFailed: no such host",
  });
});

test("whoever may not see events takes the start for the images", async () => {
  forbidden = ["Event"];
  heard = [change(0, scaler("ScaledJob", "False"), "added")];
  await prepare();
  heard.push(...started);
  await publish(5_000);
  expect((await look({ until: "started" })).seen).toMatch(/pulled 2\.5 s, started 2\.5 s/);
});

test("a ScaledObject that had replicas already made no cold start", async () => {
  const scaled = { scaledJob: undefined, scaledObject: "worker" };
  heard = [change(0, scaler("ScaledObject", "False"), "added"), change(0, deployment(1), "added")];
  await prepare(scaled);
  await publish(1_000);
  expect(await look(scaled)).toMatchObject({
    state: "never",
    seen: "it was no cold start: Deployment api already ran when the message was published",
  });
});
