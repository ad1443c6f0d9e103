import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { makeLayout, makeSaved, writeFolder, writeTar } from "../registry/image-on-disk.ts";
import { LAYOUT } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";
import { inLanes } from "./lanes.ts";

jest.setTimeout(180_000);

// No docker and no builder: what is on disk is read and pushed by the action itself.
let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "none" });
});
afterAll(async () => scene[Symbol.asyncDispose]());

interface Hostile {
  readonly name: string;
  /** Writes into the workspace what `from` names. */
  readonly write: (workspace: string) => Promise<unknown>;
  readonly from?: string;
  readonly says: string;
}

const TAR = "image.tar";
const HOSTILE: readonly Hostile[] = [
  {
    name: "it has other content than its digest says",
    write: async (workspace) => {
      const { files, root } = await makeLayout(["amd64"]);
      const manifest = `blobs/${root.digest.replace(":", "/")}`;
      await writeTar(join(workspace, TAR), { ...files, [manifest]: `${files[manifest]} ` });
    },
    says: "other content than its name says",
  },
  {
    name: "a name leads out of the archive",
    write: async (workspace) =>
      writeTar(join(workspace, TAR), (await makeSaved(["x"])).files, [{ name: "../../outside", content: "x" }]),
    says: "leads out of it",
  },
  {
    name: "a link leads out of the archive",
    write: async (workspace) => {
      const { files, names } = await makeSaved(["x"]);
      const [layer = ""] = names;
      const { [layer]: _, ...others } = files;
      await writeTar(join(workspace, TAR), others, [{ name: layer, type: "symlink", linkname: "../../../etc/passwd" }]);
    },
    says: "leads out of it",
  },
  {
    name: "it is cut",
    write: (workspace) => writeFile(join(workspace, TAR), "x".repeat(700)),
    says: "no tar archive, or ends in the middle",
  },
  {
    name: "a link leads out of the folder",
    write: async (workspace) => {
      const { files, root } = await makeLayout(["amd64"]);
      await writeFolder(join(workspace, LAYOUT), files);
      const manifest = join(workspace, LAYOUT, "blobs", root.digest.replace(":", "/"));
      await rm(manifest);
      await symlink("/etc/passwd", manifest);
    },
    from: LAYOUT,
    says: "is a link that leads out of it",
  },
];

describe("an image on disk is refused when", () => {
  const refused = new Map<string, Published>();
  beforeAll(async () => {
    await inLanes(HOSTILE, 2, async ({ name, write, from = TAR }) => {
      const workspace = await mkdtemp(join(scene.scratch, "workspace-"));
      await write(workspace);
      refused.set(name, await scene.publish({ images: "hostile/app", tags: "v1", from }, { workspace }));
    });
  });

  test.each(HOSTILE)("$name", ({ name, says }) => {
    const { outputs, errors = [] } = refused.get(name) ?? {};
    expect(outputs).toMatchObject({ "error-code": "broken-image", digest: "", tags: "" });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain(says);
  });

  test("and no part of it that counts is in the registry", async () => {
    expect((await scene.registry.contents())["hostile/app"]?.manifests ?? {}).toEqual({});
  });
});

test("an image on disk is chosen by its name where there are several", async () => {
  const workspace = await mkdtemp(join(scene.scratch, "workspace-"));
  const [first, second] = [await makeLayout(["amd64"]), await makeLayout(["arm64"])];
  const name = (value: string) => ({ "org.opencontainers.image.ref.name": value });
  const manifests = [
    { ...first.root, annotations: name("first") },
    { ...second.root, annotations: name("second") },
  ];
  const index = JSON.stringify({ schemaVersion: 2, manifests });
  await writeTar(join(workspace, "both.tar"), { ...first.files, ...second.files, "index.json": index });
  const push = (from: string) => scene.publish({ images: "several/app", tags: "v1", from }, { workspace });
  const unclear = await push("both.tar");
  expect(unclear.outputs["error-code"]).toBe("image-ambiguous");
  expect(unclear.errors[0]?.message).toContain("both.tar#<name or digest>");
  const chosen = await push("both.tar#second");
  expect(chosen.errors).toEqual([]);
  expect(await scene.tags("several/app")).toEqual({ v1: second.root.digest });
});

test.each([
  ["resource id", () => scene.registry.id],
  ["name", () => "mayfly"],
  ["login server", () => "MayFly.azurecr.io"],
])("a registry is found by its %s", async (_, registry) => {
  const workspace = await mkdtemp(join(scene.scratch, "workspace-"));
  const { files, root } = await makeLayout(["amd64"]);
  await writeFolder(join(workspace, LAYOUT), files);
  const { outputs } = await scene.publish(
    { registry: registry(), images: "found/app", tags: "v1", from: LAYOUT },
    { workspace },
  );
  expect(outputs).toMatchObject({ "login-server": "mayfly.azurecr.io", digest: root.digest, "error-code": "" });
});
