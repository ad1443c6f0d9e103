import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { helmChecker } from "../../../../src/actions/smoke/checks/helm.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import type { Helm } from "../../../../src/smoke/spec/checks/helm.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, NAMESPACE, type Scene } from "../fake/world.ts";
import { runningPod } from "../running-pod.ts";

let scene: Scene;
let world: FakeWorld;
let scope: Scope;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
  scope = createScope(scene, world);
});

interface Hook {
  readonly kind?: string;
  readonly startedAt?: string;
  readonly phase?: string;
}

/** A revision as helm keeps it, with its tests by their names. */
function release(status: string, tests: Readonly<Record<string, Hook>> = {}, version = 1): void {
  const hooks = Object.entries(tests).map(([name, { kind = "Pod", startedAt = "", phase = "" }]) => ({
    ...{ name, kind, path: `shop/templates/${name}.yaml`, manifest: "", events: ["test"] },
    last_run: { started_at: startedAt, phase },
  }));
  const body = { name: "shop", namespace: NAMESPACE, version, info: { status }, hooks };
  const data = Buffer.from(gzipSync(JSON.stringify(body)).toString("base64")).toString("base64");
  const labels = { owner: "helm", name: "shop", status, version: `${version}` };
  scene.cluster.put({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `sh.helm.release.v1.shop.v${version}`, namespace: NAMESPACE, labels },
    type: "helm.sh/release.v1",
    data: { release: data },
  });
}

const payload = (given: Partial<Helm>): Helm => ({ status: "deployed", test: false, ...given });
const look = (given: Partial<Helm> = {}) => lookOnce(helmChecker, payload(given), scope);
/** helm runs tests, and keeps what became of them. */
const helmKeeps = (tests: Readonly<Record<string, Hook>>, exitCode = 0, output = "") => {
  world.settings.helmTests = () => {
    release("deployed", tests);
    return { exitCode, output };
  };
};
const RAN = { startedAt: "2026-11-21T12:00:09Z", phase: "Succeeded" };
const BEFORE = { startedAt: "2026-11-20T08:00:00Z", phase: "Succeeded" };

describe("a release", () => {
  test("is what helm has kept of its newest revision", async () => {
    expect(await look()).toMatchObject({ state: "not-yet", seen: "no release shop in the namespace shop" });
    release("superseded", {}, 1);
    release("pending-upgrade", {}, 2);
    expect(await look()).toMatchObject({ state: "not-yet", seen: "revision 2 pending-upgrade" });
    release("deployed", {}, 3);
    expect(await look()).toMatchObject({
      state: "holds",
      expected: "release shop deployed",
      seen: "revision 3 deployed",
    });
    expect(await look({ release: "other" })).toMatchObject({ state: "not-yet" });
    expect(world.helmTests).toEqual([]);
  });

  test("is not known where its newest revision cannot be read", async () => {
    release("deployed");
    const labels = { owner: "helm", name: "shop", version: "2" };
    const metadata = { name: "sh.helm.release.v1.shop.v2", namespace: NAMESPACE, labels };
    scene.cluster.put({ apiVersion: "v1", kind: "Secret", metadata, data: { release: "%%%" } });
    expect(await look()).toMatchObject({ state: "unseen", seen: expect.stringContaining("v2 cannot be read") });
  });

  test("has to be named", async () => {
    scope = createScope(scene, world, { release: undefined });
    await expect(look()).rejects.toMatchObject({ code: "smoke-release-missing" });
  });
});

describe("a chart's tests", () => {
  test("are run once, however often is looked, and only those that helm has run count", async () => {
    release("deployed", { api: BEFORE, web: {} });
    helmKeeps({ api: RAN, web: RAN });
    const probe = helmChecker.begin(payload({ test: true }), scope);
    const first = await probe.look();
    expect(first).toMatchObject({ state: "holds", seen: "revision 1 deployed; 2 tests passed" });
    expect(await probe.look()).toEqual(first);
    expect(world.helmTests).toMatchObject([{ release: "shop", namespace: NAMESPACE, tests: [] }]);
  });

  test("that are listed are the only ones", async () => {
    release("deployed", { api: {}, web: {} });
    helmKeeps({ api: RAN, web: {} });
    expect(await look({ tests: ["api"] })).toMatchObject({
      state: "holds",
      seen: expect.stringContaining("1 test passed"),
    });
    expect(world.helmTests).toMatchObject([{ tests: ["api"] }]);
  });

  test.each([
    ["there is none", {}, {}, [], "helm-tests-missing", /has no tests/],
    ["a name is of none", { api: {} }, {}, ["apo"], "helm-tests-missing", /no test apo.*It has: api/],
    ["helm ran none and ended well", { api: BEFORE }, { api: BEFORE }, [], "helm-tests-not-run", /did not run api/],
    ["helm ran not all", { api: {}, web: {} }, { api: RAN, web: {} }, [], "helm-tests-not-run", /did not run web/],
  ] as const)("fail the check and its error alike when %s", async (_, before, after, tests, code, message) => {
    release("deployed", before);
    helmKeeps(after);
    await expect(look({ test: true, tests: [...tests] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test("that fail are named, with the end of their log, which is read while they run", async () => {
    release("deployed", { api: {}, smoke: { kind: "Job" } });
    world.mask("s3cret-token");
    const failing = { ...world, runHelmTests: () => runAndDelete() };
    scope = createScope(scene, failing);
    async function runAndDelete() {
      const labels = { "batch.kubernetes.io/job-name": "smoke" };
      scene.cluster.put(runningPod({ name: "smoke-x7k2p", labels }));
      scene.cluster.settings.logs.set(`${NAMESPACE}/smoke-x7k2p/main`, "one\ntwo\nthree\nrefused for s3cret-token\n");
      await scene.time.sleep(1_000, new AbortController().signal);
      scene.cluster.remove({ apiVersion: "v1", kind: "Pod", namespace: NAMESPACE, name: "smoke-x7k2p" });
      release("deployed", { api: RAN, smoke: { ...RAN, kind: "Job", phase: "Failed" } });
      return { exitCode: 1, output: "Error: job smoke failed: BackoffLimitExceeded\n" };
    }
    expect(await scene.time.drive(look({ test: true }))).toMatchObject({
      state: "never",
      seen: "revision 1 deployed; test smoke ended as Failed: two | three | refused for ***",
      involved: [{ kind: "Job", namespace: NAMESPACE, name: "smoke" }],
    });
  });

  test("that fail without a log are told in helm's words; a log of an earlier run is not taken for theirs", async () => {
    scene.cluster.put(runningPod({ name: "api" }));
    scene.cluster.settings.logs.set(`${NAMESPACE}/api/main`, "of yesterday");
    release("deployed", { api: {} });
    helmKeeps({ api: { ...RAN, phase: "Failed" } }, 1, "NAME: shop\nError: pod api failed\n");
    expect(await look({ test: true })).toMatchObject({
      state: "never",
      seen: "revision 1 deployed; test api ended as Failed: Error: pod api failed",
    });
  });
});
