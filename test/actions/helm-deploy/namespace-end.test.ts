import { describe, expect, test } from "@jest/globals";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { act } from "./act.ts";
import { createScene, JOB, type Scene } from "./fake-world.ts";
import type { Given } from "./inputs.ts";

const NAME = "shop-pr-12";
const REF = { apiVersion: "v1", kind: "Namespace", name: NAME };
const MARKS = { "auto-destroy": "true", "mayfly-environment": "pr-12", "mayfly-repository-id": "4711" };
const EVENING = "2026-11-21T18:00:00Z";
const GIVEN: Given = { namespace: NAME, environment: "pr-12", "expires-at": EVENING };

function put(scene: Scene, metadata: object): void {
  scene.cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAME, ...metadata } });
}

const metadataOf = (scene: Scene) => scene.cluster.find(REF)?.metadata;

describe("a namespace that is an environment", () => {
  test("is made with its marks from the first moment on, with quota and limits before the release", async () => {
    const scene = createScene();
    const versions: unknown[] = [];
    scene.cluster.listen(({ type, object }) => {
      if (object.kind === "Namespace" && type === "ADDED") versions.push(object.metadata.labels);
    });
    let limited: unknown;
    scene.helm.at("upgrade.begin", () => {
      const at = { apiVersion: "v1", namespace: NAME, name: "mayfly" };
      limited = [
        scene.cluster.find({ ...at, kind: "ResourceQuota" })?.["spec"],
        scene.cluster.find({ ...at, kind: "LimitRange" })?.["spec"],
      ];
    });
    const done = await act(scene, {
      ...GIVEN,
      "namespace-labels": "team=shop",
      "namespace-quota": "{pods: 20, requests.cpu: '2'}",
      "namespace-limits": "Container: {default: {memory: 256Mi}, defaultRequest: {cpu: 50m}}",
    });

    expect([done.code, done.message, done.outputs["expires-at"]]).toEqual(["", "", EVENING]);
    expect(versions).toEqual([{ ...MARKS, team: "shop" }]);
    expect(metadataOf(scene)?.annotations).toEqual({
      "expires-at": EVENING,
      "mayfly-repository": "octo/shop",
      "mayfly-head-sha": JOB.headSha,
    });
    expect(limited).toEqual([
      { hard: { pods: "20", "requests.cpu": "2" } },
      { limits: [{ type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: "50m" } }] },
    ]);
    expect(done.summary).toContain(EVENING);
  });

  test("ends later with a later deployment, and never sooner", async () => {
    const scene = createScene();
    await act(scene, GIVEN);
    const sha = "b".repeat(40);
    const later = await act(scene, { ...GIVEN, "expires-at": "2026-11-21T20:00:00+00:00" }, { job: { headSha: sha } });
    const sooner = await act(scene, { ...GIVEN, "expires-at": "2026-11-21T19:00:00Z" });

    const end = "2026-11-21T20:00:00Z";
    expect([later, sooner].map(({ outputs }) => outputs["expires-at"])).toEqual([end, end]);
    expect(metadataOf(scene)?.annotations).toMatchObject({ "expires-at": end, "mayfly-head-sha": JOB.headSha });
    expect(metadataOf(scene)?.labels).toEqual(MARKS);
  });

  test("keeps the end that somebody gave it while it was looked at", async () => {
    const scene = createScene();
    await act(scene, GIVEN);
    const extended = "2026-11-22T12:00:00Z";
    scene.cluster.settings.refuse = ({ verb, kind }) => {
      if (verb !== "patch" || kind !== "Namespace") return undefined;
      scene.cluster.settings.refuse = () => undefined;
      put(scene, { annotations: { ...metadataOf(scene)?.annotations, "expires-at": extended } });
      return undefined;
    };
    const done = await act(scene, { ...GIVEN, "expires-at": "2026-11-21T23:00:00Z" });

    expect([done.code, done.outputs["expires-at"]]).toEqual(["", extended]);
    expect(metadataOf(scene)?.annotations?.["expires-at"]).toBe(extended);
  });

  test("that somebody keeps, by taking its mark away, does not get it again", async () => {
    const scene = createScene();
    const { "auto-destroy": _, ...identity } = MARKS;
    put(scene, { labels: identity });
    const done = await act(scene, GIVEN);

    expect([done.code, metadataOf(scene)?.labels]).toEqual(["", identity]);
  });

  test("is made as such for what has to be there first, too", async () => {
    const scene = createScene();
    scene.helm.charts.set("oci://a.io/keda", { name: "keda", version: "1", appVersion: "1", render: () => "" });
    const done = await act(scene, {
      ...GIVEN,
      "pre-releases": `keda: {chart: "oci://a.io/keda", version: "1", namespace: ${NAME}}`,
    });

    expect([done.code, done.message]).toEqual(["", ""]);
    expect(metadataOf(scene)?.labels).toEqual(MARKS);
  });
});

describe("a namespace that is somebody else's", () => {
  test.each<readonly [string, string, object | undefined, Given]>([
    ["was there before", `kubectl label namespace ${NAME} auto-destroy=true mayfly-environment=pr-12`, {}, {}],
    ["is another environment's", '"pr-9"', { labels: { ...MARKS, "mayfly-environment": "pr-9" } }, {}],
    ["is another repository's", '"99"', { labels: { ...MARKS, "mayfly-repository-id": "99" } }, {}],
    ["is the cluster's own", "the cluster itself", undefined, { namespace: "default" }],
    ["would be the cluster's own", "the cluster itself", undefined, { namespace: "kube-shop" }],
  ])("since it %s is never marked, and nothing is deployed into it", async (_, says, metadata, given) => {
    const scene = createScene();
    if (metadata !== undefined) put(scene, metadata);
    const before = scene.cluster.version();
    for (const plan of ["false", "true"]) {
      const done = await act(scene, { ...GIVEN, ...given, "plan-only": plan });
      expect([done.code, done.outputs["expires-at"]]).toEqual(["namespace-not-ours", undefined]);
      expect(done.message).toContain(says);
    }
    expect(scene.cluster.version()).toBe(before);
  });

  test("may become an environment by the line that the error has", async () => {
    const scene = createScene();
    put(scene, {});
    const { message } = await act(scene, GIVEN);
    const [, words = ""] = /kubectl label namespace \S+ (.*)$/m.exec(message) ?? [];
    put(scene, { labels: Object.fromEntries(words.split(" ").map((word) => word.split("="))) });
    const done = await act(scene, GIVEN);

    expect([done.code, metadataOf(scene)?.annotations?.["expires-at"]]).toEqual(["", EVENING]);
  });

  test("or may not be looked at, is not marked unseen", async () => {
    const scene = createScene();
    scene.cluster.settings.refuse = ({ kind }) =>
      kind === "Namespace"
        ? new KubeRefusal(
            403,
            "Forbidden",
            'namespaces "shop-pr-12" is forbidden: User "runner" cannot get resource "namespaces" in API group "" in the namespace "shop-pr-12"',
          )
        : undefined;
    const done = await act(scene, GIVEN);

    expect([done.code, scene.revisions("shop", NAME)]).toEqual(["cluster-forbidden", []]);
  });
});

test.each<readonly [Given, RegExp]>([
  [{ "expires-at": EVENING }, /^environment: expected the environment/],
  [{ ...GIVEN, "expires-at": "tomorrow" }, /^expires-at: expected a time .* got tomorrow/],
  [{ ...GIVEN, "expires-at": "2026-11-21T12:10:00Z" }, /^expires-at: expected a time at least 15 minutes from now/],
  [{ ...GIVEN, "namespace-labels": "auto-destroy=false" }, /^namespace-labels: auto-destroy is written by/],
  [{ "namespace-quota": "pods: many" }, /^namespace-quota: expected a quantity .* at pods/],
  [{ "namespace-quota": "pods: {toString: 1}" }, /^namespace-quota: expected a quantity .* at pods/],
  [{ "namespace-limits": "Node: {max: {cpu: 1}}" }, /^namespace-limits: expected Container, .* got Node/],
  [{ "namespace-limits": "Container: {max: 1}" }, /^namespace-limits: expected mappings of quantities at Container/],
  [{ "delete-namespace": "true" }, /^delete-namespace: expected it only with command: uninstall/],
  [{ url: "https://me:secret@shop.example" }, /^url: expected an address .* without login/],
  [{ chart: "" }, /^chart: expected a folder/],
])("%j is refused, and changes nothing", async (given, problem) => {
  const scene = createScene();
  const before = scene.cluster.version();
  const done = await act(scene, given);

  expect([done.code, done.message]).toEqual(["bad-input", expect.stringMatching(problem)]);
  expect(scene.cluster.version()).toBe(before);
});

test("an environment without an end leaves its namespace without marks", async () => {
  const scene = createScene();
  const done = await act(scene, { namespace: NAME, environment: "test" });

  expect([done.code, done.outputs["expires-at"], metadataOf(scene)?.labels]).toEqual(["", undefined, {}]);
});

test("no environment is made outside of GitHub, where nobody knows whose it is", async () => {
  const scene = createScene();
  const done = await act(scene, GIVEN, { job: { repositoryId: "" } });

  expect([done.code, metadataOf(scene)]).toEqual(["bad-input", undefined]);
});
