import { describe, expect, test } from "@jest/globals";
import { connectNamespaces } from "../../src/kubernetes/namespaces.ts";
import type { ApiServer } from "../kubernetes/api-server.ts";
import { makeBed } from "./on-stand-in.ts";

const NAMESPACE = { apiVersion: "v1", kind: "Namespace" } as const;

function put(server: ApiServer, name: string, metadata: Readonly<Record<string, unknown>> = {}, status = {}): void {
  server.put({ ...NAMESPACE, metadata: { name, ...metadata }, status });
}

describe("namespaces of a cluster", () => {
  test("are listed by a label, or all of them", async () => {
    await using bed = await makeBed();
    put(bed.server, "pr-1", { labels: { "auto-destroy": "true" }, annotations: { "expires-at": "x" } });
    put(bed.server, "pr-2");
    const namespaces = connectNamespaces(bed.connect());
    expect(await namespaces.list("auto-destroy=true")).toEqual([
      expect.objectContaining({ name: "pr-1", annotations: { "expires-at": "x" }, deleting: false }),
    ]);
    expect((await namespaces.list("")).map(({ name }) => name)).toEqual(["default", "kube-system", "pr-1", "pr-2"]);
  });

  test("take an annotation and keep the others", async () => {
    await using bed = await makeBed();
    put(bed.server, "pr-1", { annotations: { owner: "me", "expires-at": "old" } });
    const namespaces = connectNamespaces(bed.connect());
    await namespaces.annotate("pr-1", { "expires-at": "new" });
    expect((await namespaces.find("pr-1"))?.annotations).toEqual({ owner: "me", "expires-at": "new" });
  });

  test("are removed only as they were looked at", async () => {
    await using bed = await makeBed();
    put(bed.server, "pr-1");
    const namespaces = connectNamespaces(bed.connect());
    const seen = await namespaces.find("pr-1");
    if (seen === undefined) throw new Error("not there");
    await namespaces.annotate("pr-1", { "expires-at": "later" });
    expect(await namespaces.remove(seen)).toBe("changed");
    const edited = await namespaces.find("pr-1");
    if (edited === undefined) throw new Error("removed");
    bed.server.remove({ ...NAMESPACE, name: "pr-1" });
    put(bed.server, "pr-1");
    expect(await namespaces.remove(edited)).toBe("changed");
    const anew = await namespaces.find("pr-1");
    if (anew === undefined) throw new Error("removed");
    expect(anew.uid).not.toBe(seen.uid);
    expect(await namespaces.remove(anew)).toBe("accepted");
    expect(await namespaces.find("pr-1")).toBeUndefined();
    expect(await namespaces.remove(anew)).toBe("gone");
  });

  test.each([{ uid: "" }, { resourceVersion: "" }])("nothing is removed without a condition: %j", async (missing) => {
    await using bed = await makeBed();
    put(bed.server, "pr-1");
    const namespaces = connectNamespaces(bed.connect());
    const seen = { name: "pr-1", uid: "u", resourceVersion: "1", ...missing };
    await expect(namespaces.remove(seen)).rejects.toThrow("was not looked at");
    expect(bed.server.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  test("that cannot go say what holds them", async () => {
    await using bed = await makeBed();
    const message = "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances";
    const conditions = [
      { type: "NamespaceContentRemaining", status: "True", message: "configmaps. has 1 resource instances" },
      { type: "NamespaceFinalizersRemaining", status: "True", message },
      { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "All resources discovered" },
    ];
    put(bed.server, "pr-1", { finalizers: ["example.com/own"] }, { phase: "Terminating", conditions });
    const namespaces = connectNamespaces(bed.connect());
    expect((await namespaces.find("pr-1"))?.heldBy).toBeUndefined();
    bed.server.remove({ ...NAMESPACE, name: "pr-1" });
    expect(await namespaces.find("pr-1")).toMatchObject({
      deleting: true,
      heldBy: [message, "configmaps. has 1 resource instances", "finalizers of the namespace: example.com/own"],
    });
  });

  test("are not taken for gone by the word of something that is no API server", async () => {
    await using bed = await makeBed();
    put(bed.server, "pr-1");
    const namespaces = connectNamespaces(bed.connect());
    bed.server.faults.add({ when: { path: /./ }, effect: { status: 404, page: "404 page not found\n" } });
    await expect(namespaces.find("pr-1")).rejects.toMatchObject({ name: "KubeRefusal" });
    await expect(namespaces.remove({ name: "pr-1", uid: "u", resourceVersion: "1" })).rejects.toMatchObject({
      name: "KubeRefusal",
    });
  });
});
