import { describe, expect, test } from "@jest/globals";
import { MEDIA_TYPES } from "../../src/image/manifest.ts";
import { digestOf } from "../registry/far-registry.ts";
import { linesTo, NOW, stage } from "./registry-on-emulator.ts";

const setUp = () => stage({ teamRoles: ["AcrPush", "AcrDelete"], settings: { pageSize: 2 } });

describe("what a registry tells of a repository", () => {
  test("is every tag of every page, with times and locks", async () => {
    const { acr, metadata } = setUp();
    const digest = await acr.seed("team/app", ["1", "2", "3", "4", "5"]);
    acr.lock("team/app", "3", { deleteEnabled: false });
    const tags = await metadata.listTags("team/app");
    expect(tags?.map(({ name }) => name)).toEqual(["1", "2", "3", "4", "5"]);
    expect(tags?.[0]).toEqual({
      name: "1",
      digest,
      createdAt: NOW,
      updatedAt: NOW,
      writeEnabled: true,
      deleteEnabled: true,
    });
    expect(tags?.[2]).toMatchObject({ writeEnabled: true, deleteEnabled: false });
  });

  test("is what an index is made of, whether the list says so or not", async () => {
    const { azure, acr, metadata, registry } = setUp();
    const child = await acr.seed("team/app", []);
    const manifests = [{ mediaType: MEDIA_TYPES.ociManifest, digest: child, size: 1 }];
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests }));
    const index = { mediaType: MEDIA_TYPES.ociIndex, digest: digestOf(bytes), bytes };
    await registry.putManifest("team/app", "1", index);
    const told = await metadata.listManifests("team/app");
    azure.faults.add(
      { name: "silent", when: { path: /\/_manifests$/ } },
      {
        kind: "rewrite",
        answer: (response) => ({ ...response, body: response.body.toString().replaceAll('"references"', '"other"') }),
      },
    );
    const untold = await metadata.listManifests("team/app");
    for (const list of [told, untold]) {
      expect(list?.find(({ digest }) => digest === index.digest)).toMatchObject({ tags: ["1"], references: [child] });
      expect(list?.find(({ digest }) => digest === child)).toMatchObject({ tags: [], references: [] });
    }
    await metadata.listManifests("team/app");
    const reads = linesTo(azure, acr.loginServer).filter((line) =>
      line.includes(`/v2/team/app/manifests/${index.digest}`),
    );
    expect(reads.filter((line) => line.startsWith("GET"))).toHaveLength(1);
  });

  test("is nothing where there is no such repository", async () => {
    const { metadata } = setUp();
    expect(await metadata.listTags("team/none")).toBeUndefined();
    expect(await metadata.listManifests("team/none")).toBeUndefined();
    expect(await metadata.findLocks("team/none")).toBeUndefined();
  });

  test("is whether it is locked as a whole; what is not said counts as locked", async () => {
    const { azure, acr, metadata } = setUp();
    await acr.seed("team/app", ["1"]);
    expect(await metadata.findLocks("team/app")).toEqual({ writeEnabled: true, deleteEnabled: true });
    acr.lock("team/app", undefined, { writeEnabled: false });
    expect(await metadata.findLocks("team/app")).toEqual({ writeEnabled: false, deleteEnabled: true });
    const silent = { kind: "respond", status: 200, body: { imageName: "team/app" } } as const;
    azure.faults.add({ name: "silent", when: { path: /^\/acr\/v1\/team\/app$/ } }, silent);
    expect(await metadata.findLocks("team/app")).toEqual({ writeEnabled: false, deleteEnabled: false });
  });

  test.each<readonly [string, number, string]>([
    ["a proxy's 404", 404, "<html>not here</html>"],
    ["a list that is none", 200, '{"hello":"proxy"}'],
    ["a tag without a digest", 200, '{"tags":[{"name":"1"}]}'],
  ])("is a fault where %s comes instead", async (_, status, body) => {
    const { azure, acr, metadata } = setUp();
    await acr.seed("team/app", ["1"]);
    azure.faults.add({ name: "lie", when: { path: /\/_tags$/ } }, { kind: "respond", status, body });
    await expect(metadata.listTags("team/app")).rejects.toMatchObject({ name: "RegistryFault" });
  });

  test("counts as locked where it is not said", async () => {
    const { azure, metadata } = setUp();
    const body = { tags: [{ name: "1", digest: digestOf("x") }] };
    azure.faults.add({ name: "short", when: { path: /\/_tags$/ } }, { kind: "respond", status: 200, body });
    expect(await metadata.listTags("team/app")).toMatchObject([{ writeEnabled: false, deleteEnabled: false }]);
  });
});

describe("a delete", () => {
  test("of a tag leaves its manifest, and is gone the second time", async () => {
    const { acr, metadata } = setUp();
    const digest = await acr.seed("team/app", ["1", "2"]);
    expect(await metadata.untag("team/app", "1")).toBe("removed");
    expect(await metadata.untag("team/app", "1")).toBe("gone");
    expect((await metadata.listTags("team/app"))?.map(({ name }) => name)).toEqual(["2"]);
    expect(await metadata.deleteManifest("team/app", digest)).toBe("removed");
    expect(await metadata.deleteManifest("team/app", digest)).toBe("gone");
  });

  test("of what is locked says so", async () => {
    const { acr, metadata } = setUp();
    const digest = await acr.seed("team/app", ["1"]);
    acr.lock("team/app", "1", { deleteEnabled: false });
    acr.lock("team/app", digest, { deleteEnabled: false });
    expect(await metadata.untag("team/app", "1")).toBe("locked");
    expect(await metadata.deleteManifest("team/app", digest)).toBe("locked");
  });

  test.each([
    ["a busy registry", { kind: "respond", status: 503, body: "later" }],
    ["too many requests", { kind: "throttle", seconds: 1 }],
    ["a cut connection", { kind: "reset" }],
    ["a proxy's 404", { kind: "respond", status: 404, body: "<html>no</html>" }],
    ["a proxy's 405", { kind: "respond", status: 405, body: "<html>no</html>" }],
    [
      "a token that has ended",
      { kind: "respond", status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "ended" }] } },
    ],
  ] as const)("is sent once, and not called done, after %s", async (_, effect) => {
    const { azure, acr, metadata } = setUp();
    const digest = await acr.seed("team/app", ["1"]);
    azure.faults.add({ name: "fault", when: { method: "DELETE" }, times: 1 }, effect);
    await expect(metadata.untag("team/app", "1")).rejects.toMatchObject({ name: "RegistryFault" });
    expect(azure.traffic.find({ method: "DELETE" })).toHaveLength(1);
    expect(await metadata.untag("team/app", "1")).toBe("removed");
    expect(await metadata.deleteManifest("team/app", digest)).toBe("removed");
  });

  test("has its token before it is sent, so that nothing comes between the look and the delete", async () => {
    const { azure, acr, metadata } = setUp();
    await acr.seed("team/app", ["1"]);
    await metadata.untag("team/app", "1");
    const lines = linesTo(azure, acr.loginServer);
    expect(lines).toEqual(["POST /oauth2/exchange", "POST /oauth2/token", "DELETE /acr/v1/team/app/_tags/1"]);
  });

  test.each(["fewer", "refuse"] as const)(
    "needs no more rights than AcrPull and AcrDelete, where a token of less has %s",
    async (narrowToken) => {
      const { acr, metadata } = stage({ teamRoles: ["AcrPull", "AcrDelete"], settings: { narrowToken } });
      const digest = await acr.seed("team/app", ["1"]);
      expect(await metadata.listTags("team/app")).toHaveLength(1);
      expect(await metadata.untag("team/app", "1")).toBe("removed");
      expect(await metadata.deleteManifest("team/app", digest)).toBe("removed");
    },
  );

  test("without the right to is refused", async () => {
    const { acr, metadata } = stage({ teamRoles: ["AcrPull"] });
    await acr.seed("team/app", ["1"]);
    await expect(metadata.untag("team/app", "1")).rejects.toMatchObject({
      facts: { status: 401, granted: [expect.not.stringContaining("delete")] },
    });
  });

  test.each(["..", "a b", "x/../../y"])("of a tag called %j is never asked for", async (tag) => {
    const { azure, metadata } = setUp();
    await expect(async () => metadata.untag("team/app", tag)).rejects.toThrow("neither a tag nor a digest");
    expect(azure.traffic.find({ method: "DELETE" })).toEqual([]);
  });
});
