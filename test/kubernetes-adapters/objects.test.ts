import { describe, expect, test } from "@jest/globals";
import { CONFIG_MAP, configMap, makeBed } from "./on-stand-in.ts";

const WIDGETS = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets" },
    versions: [{ name: "v1", served: true }],
  },
};
const WIDGET = { apiVersion: "example.com/v1", kind: "Widget" };

describe("a cluster", () => {
  test("tells its version, its address and the context's namespace", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect({ namespace: "team" });
    expect(await cluster.readVersion()).toBe("v1.36.3");
    expect([cluster.server, cluster.namespace]).toEqual([bed.server.url, "team"]);
  });

  test("makes, finds, changes and removes objects", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    const made = await cluster.create(configMap("a", { x: "1" }));
    expect(await cluster.find({ ...CONFIG_MAP, name: "a" })).toEqual(made);
    expect((await cluster.patch({ ...CONFIG_MAP, name: "a" }, { data: { x: null, y: "2" } }))["data"]).toEqual({
      y: "2",
    });
    expect(await cluster.remove({ ...CONFIG_MAP, name: "a" })).toBe(true);
    expect(await cluster.find({ ...CONFIG_MAP, name: "a" })).toBeUndefined();
    expect(await cluster.remove({ ...CONFIG_MAP, name: "a" })).toBe(false);
    await cluster.create(configMap("b"));
    await expect(cluster.create(configMap("b"))).rejects.toMatchObject({ status: 409, reason: "AlreadyExists" });
  });

  test("removes only the object that was meant", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    const { metadata } = await cluster.create(configMap("a"));
    const ref = { ...CONFIG_MAP, name: "a" };
    await expect(cluster.remove(ref, { uid: "another" })).rejects.toMatchObject({ status: 409 });
    await cluster.patch(ref, { data: { x: "1" } });
    const seen = { uid: metadata.uid ?? "", resourceVersion: metadata.resourceVersion ?? "" };
    await expect(cluster.remove(ref, seen)).rejects.toMatchObject({ status: 409 });
    expect(bed.server.find({ ...ref, namespace: "default" })).toBeDefined();
    expect(await cluster.remove(ref, { uid: seen.uid })).toBe(true);
  });

  test.each(["", ".", "..", "a/b", "%2e%2e"])(
    "sends nothing for the name %j, which would mean something else",
    async (name) => {
      await using bed = await makeBed();
      const cluster = bed.connect();
      bed.server.put(configMap("kept"));
      await expect(cluster.remove({ ...CONFIG_MAP, name })).rejects.toMatchObject({
        status: 400,
        reason: "BadRequest",
      });
      expect(bed.server.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
    },
  );

  test("applies on the server's side, and says who has a field", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    await cluster.apply(configMap("a", { x: "1", y: "1" }), { fieldManager: "mine" });
    const conflict = cluster.apply(configMap("a", { x: "2" }), { fieldManager: "theirs" });
    await expect(conflict).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('conflict with "mine": .data.x'),
    });
    const dry = await cluster.apply(configMap("a", { x: "2" }), { fieldManager: "theirs", force: true, dryRun: true });
    expect(dry["data"]).toEqual({ x: "2", y: "1" });
    expect((await cluster.find({ ...CONFIG_MAP, name: "a" }))?.["data"]).toEqual({ x: "1", y: "1" });
    await cluster.apply(configMap("a", { x: "2" }), { fieldManager: "theirs", force: true });
    // What its manager no longer applies goes.
    const left = await cluster.apply(configMap("a", {}), { fieldManager: "mine" });
    expect(left["data"]).toEqual({ x: "2" });
  });

  test("knows any kind that is served, one that has just come, and none that has gone", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    expect(await cluster.findKind({ apiVersion: "apps/v1", kind: "Deployment" })).toMatchObject({
      resource: "deployments",
      namespaced: true,
    });
    expect(await cluster.findKind(WIDGET)).toBeUndefined();
    expect(await cluster.find({ ...WIDGET, name: "w" })).toBeUndefined();
    await expect(cluster.list(WIDGET, {})).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('no matches for kind "Widget"'),
    });
    await cluster.create(WIDGETS);
    await cluster.create({ ...WIDGET, metadata: { name: "w" } });
    expect(await cluster.list(WIDGET, {})).toHaveLength(1);
    const asked = bed.server.requests.filter(({ path }) => path === "/apis/example.com/v1").length;
    await cluster.list(WIDGET, {});
    expect(bed.server.requests.filter(({ path }) => path === "/apis/example.com/v1")).toHaveLength(asked);
  });

  test("lists page by page, and begins anew when the pages are forgotten", async () => {
    await using bed = await makeBed();
    for (let at = 0; at < 1_200; at += 1) bed.server.put(configMap(`c${at}`, {}, { even: `${at % 2 === 0}` }));
    const cluster = bed.connect();
    expect(await cluster.list(CONFIG_MAP, { namespace: "default" })).toHaveLength(1_200);
    expect(await cluster.list(CONFIG_MAP, { labelSelector: "even=true" })).toHaveLength(600);
    expect(await cluster.list(CONFIG_MAP, { namespace: "elsewhere" })).toEqual([]);
    bed.server.faults.add({
      when: { query: /continue=/ },
      times: 1,
      effect: { status: 410, reason: "Expired", message: "too old" },
    });
    const all = await cluster.list(CONFIG_MAP, {});
    expect(new Set(all.map(({ metadata }) => metadata.name)).size).toBe(1_200);
    expect(all[0]).toMatchObject(CONFIG_MAP);
  });

  test("reads what a container has printed, and tells that apart from no container", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    const pod = { namespace: "default", name: "p" };
    bed.server.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: pod,
      spec: { containers: [{ name: "app" }, { name: "new" }] },
    });
    bed.server.settings.logs.set("default/p/app", { current: "one\ntwo\nthree\n" });
    expect(await cluster.readLog(pod, { container: "app", tailLines: 2 })).toBe("two\nthree\n");
    expect(await cluster.readLog(pod, { container: "app", limitBytes: 3 })).toBe("one");
    expect(await cluster.readLog(pod, { container: "app", previous: true })).toBeUndefined();
    expect(await cluster.readLog(pod, { container: "none" })).toBeUndefined();
    expect(await cluster.readLog({ ...pod, name: "gone" }, { container: "app" })).toBeUndefined();
    expect(await cluster.readLog(pod, { container: "new" })).toBe("");
  });

  test("asks what one may do", async () => {
    await using bed = await makeBed();
    bed.server.settings.may = ({ resource, subresource }) =>
      subresource === "log" ? "because of the binding" : resource === "pods";
    const cluster = bed.connect();
    const may = (resource: string) => cluster.mayI({ verb: "get", group: "", resource, namespace: "default" });
    expect(await may("pods")).toEqual({ allowed: true, reason: "" });
    expect(await may("secrets")).toEqual({ allowed: false, reason: "" });
    expect(await may("pods/log")).toEqual({ allowed: false, reason: "because of the binding" });
    await expect(cluster.list({ apiVersion: "v1", kind: "Secret" }, { namespace: "default" })).rejects.toMatchObject({
      status: 403,
      reason: "Forbidden",
      message:
        'secrets is forbidden: User "admin" cannot list resource "secrets" in API group "" in the namespace "default"',
    });
  });

  test("hands a warning of the server on, once", async () => {
    await using bed = await makeBed();
    bed.server.settings.warning = 'v1 "Thing" is deprecated';
    const cluster = bed.connect();
    await cluster.list(CONFIG_MAP, {});
    await cluster.list(CONFIG_MAP, {});
    expect(bed.warnings).toEqual(['v1 "Thing" is deprecated']);
  });
});
