import { describe, expect, test } from "@jest/globals";
import { findSharedPlace } from "../../src/preview/shared-place.ts";

const PLACE = {
  subscriptionId: "",
  resourceGroup: "",
  cluster: "aks",
  clusterResourceGroup: "Platform",
  registry: "",
  namespace: "pr-12-4711",
};
const ID = "/subscriptions/s/resourcegroups/Platform/providers/Microsoft.ContainerService/managedClusters/aks";
const OWN = { cluster: undefined, namespace: undefined };
const SHARED = { cluster: "aks", namespace: "pr-12-4711" };

const named = (names: readonly string[]) => names.map((name) => ({ name }));

describe("the namespace of an environment", () => {
  test.each([
    ["is in a shared cluster where no group is its own", {}, [], SHARED],
    ["is in a shared cluster where the cluster's group is not its own", {}, ["pr-12"], SHARED],
    ["is in a cluster of its own, which goes with its group", {}, ["pr-12", "PLATFORM"], OWN],
    ["is in a shared cluster that is named by its id", { cluster: ID, clusterResourceGroup: "" }, ["pr-12"], SHARED],
    ["is in its own cluster that is named by its id", { cluster: ID, clusterResourceGroup: "" }, ["platform"], OWN],
    ["is unknown without a cluster", { cluster: "" }, [], undefined],
    ["is unknown where nothing was deployed", { namespace: "" }, [], undefined],
  ])("%s", (_, change, groups, expected) => {
    expect(findSharedPlace({ ...PLACE, ...change }, { given: true, groups: named(groups) })).toEqual(expected);
  });

  test("is left to the teardown's terraform where that names the cluster beside groups, and only there", () => {
    expect(findSharedPlace(PLACE, { given: false, groups: named(["pr-12"]) })).toEqual(OWN);
    expect(findSharedPlace(PLACE, { given: false, groups: [] })).toEqual(SHARED);
  });
});
