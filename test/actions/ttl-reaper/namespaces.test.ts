import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { CLUSTER, type ClusterOptions, type ClusterSimulation, simulateCluster } from "./cluster-simulation.ts";
import { inputs } from "./inputs.ts";
import { deletedNames, fleet, FUTURE as LATER, NOW } from "./night.ts";
import { group } from "./simulation.ts";

const PAST = { labels: { "auto-destroy": "true" }, annotations: { "expires-at": "2026-11-21T08:00:00Z" } };
const FUTURE = { ...PAST, annotations: { "expires-at": "2026-11-22T08:00:00Z" } };

/** A run over the cluster alone, unless more is said. */
async function reap(options: Omit<ClusterOptions, "now">, given: Readonly<Record<string, string>> = {}) {
  const cluster = simulateCluster({ now: NOW, ...options });
  const settings = inputs({ "subscription-ids": "", clusters: CLUSTER, ...given });
  return { cluster, ...(await run(settings, cluster.world)) };
}

const removed = (cluster: ClusterSimulation): readonly string[] => cluster.removed.map(({ name }) => name).sort();

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

describe("what changes between the plan and a namespace's turn", () => {
  const edits: readonly (readonly [string, (own: ClusterSimulation) => void])[] = [
    ["extended", (own) => own.edit("pr-1", FUTURE)],
    ["opted out", (own) => own.edit("pr-1", { labels: { "auto-destroy": "false" } })],
    ["unmarked", (own) => own.edit("pr-1", { labels: {} })],
    ["written on", (own) => own.edit("pr-1", { annotations: { ...PAST.annotations, note: "please wait" } })],
    ["deleted and made anew", (own) => own.remake("pr-1")],
  ];
  const when = (
    call: "find" | "remove",
    edit: (own: ClusterSimulation) => void,
  ): NonNullable<ClusterOptions["before"]> => {
    let done = false;
    return (look, own) => {
      if (look.call === call && !done) {
        done = true;
        edit(own);
      }
      return undefined;
    };
  };

  test.each(edits)("a namespace that was %s before its turn is left alone", async (_, edit) => {
    const { cluster, outputs } = await reap({ namespaces: [{ name: "pr-1", ...PAST }], before: when("find", edit) });
    expect(cluster.removed).toEqual([]);
    expect(outputs).toMatchObject({ expired: 1, skipped: 1 });
  });

  test.each(edits)("a namespace that was %s between the look and the DELETE is left alone, too", async (_, edit) => {
    const { cluster, outputs } = await reap({ namespaces: [{ name: "pr-1", ...PAST }], before: when("remove", edit) });
    expect(cluster.removed).toEqual([]);
    expect(outputs).toMatchObject({ expired: 1, skipped: 1 });
    expect(cluster.names()).toEqual(["pr-1"]);
  });

  test("what touches only its version does not save it", async () => {
    const before = when("remove", (own) => own.edit("pr-1", {}));
    const { cluster } = await reap({ namespaces: [{ name: "pr-1", ...PAST }], before });
    expect(removed(cluster)).toEqual(["pr-1"]);
  });

  test("one that is gone counts as deleted", async () => {
    const before = when("find", (own) => own.vanish("pr-1"));
    const { cluster, outputs } = await reap({ namespaces: [{ name: "pr-1", ...PAST }], before });
    expect([cluster.removed, outputs["deleted"]]).toEqual([[], 1]);
  });
});

describe("the end of a namespace", () => {
  test("that something makes anew is a failure, known by its uid", async () => {
    const { outputs, failure } = await reap({ namespaces: [{ name: "pr-1", ...PAST, course: "came-back" }] });
    expect(outputs).toMatchObject({ "came-back": 1, deleted: 0 });
    expect(failure).toMatchObject({ code: "delete-failed", message: expect.stringContaining("pr-1 in aks-shared") });
  });

  test("that a finalizer holds is told, and does not keep the run", async () => {
    const { cluster, outputs, failure } = await reap({
      namespaces: [
        { name: "pr-1", ...PAST, course: "held" },
        { name: "pr-2", ...PAST },
      ],
    });
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ "still-deleting": 1, deleted: 1 });
    expect(cluster.simulation.now() - NOW.getTime()).toBeLessThan(6 * 60_000);
    expect(cluster.simulation.summaries.join()).toContain("example.com/hold in 1 resource instances");
  });

  test("that a webhook forbids is a failure with its words", async () => {
    const { failure, outputs } = await reap({
      namespaces: [{ name: "pr-1", ...PAST }],
      before: ({ call }) => (call === "remove" ? "refuse" : undefined),
    });
    expect(outputs).toMatchObject({ blocked: 1 });
    expect(failure?.message).toContain("the cluster refused: Forbidden");
    expect(failure?.message).toContain("a webhook said no");
    expect(failure?.message).not.toContain("az resource delete");
  });

  test.each(["throttle", "fail", "lose-request", "lose-answer"] as const)(
    "is reached when the first DELETE goes wrong: %s",
    async (mishap) => {
      let first = true;
      const { cluster, outputs, failure } = await reap({
        namespaces: [{ name: "pr-1", ...PAST }],
        before: ({ call }) => {
          if (call !== "remove" || !first) return undefined;
          first = false;
          return mishap;
        },
      });
      expect(failure).toBeUndefined();
      expect(outputs).toMatchObject({ deleted: 1 });
      expect(removed(cluster)).toEqual(["pr-1"]);
    },
  );
});

describe("the fuse", () => {
  const many = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => ({ name: `${name}-${at}`, ...PAST }));

  test("counts groups and namespaces apart: an environment has one of each", async () => {
    const options = { namespaces: many(2, "ns"), groups: fleet("rg-1", "rg-2") };
    const given = { "subscription-ids": "00000000-0000-0000-0000-00000000000a", "max-deletions": "2" };
    const { cluster, outputs } = await reap(options, given);
    expect(outputs).toMatchObject({ fuse: "holds", deleted: 4 });
    expect(removed(cluster)).toEqual(["ns-0", "ns-1"]);
  });

  test("of one kind stops both", async () => {
    const options = { namespaces: many(3, "ns"), groups: fleet("rg-1") };
    const given = { "subscription-ids": "00000000-0000-0000-0000-00000000000a", "max-deletions": "2" };
    const { cluster, failure } = await reap(options, given);
    expect(failure).toMatchObject({
      code: "fuse-tripped",
      message: expect.stringContaining("3 namespaces have expired"),
    });
    expect([cluster.removed, cluster.simulation.deletes]).toEqual([[], []]);
    expect(cluster.simulation.summaries.join()).toContain("-f max-deletions=3");
  });

  test("is not diluted by what the other kind has", async () => {
    const groups = Array.from({ length: 40 }, (_, at) => ({ facts: group(`rg-${at}`, LATER) }));
    const { failure } = await reap(
      { namespaces: many(10, "ns"), groups },
      { "subscription-ids": "00000000-0000-0000-0000-00000000000a" },
    );
    expect(failure).toMatchObject({
      code: "fuse-tripped",
      message: expect.stringContaining("10 of 10 marked namespaces"),
    });
  });
});

describe("a cluster that cannot be seen", () => {
  test("does not stop the rest, and fails the run with what mends it", async () => {
    const closed = new UserError("cluster-private", 'The cluster "aks-shared" is private.\nTo do: …');
    const { cluster, outputs, failure } = await reap(
      { namespaces: [{ name: "pr-1", ...PAST }], groups: fleet("rg-1"), closed },
      { "subscription-ids": "00000000-0000-0000-0000-00000000000a" },
    );
    expect(outputs).toMatchObject({ deleted: 1 });
    expect(cluster.removed).toEqual([]);
    expect(failure).toMatchObject({ code: "cluster-private" });
    expect(cluster.simulation.summaries.join()).toContain("1 of 2 subscriptions and clusters not read");
  });

  test("because it is stopped is no failure: its namespaces wait for it", async () => {
    const closed = new UserError("cluster-stopped", "The cluster is stopped.\nTo do: start it:\n  az aks start …");
    const { outputs, failure, cluster } = await reap({ namespaces: [{ name: "pr-1", ...PAST }], closed });
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ expired: 0, deleted: 0 });
    expect(cluster.simulation.warnings.join()).toContain("az aks start");
    expect(cluster.simulation.summaries.join()).toContain("Clusters that are stopped");
  });

  test("in part is not acted upon in part", async () => {
    const before: NonNullable<ClusterOptions["before"]> = ({ call }) => (call === "list" ? "fail" : undefined);
    const { cluster, failure } = await reap({ namespaces: [{ name: "pr-1", ...PAST }], before });
    expect(failure).toMatchObject({ code: "cluster-unreachable" });
    expect(cluster.removed).toEqual([]);
  });
});
