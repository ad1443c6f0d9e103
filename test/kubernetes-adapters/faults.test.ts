import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { createApiServer } from "../kubernetes/api-server.ts";
import type { FaultEffect } from "../kubernetes/faults.ts";
import { renderKubeconfig } from "../kubernetes/kubeconfig.ts";
import { CONFIG_MAP, configMap, makeBed } from "./on-stand-in.ts";

const MAPS = /\/configmaps/;
const changes = (bed: Awaited<ReturnType<typeof makeBed>>) =>
  bed.server.requests.filter(({ method, path }) => method !== "GET" && MAPS.test(path));

describe("a look", () => {
  test.each<[string, FaultEffect]>([
    ["429", { status: 429, reason: "TooManyRequests" }],
    ["500 while etcd's leader changes", { status: 500, message: "etcdserver: leader changed" }],
    ["502", { status: 502, page: "<html>bad gateway</html>" }],
    ["503", { status: 503 }],
    ["504", { status: 504 }],
    ["a cut connection", "reset"],
    ["silence", "hang"],
  ])("is repeated after %s, with waits that grow", async (_, effect) => {
    await using bed = await makeBed();
    bed.server.put(configMap("a"));
    bed.server.faults.add({ when: { path: MAPS }, times: 2, effect });
    const cluster = bed.connect({}, { limits: { requestMs: effect === "hang" ? 200 : 5_000 } });
    expect(await cluster.find({ ...CONFIG_MAP, name: "a" })).toBeDefined();
    expect(bed.waits).toEqual([250, 500]);
  });

  test("waits as long as the server asks for", async () => {
    await using bed = await makeBed();
    bed.server.faults.add({ when: { path: MAPS }, times: 1, effect: { status: 429, headers: { "retry-after": "3" } } });
    await bed.connect().list(CONFIG_MAP, {});
    expect(bed.waits).toEqual([3_300]);
  });

  test("is given up with what the server said at last", async () => {
    await using bed = await makeBed();
    bed.server.faults.add({
      when: { path: MAPS },
      effect: { status: 503, reason: "ServiceUnavailable", message: "no backend" },
    });
    await expect(bed.connect().list(CONFIG_MAP, {})).rejects.toMatchObject({ status: 503, message: "no backend" });
    expect(bed.waits).toHaveLength(4);
  });

  test.each([400, 403, 409, 422])("is not repeated after %d", async (status) => {
    await using bed = await makeBed();
    bed.server.faults.add({ when: { path: MAPS }, effect: { status } });
    await expect(bed.connect().list(CONFIG_MAP, {})).rejects.toMatchObject({ status });
    expect(bed.waits).toEqual([]);
  });

  test("takes nobody's word but the server's for what is not there", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    await cluster.findKind(CONFIG_MAP);
    bed.server.faults.add({ when: {}, effect: { status: 404, page: "<html>proxy</html>" } });
    const ref = { ...CONFIG_MAP, name: "a" };
    const unknown = { apiVersion: "x/v1", kind: "Y" };
    const works = await Promise.allSettled([cluster.find(ref), cluster.remove(ref), cluster.findKind(unknown)]);
    const refusal = { status: 404, reason: "", message: "<html>proxy</html>" };
    expect(works).toEqual(works.map(() => ({ status: "rejected", reason: expect.objectContaining(refusal) })));
  });
});

describe("a change", () => {
  test("is repeated after 429: it was not taken", async () => {
    await using bed = await makeBed();
    bed.server.faults.add({ when: { method: "POST", path: MAPS }, times: 2, effect: { status: 429 } });
    await bed.connect().create(configMap("a"));
    expect(changes(bed).map(({ status }) => status)).toEqual([429, 429, 201]);
  });

  test.each<[string, FaultEffect]>([
    ["500", { status: 500 }],
    ["503", { status: 503 }],
    ["a connection that is cut before", "reset"],
    ["a connection that is cut after it was taken", "reset-after"],
    ["silence", "hang"],
  ])("is never repeated after %s", async (_, effect) => {
    await using bed = await makeBed();
    bed.server.put(configMap("there"));
    const cluster = bed.connect({}, { limits: { requestMs: effect === "hang" ? 200 : 5_000 } });
    const works = [
      () => cluster.create(configMap("a")),
      () => cluster.patch({ ...CONFIG_MAP, name: "there" }, { data: { x: "1" } }),
      () => cluster.apply(configMap("b"), { fieldManager: "me" }),
      () => cluster.remove({ ...CONFIG_MAP, name: "there" }),
    ];
    for (const method of ["POST", "PATCH", "DELETE"]) bed.server.faults.add({ when: { method, path: MAPS }, effect });
    for (const work of works)
      await expect(work()).rejects.toThrow(
        typeof effect === "string" ? /Whether the change was taken is not known/ : /fault/,
      );
    expect(changes(bed)).toHaveLength(works.length);
  });

  test("that is only tried is a look", async () => {
    await using bed = await makeBed();
    bed.server.faults.add({ when: { method: "PATCH" }, times: 1, effect: { status: 503 } });
    await bed.connect().apply(configMap("b"), { fieldManager: "me", dryRun: true });
    bed.server.faults.add({ when: { method: "POST" }, times: 1, effect: { status: 503 } });
    const asked = await bed.connect().mayI({ verb: "get", group: "", resource: "pods" });
    expect([asked.allowed, bed.waits.length]).toEqual([true, 2]);
  });
});

describe("no answer", () => {
  const unreachable = (message: RegExp) => ({ code: "cluster-unreachable", message: expect.stringMatching(message) });

  test("where nothing listens: a change is tried again, since nobody took it", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect({ cluster: { server: "https://127.0.0.1:1" } });
    await expect(cluster.create(configMap("a"))).rejects.toMatchObject(
      unreachable(
        /^Cannot reach the API server https:\/\/127\.0\.0\.1:1 \(context "stand-in" of .*\): the connection was refused \(ECONNREFUSED\)\. Tried 5 times in \d+ s\. Nothing listens there/,
      ),
    );
  });

  test("from a name that is not there", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect({ cluster: { server: "https://gone.invalid" } });
    await expect(cluster.readVersion()).rejects.toMatchObject(
      unreachable(/no such host name|name server did not answer.*private/s),
    );
  });

  test("from a host that takes connections and says nothing", async () => {
    await using bed = await makeBed();
    const mute = createServer(() => undefined);
    await new Promise<void>((listening) => mute.listen(0, "127.0.0.1", listening));
    const { port } = mute.address() as AddressInfo;
    const cluster = bed.connect({ cluster: { server: `https://127.0.0.1:${port}` } }, { limits: { connectMs: 50 } });
    await expect(cluster.readVersion()).rejects.toMatchObject(
      unreachable(/no connection within 0\.05 s.*authorised IP ranges/s),
    );
    mute.close();
  });

  test("whose certificate is of another authority is not trusted, and not asked again", async () => {
    await using bed = await makeBed();
    await using other = await createApiServer();
    const { "certificate-authority-data": authority } = JSON.parse(renderKubeconfig(other)).clusters[0].cluster;
    const cluster = bed.connect({ cluster: { "certificate-authority-data": authority } });
    await expect(cluster.readVersion()).rejects.toMatchObject(unreachable(/certificate/));
    expect([bed.waits, bed.server.requests]).toEqual([[], []]);
  });

  test("is no matter where the kubeconfig wants no proof, or another name", async () => {
    await using bed = await makeBed({ names: ["api.example.test"] });
    const blind = { "certificate-authority-data": undefined, "insecure-skip-tls-verify": true };
    expect(await bed.connect({ cluster: blind }).readVersion()).toBe("v1.36.3");
    expect(await bed.connect({ cluster: { "tls-server-name": "api.example.test" } }).readVersion()).toBe("v1.36.3");
    const wrong = bed.connect({ cluster: { "tls-server-name": "other.example.test" } });
    await expect(wrong.readVersion()).rejects.toMatchObject(unreachable(/the certificate is for another host/));
  });

  test("ends at once when the job is cancelled", async () => {
    await using bed = await makeBed();
    bed.server.faults.add({ when: {}, effect: "hang" });
    const cluster = bed.connect();
    setTimeout(() => bed.cancel.abort(), 100);
    await expect(cluster.list(CONFIG_MAP, {})).rejects.toMatchObject({ code: "cancelled" });
    await expect(cluster.list(CONFIG_MAP, {})).rejects.toMatchObject({ code: "cancelled" });
  });
});
