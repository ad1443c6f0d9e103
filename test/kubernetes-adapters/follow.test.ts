import { describe, expect, test } from "@jest/globals";
import type { Change, ListQuery } from "../../src/kubernetes/cluster.ts";
import { CONFIG_MAP, configMap, makeBed, until } from "./on-stand-in.ts";

type Bed = Awaited<ReturnType<typeof makeBed>>;

function startFollowing(bed: Bed, query: ListQuery = { namespace: "default" }) {
  const told: string[] = [];
  const stood: boolean[] = [];
  const changes: Change[] = [];
  const stop = new AbortController();
  const cluster = bed.connect();
  const ended = cluster.follow(CONFIG_MAP, query, {
    until: stop.signal,
    onChange: (change) => {
      changes.push(change);
      const x = (change.object["data"] as { readonly x?: string } | undefined)?.x ?? "";
      told.push(`${change.type} ${change.object.metadata.name}${x === "" ? "" : `=${x}`}`);
    },
    onSynced: () => void told.push("synced"),
    onStanding: (standing) => void stood.push(standing),
  });
  // Whoever waits for `ended` gets it; until then nobody does.
  ended.catch(() => undefined);
  return { told, stood, changes, stop, ended };
}

const watchesOf = (bed: Bed) => bed.server.requests.filter(({ query }) => query["watch"] === "true");
const listsOf = (bed: Bed) =>
  bed.server.requests.filter(({ path, query }) => path.endsWith("/configmaps") && query["watch"] === undefined);

describe("following", () => {
  test("tells what is there, then each change, by one watch, until it is ended", async () => {
    await using bed = await makeBed();
    bed.server.put(configMap("a"));
    const { told, changes, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    bed.server.put(configMap("b", { x: "1" }));
    bed.server.put(configMap("b", { x: "2" }));
    bed.server.remove({ ...CONFIG_MAP, namespace: "default", name: "a" });
    await until(() => told.length === 5);
    stop.abort();
    await ended;
    bed.server.put(configMap("later"));
    expect(told).toEqual(["added a", "synced", "added b=1", "modified b=2", "deleted a"]);
    expect(changes[0]?.object).toMatchObject(CONFIG_MAP);
    expect([watchesOf(bed).length, listsOf(bed).length]).toEqual([1, 0]);
    await until(() => bed.server.watches.size === 0);
  });

  test("goes on from where a cut connection was, and tells nothing twice", async () => {
    await using bed = await makeBed();
    bed.server.put(configMap("a"));
    const { told, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    for (const x of ["1", "2", "3"]) {
      for (const watch of bed.server.watches) watch.cut();
      bed.server.put(configMap("a", { x }));
      await until(() => told.includes(`modified a=${x}`));
    }
    stop.abort();
    await ended;
    expect(told).toEqual(["added a", "synced", "modified a=1", "modified a=2", "modified a=3"]);
    expect(
      watchesOf(bed)
        .slice(1)
        .every(({ query }) => query["resourceVersion"] !== undefined && query["sendInitialEvents"] === undefined),
    ).toBe(true);
  });

  test("says when nothing more is heard, and when it is again", async () => {
    await using bed = await makeBed();
    bed.server.put(configMap("a"));
    const { stood, told, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    expect(stood).toEqual([true]);
    bed.server.faults.add({ when: { query: /watch=true/ }, times: 2, effect: { status: 503 } });
    for (const watch of bed.server.watches) watch.cut();
    await until(() => stood.length > 1);
    expect(stood).toEqual([true, false]);
    await until(() => bed.server.watches.size === 1);
    await until(() => stood.length > 2);
    expect(stood).toEqual([true, false, true]);
    bed.server.forgetHistory();
    for (const watch of bed.server.watches) watch.expire();
    await until(() => stood.length === 5);
    expect(stood.slice(3)).toEqual([false, true]);
    stop.abort();
    await ended;
  });

  test("begins anew when history is gone, and tells what went meanwhile as deleted", async () => {
    await using bed = await makeBed();
    for (const name of ["a", "b", "c"]) bed.server.put(configMap(name));
    const { told, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    bed.server.faults.add({ when: { query: /watch=true/ }, times: 1, effect: { status: 503 } });
    for (const watch of bed.server.watches) watch.cut();
    bed.server.remove({ ...CONFIG_MAP, namespace: "default", name: "a" });
    bed.server.remove({ ...CONFIG_MAP, namespace: "default", name: "b" });
    bed.server.put(configMap("b", { x: "anew" }));
    bed.server.put(configMap("d"));
    bed.server.forgetHistory();
    await until(() => told.includes("deleted a"));
    for (const watch of bed.server.watches) watch.expire();
    bed.server.put(configMap("e"));
    await until(() => told.includes("added e"));
    stop.abort();
    await ended;
    expect(told.slice(4)).toEqual(["deleted b", "added b=anew", "added d", "deleted a", "added e"]);
  });

  test("lists first where the server does not send what is there by a watch", async () => {
    await using bed = await makeBed();
    bed.server.settings.streamsLists = false;
    bed.server.put(configMap("a"));
    const { told, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    bed.server.put(configMap("b"));
    await until(() => told.includes("added b"));
    for (const watch of bed.server.watches) watch.expire();
    bed.server.put(configMap("c"));
    await until(() => told.includes("added c"));
    stop.abort();
    await ended;
    expect(told).toEqual(["added a", "synced", "added b", "added c"]);
    expect(listsOf(bed)).toHaveLength(2);
  });

  test("lists every 2 s where watching is forbidden", async () => {
    await using bed = await makeBed();
    bed.server.settings.may = ({ verb }) => verb !== "watch";
    bed.server.put(configMap("a"));
    const { told, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    bed.server.put(configMap("b"));
    await until(() => told.includes("added b"));
    bed.server.remove({ ...CONFIG_MAP, namespace: "default", name: "a" });
    await until(() => told.includes("deleted a"));
    stop.abort();
    await ended;
    expect(told).toEqual(["added a", "synced", "added b", "deleted a"]);
    expect(new Set(bed.waits)).toEqual(new Set([2_000]));
    // The first one at once.
    expect(listsOf(bed).length).toBeGreaterThanOrEqual(bed.waits.length);
  });

  test("fails where not even listing is allowed", async () => {
    await using bed = await makeBed();
    bed.server.settings.may = ({ verb }) => verb === "get";
    await expect(startFollowing(bed).ended).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("cannot list"),
    });
  });

  test("tells an object that no longer fits as deleted", async () => {
    await using bed = await makeBed();
    const { told, stop, ended } = startFollowing(bed, { labelSelector: "app=x" });
    await until(() => told.includes("synced"));
    bed.server.put(configMap("a", {}, { app: "x" }));
    bed.server.put(configMap("other", {}, { app: "y" }));
    bed.server.put(configMap("a", {}, { app: "z" }));
    await until(() => told.includes("deleted a"));
    stop.abort();
    await ended;
    expect(told).toEqual(["synced", "added a", "deleted a"]);
  });

  test("is not asked in a hurry by a server that ends each watch at once", async () => {
    await using bed = await makeBed();
    const { told, stop, ended } = startFollowing(bed);
    await until(() => told.includes("synced"));
    for (let times = 0; times < 6; times += 1) {
      const asked = watchesOf(bed).length;
      for (const watch of bed.server.watches) watch.cut();
      await until(() => watchesOf(bed).length > asked);
    }
    stop.abort();
    await ended;
    expect(bed.waits.length).toBeGreaterThanOrEqual(6);
    expect(bed.waits.slice(0, 6)).toEqual([200, 400, 800, 1_600, 3_200, 5_000]);
  });

  test("fails with the cancel of the job, and resolves when it was ended itself", async () => {
    await using bed = await makeBed();
    const cancelled = startFollowing(bed);
    await until(() => cancelled.told.includes("synced"));
    bed.cancel.abort();
    await expect(cancelled.ended).rejects.toMatchObject({ code: "cancelled" });
  });

  test("fails with what the watcher throws", async () => {
    await using bed = await makeBed();
    bed.server.put(configMap("a"));
    const following = bed.connect().follow(
      CONFIG_MAP,
      {},
      {
        until: new AbortController().signal,
        onChange: () => {
          throw new TypeError("the watcher's own");
        },
      },
    );
    await expect(following).rejects.toThrow("the watcher's own");
  });
});
