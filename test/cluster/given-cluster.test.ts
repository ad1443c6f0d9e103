import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { givenKubeconfig } from "./given-cluster.ts";
import { layoutOf } from "./layout.ts";
import { removeNode } from "./node/remove-node.ts";

const layout = layoutOf("/home/runner/bed", 0);

test("KUBECONFIG names the cluster to use, unless it is our own or empty", () => {
  expect(givenKubeconfig(layout, { KUBECONFIG: "/home/runner/kind" })).toBe("/home/runner/kind");
  expect(givenKubeconfig(layout, { KUBECONFIG: layout.kubeconfig })).toBeUndefined();
  expect(givenKubeconfig(layout, { KUBECONFIG: "" })).toBeUndefined();
  expect(givenKubeconfig(layout, {})).toBeUndefined();
});

test("a folder that was named by mistake keeps what is in it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mayfly-precious-"));
  try {
    await writeFile(join(folder, "thesis"), "ten years");
    await expect(removeNode(layoutOf(folder, 0))).rejects.toThrow("has something in it that is no cluster's");
  } finally {
    await rm(folder, { recursive: true });
  }
});
