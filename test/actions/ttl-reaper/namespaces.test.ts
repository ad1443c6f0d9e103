import { describe, expect, test } from "@jest/globals";
import { CLUSTER } from "./cluster-simulation.ts";
import { deletedNames, fleet } from "./night.ts";
import { FUTURE, PAST, reap, removed } from "./sweep.ts";

describe("a sweep of a cluster", () => {
  test("deletes the namespaces whose time has passed, and counts them as deleted when they answer 404", async () => {
    const { cluster, outputs, failure } = await reap({
      namespaces: [
        { name: "pr-1", ...PAST },
        { name: "pr-2", ...FUTURE },
        { name: "team", labels: { owner: "us" } },
      ],
    });
    expect(failure).toBeUndefined();
    expect(cluster.names()).toEqual(["pr-2", "team"]);
    expect(outputs).toMatchObject({
      marked: 2,
      expired: 1,
      deleted: 1,
      kept: 1,
      "next-expiry": "2026-11-22T08:00:00Z",
    });
    const summary = cluster.simulation.summaries.join();
    expect(summary).toContain("1 namespace deleted");
    expect(summary).toContain("`pr-1` in `aks-shared`");
    expect(summary).toContain("the cluster answers 404");
    expect(JSON.parse(cluster.simulation.reports[0] ?? "").groups[0]).toMatchObject({
      id: `${CLUSTER}/namespaces/pr-1`,
      outcome: { kind: "gone" },
    });
  });

  test("goes with that of subscriptions, by one set of counts", async () => {
    const options = { namespaces: [{ name: "pr-1", ...PAST }], groups: fleet("rg-1", "rg-2") };
    const { cluster, outputs } = await reap(options, { "subscription-ids": "00000000-0000-0000-0000-00000000000a" });
    expect(deletedNames(cluster.simulation)).toEqual(["rg-1", "rg-2"]);
    expect(removed(cluster)).toEqual(["pr-1"]);
    expect(outputs).toMatchObject({ expired: 3, deleted: 3 });
    expect(cluster.simulation.summaries.join()).toContain("3 resource groups and namespaces deleted");
  });

  test("wants to know where to look", async () => {
    await expect(reap({ namespaces: [] }, { clusters: "" })).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringContaining("subscription-ids, clusters: expected at least one"),
    });
  });

  test("takes one cluster for one, however its id is written", async () => {
    const { outputs } = await reap(
      { namespaces: [{ name: "pr-1", ...FUTURE }] },
      { clusters: `${CLUSTER}\n${CLUSTER.toUpperCase()}` },
    );
    expect(outputs).toMatchObject({ marked: 1 });
  });

  test("deletes nothing in a dry run, and only with the prefix otherwise", async () => {
    const namespaces = [
      { name: "shop-pr-1", ...PAST },
      { name: "other-pr-1", ...PAST },
    ];
    const dry = await reap({ namespaces }, { "dry-run": "true" });
    expect([dry.cluster.removed, dry.outputs["expired"]]).toEqual([[], 2]);
    const scoped = await reap({ namespaces }, { "all-names": "false", "name-prefix": "SHOP-" });
    expect(removed(scoped.cluster)).toEqual(["shop-pr-1"]);
  });

  test("never deletes what belongs to the cluster, whatever its labels and the input say", async () => {
    const names = [
      "default",
      "kube-system",
      "kube-public",
      "gatekeeper-system",
      "aks-command",
      "flux-system",
      "held-1",
    ];
    const namespaces = [...names, "pr-1"].map((name) => ({ name, ...PAST }));
    const { cluster, outputs } = await reap({ namespaces }, { "protected-names": "held-*" });
    expect(removed(cluster)).toEqual(["pr-1"]);
    expect(outputs).toMatchObject({ kept: 7, expired: 1 });
  });

  test("follows what is being deleted already, without a second DELETE", async () => {
    const { cluster, outputs } = await reap({ namespaces: [{ name: "pr-1", ...PAST, deleting: true }] });
    expect(cluster.looks.filter(({ call }) => call === "remove")).toEqual([]);
    expect(outputs).toMatchObject({ expired: 0, deleted: 1 });
  });

  test("ends when deletes are accepted, where nobody is to wait", async () => {
    const { outputs } = await reap({ namespaces: [{ name: "pr-1", ...PAST }] }, { wait: "accept" });
    expect(outputs).toMatchObject({ accepted: 1, deleted: 0 });
  });
});

describe("labels and annotations that nobody can obey", () => {
  test.each([
    [
      "two casings of the mark",
      { ...PAST, labels: { "auto-destroy": "true", "Auto-Destroy": "true" } },
      "kubectl label namespace pr-1 Auto-Destroy- --overwrite --context aks-shared && kubectl label namespace pr-1 auto-destroy=true",
    ],
    [
      "a mark without a date",
      { labels: PAST.labels },
      "kubectl annotate namespace pr-1 expires-at=2026-11-22T09:17:00Z --overwrite --context aks-shared",
    ],
    [
      "a date that is a typing mistake",
      { ...PAST, annotations: { "expires-at": "2206-11-21T08:00:00Z" } },
      "kubectl annotate namespace pr-1 expires-at=2026-11-22T09:17:00Z",
    ],
    [
      "a date of a time long before",
      { ...PAST, annotations: { "expires-at": "1026-11-21T08:00:00Z" } },
      "kubectl annotate namespace pr-1 expires-at=2026-11-22T09:17:00Z",
    ],
    [
      "a date among the labels",
      { labels: { ...PAST.labels, "expires-at": "2026-11-20" } },
      "kubectl label namespace pr-1 expires-at- --overwrite --context aks-shared && kubectl annotate namespace pr-1 expires-at=2026-11-22T09:17:00Z",
    ],
    [
      "a date among the labels and another where it counts",
      { ...PAST, labels: { ...PAST.labels, "expires-at": "2027-11-20" } },
      "kubectl label namespace pr-1 expires-at- --overwrite --context aks-shared",
    ],
    [
      "a mark among the annotations",
      { annotations: { ...PAST.annotations, "auto-destroy": "true" } },
      "kubectl annotate namespace pr-1 auto-destroy- --overwrite --context aks-shared && kubectl label namespace pr-1 auto-destroy=true",
    ],
    [
      "a no among the annotations",
      { ...PAST, annotations: { ...PAST.annotations, "auto-destroy": "false" } },
      "kubectl label namespace pr-1 auto-destroy=false",
    ],
    [
      "a mark that is spelled in another way",
      { ...PAST, labels: { autodestroy: "true" } },
      "kubectl label namespace pr-1 auto-destroy=true",
    ],
  ])("keep the namespace, with the line that mends it: %s", async (_, given, line) => {
    const { cluster, outputs, failure } = await reap({ namespaces: [{ name: "pr-1", ...given }] });
    expect(cluster.removed).toEqual([]);
    expect(outputs).toMatchObject({ odd: 1, expired: 0 });
    expect(failure).toBeUndefined();
    expect(cluster.simulation.warnings.join()).toContain(line);
  });

  test.each([
    [
      "said no in both places",
      { ...PAST, labels: { "auto-destroy": "false" }, annotations: { "auto-destroy": "false" } },
    ],
    ["said no among the annotations only", { labels: {}, annotations: { "auto-destroy": "false" } }],
    ["not marked, with a date", { labels: { "expires-at": "2026" }, annotations: PAST.annotations }],
  ])("are none where nothing else can have been meant: %s", async (_, given) => {
    const { outputs } = await reap({ namespaces: [{ name: "pr-1", ...given }] });
    expect(outputs).toMatchObject({ odd: 0, expired: 0 });
  });
});
