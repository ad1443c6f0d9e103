import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import type { ClusterOptions, ClusterSimulation } from "./cluster-simulation.ts";
import { fleet, FUTURE as LATER, NOW } from "./night.ts";
import { group } from "./simulation.ts";
import { FUTURE, PAST, reap, removed } from "./sweep.ts";

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
