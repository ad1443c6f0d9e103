import { expect, test } from "@jest/globals";
import type { AzureWorld } from "../../../src/actions/helm-deploy/world.ts";
import { act } from "./act.ts";
import { SHOP } from "./fake/charts.ts";
import { createScene } from "./fake-world.ts";

const OURS = "mayfly.azurecr.io";

/** An identity that registries of Azure know, and others do not. */
const AZURE: AzureWorld = {
  findImage: async () => "unknown",
  listTags: async () => [],
  readCluster: async () => undefined,
  readPullRight: async () => undefined,
  listFederated: async () => ({ kind: "unknown", because: "nobody asked" }),
  findLogin: async (host) => (host === OURS ? { username: "token", password: "refresh-token-of-ours" } : undefined),
};

test.each([
  ["a chart in a registry of Azure is pulled with the job's own identity", `oci://${OURS}/charts/shop`, [OURS]],
  ["another registry gets no login of ours", "oci://ghcr.io/octo/shop", []],
])("%s", async (_title, chart, logins) => {
  const scene = createScene();
  scene.azure = AZURE;
  scene.helm.charts.set(chart, SHOP);
  const done = await act(scene, { chart, version: "1.0.0" });
  expect(done.code).toBe("");
  expect(done.outputs.status).toBe("deployed");
  expect(done.world.logins).toEqual(logins);
});
