import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseReleaseSecret } from "../../src/kubernetes/parse-release-secret.ts";
import { listReleaseRecords } from "../../src/kubernetes/read-release-records.ts";
import { makeBed } from "./on-stand-in.ts";

const encode = (bytes: Buffer): string => Buffer.from(bytes.toString("base64")).toString("base64");
const TEST = {
  ...{ name: "t", kind: "Pod", path: "demo/templates/t.yaml", manifest: "kind: Pod", events: ["test"] },
  last_run: { started_at: "2026-11-21T12:00:05Z", completed_at: "2026-11-21T12:00:06Z", phase: "Failed" },
};
const release = (version: number, status: string) => ({
  name: "web",
  namespace: "team",
  version,
  info: {
    status,
    description: `Upgrade "web" failed`,
    last_deployed: "2026-11-21T12:00:00.123456789+01:00",
    notes: "hi",
  },
  chart: { metadata: { name: "demo", version: "0.1.0", appVersion: "7" }, templates: [{ name: "x", data: "AA==" }] },
  config: { image: "x:1" },
  manifest: "---\nkind: Service\n",
  hooks: [
    { name: "m", path: "demo/templates/m.yaml", manifest: "kind: Job", events: ["pre-upgrade"], weight: 1 },
    TEST,
  ],
  apply_method: "ssa",
});
const secret = (version: number, status: string, data: string, labels = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name: `sh.helm.release.v1.web.v${version}`,
    namespace: "team",
    labels: { owner: "helm", name: "web", status, version: `${version}`, modifiedAt: "1", ...labels },
  },
  type: "helm.sh/release.v1",
  data: { release: data },
});
const zipped = (value: unknown): string => encode(gzipSync(JSON.stringify(value)));

describe("what helm keeps of a release", () => {
  test("is read newest first, with the Secret that holds it", async () => {
    await using bed = await makeBed();
    bed.server.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    for (const version of [2, 10, 9]) {
      bed.server.put(secret(version, "superseded", zipped(release(version, "superseded")), { "mayfly-run": "5" }));
    }
    bed.server.put({
      ...secret(1, "deployed", zipped(release(1, "deployed"))),
      metadata: { name: "other", namespace: "team", labels: { owner: "helm", name: "api" } },
    });
    const { releases, unreadable } = await listReleaseRecords(bed.connect(), "team", "web");
    expect([releases.map(({ record }) => record.revision), unreadable]).toEqual([[10, 9, 2], []]);
    const stored = bed.server.find({
      apiVersion: "v1",
      kind: "Secret",
      namespace: "team",
      name: "sh.helm.release.v1.web.v10",
    });
    expect(releases[0]).toEqual({
      secret: {
        name: "sh.helm.release.v1.web.v10",
        uid: stored?.metadata.uid,
        resourceVersion: stored?.metadata.resourceVersion,
      },
      record: {
        name: "web",
        namespace: "team",
        revision: 10,
        status: "superseded",
        description: `Upgrade "web" failed`,
        deployedAt: "2026-11-21T12:00:00.123456789+01:00",
        labels: { "mayfly-run": "5" },
        chart: { name: "demo", version: "0.1.0", appVersion: "7" },
        manifest: "---\nkind: Service\n",
        hooks: [
          { path: "demo/templates/m.yaml", manifest: "kind: Job", events: ["pre-upgrade"], name: "m" },
          {
            ...{ path: "demo/templates/t.yaml", manifest: "kind: Pod", events: ["test"], name: "t", kind: "Pod" },
            lastRun: { startedAt: "2026-11-21T12:00:05Z", phase: "Failed" },
          },
        ],
        values: { image: "x:1" },
        applyMethod: "ssa",
      },
    });
  });

  test("is told of where it cannot be read, and the rest is read all the same", async () => {
    await using bed = await makeBed();
    const bomb = encode(gzipSync(Buffer.alloc(33 * 1024 * 1024, " ")));
    const rest = [encode(Buffer.from("no json")), zipped({ name: "web" }), "", bomb, "%%%"];
    bed.server.put(secret(1, "deployed", zipped(release(1, "deployed"))));
    for (const [at, data] of rest.entries()) bed.server.put(secret(at + 2, "failed", data));
    const { releases, unreadable } = await listReleaseRecords(bed.connect(), "team", "web");
    expect(releases.map(({ record }) => record.revision)).toEqual([1]);
    expect(unreadable.map(({ revision, because }) => `${revision}: ${because}`)).toEqual([
      "2: data.release is not what helm writes",
      "3: data.release has no name or no version",
      "4: it has no data.release",
      "5: data.release is larger than 32 MiB",
      "6: data.release is not what helm writes",
    ]);
  });

  test("of before helm compressed it, and of statuses to come, is read, too", () => {
    const { apply_method: _, ...old } = release(3, "pending-frobnicate");
    expect(parseReleaseSecret(secret(3, "x", encode(Buffer.from(JSON.stringify(old)))))).toMatchObject({
      status: "unknown",
      applyMethod: "csa",
    });
  });

  test("never throws, whatever is in the Secret", () => {
    const sound = release(1, "deployed");
    const value = fc.oneof(fc.jsonValue(), fc.constant([{ toString: "" }]));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => encode(gzipSync(text))),
          fc.tuple(fc.constantFrom(...Object.keys(sound)), value).map(([key, odd]) => zipped({ ...sound, [key]: odd })),
          fc
            .tuple(fc.constantFrom(...Object.keys(TEST)), value)
            .map(([key, odd]) => zipped({ ...sound, hooks: [{ ...TEST, [key]: odd }] })),
        ),
        (data) => {
          const parsed = parseReleaseSecret(secret(1, "deployed", data));
          expect(["string", "object"]).toContain(typeof parsed);
        },
      ),
    );
  });
});
