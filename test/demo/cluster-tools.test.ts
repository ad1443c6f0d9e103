import { describe, expect, test } from "@jest/globals";
import { listClusterNeeds } from "../../scripts/demo/cluster-tools.ts";

describe("what real pods take", () => {
  test("is there on a machine that lacks nothing", () => {
    expect(
      listClusterNeeds(() => [])
        .find(({ name }) => name === "a Kubernetes")
        ?.isThere(),
    ).toBe(true);
  });

  test("is brought by the command that gets exactly what is missing", () => {
    const needs = listClusterNeeds((names) => names.filter((name) => name === "helm" || name === "conntrack"));
    const cluster = needs.find(({ name }) => name.startsWith("a Kubernetes"));
    expect(cluster).toMatchObject({
      name: "a Kubernetes and helm (helm, conntrack)",
      bring: "npm run tools helm conntrack",
    });
    expect(cluster?.isThere()).toBe(false);
  });
});
