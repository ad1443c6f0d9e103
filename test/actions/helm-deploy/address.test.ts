import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { addressSpec } from "../../../src/actions/helm-deploy/address-spec.ts";
import { act, actIn } from "./act.ts";
import { REPORTS } from "./fake/files.ts";
import { createFakeWorld, createScene, type Scene } from "./fake-world.ts";
import type { Given } from "./inputs.ts";

const URL = "https://pr-12.example.com";
const CHECK: Given = { url: URL, "check-url": "true", "url-timeout": "3s" };

/** A shop whose address answers with this status. */
function openScene(status: () => number): Scene {
  const scene = createScene();
  scene.smoke.network.answers.http = () => ({ status: status() });
  return scene;
}

const asked = (scene: Scene) =>
  scene.smoke.network.asked.http.map(({ url, followRedirects }) => [url, followRedirects]);
const states = (scene: Scene) => scene.revisions().map(({ revision, status }) => `${revision} ${status}`);

test("the address of a release is asked once it is deployed, with redirects followed", async () => {
  const scene = openScene(() => 200);
  const done = await act(scene, { ...CHECK, "url-path": "/health?deep=1" });

  expect([done.code, done.outputs.status, done.outputs.url]).toEqual(["", "deployed", URL]);
  expect(asked(scene)).toEqual([[`${URL}/health?deep=1`, true]]);
  expect(done.outputs["url-report-path"]).toBe(`${REPORTS}/address.json`);
  expect(done.outputs["smoke-report-path"]).toBeUndefined();
  expect(done.summary).toContain("#### Address: ✅ 1 check passed");
  expect(scene.smoke.ended).toBe(1);
});

test("it may take its time to answer", async () => {
  const answers = [502, 503, 200];
  const scene = openScene(() => answers.shift() ?? 500);
  const done = await act(scene, CHECK);

  expect([done.code, asked(scene).length]).toEqual(["", 3]);
});

test("one that does not answer fails the step, and the release stays", async () => {
  let status = 200;
  const scene = openScene(() => status);
  await act(scene, CHECK);
  status = 503;
  const done = await act(scene, { ...CHECK, set: "tag=2" });

  expect([done.code, done.outputs.status, done.outputs["cause-code"]]).toEqual([
    "smoke-failed",
    "failed",
    "smoke/failed",
  ]);
  expect(done.outputs.cause).toMatch(/^https:\/\/pr-12\.example\.com\/ does not answer as it should: .*503/);
  expect(done.message).toContain("check-url: false");
  expect(done.summary).toContain("#### Address: ❌");
  expect(states(scene)).toEqual(["2 deployed", "1 superseded"]);
  expect(JSON.parse(done.world.files.all.get(`${REPORTS}/address.json`)?.content ?? "")).toMatchObject({
    tests: [{ name: "address" }],
  });
});

test("a failed smoke test is told alone, and nobody asks a release that is only planned or has no address", async () => {
  const scene = openScene(() => 503);
  scene.smoke.specs.set("smoke/web.yaml", readFileSync("actions/deploy-environment/address.yaml", "utf8"));
  const smoked = await act(scene, {
    ...CHECK,
    smoke: "smoke/web.yaml",
    "smoke-variables": "address=https://a.example",
  });
  expect([smoked.code, smoked.outputs["url-report-path"]]).toEqual(["smoke-failed", undefined]);
  expect(asked(scene).some(([url]) => url === `${URL}/`)).toBe(false);

  for (const given of [{ ...CHECK, "plan-only": "true" }, { "check-url": "true" }]) {
    const quiet = openScene(() => 503);
    expect([(await act(quiet, given)).code, asked(quiet)]).toEqual(["", []]);
  }
});

test("a cancel while it is waited for is no failure of the release", async () => {
  let cancel = (): void => {};
  const scene = openScene(() => {
    cancel();
    return 503;
  });
  const world = createFakeWorld(scene);
  cancel = () => scene.time.after(500, () => world.cancel());
  const done = await actIn(world, scene, { ...CHECK, "url-timeout": "5m" });

  expect([done.code, done.outputs.status]).toEqual(["cancelled", "cancelled"]);
  expect(states(scene)).toEqual(["1 deployed"]);
});

test("deploy-environment asks the same of an environment without a release", async () => {
  const file = parse(readFileSync("actions/deploy-environment/address.yaml", "utf8"));
  expect(parse(await addressSpec.read(addressSpec.file))).toEqual(file);
});
