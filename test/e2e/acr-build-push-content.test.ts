import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { seedImage, writeContext } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";

jest.setTimeout(180_000);

let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx" });
});
afterAll(async () => scene[Symbol.asyncDispose]());

describe("skip-if-unchanged", () => {
  let workspace: string;
  let first: Published;
  const publish = (inputs: Readonly<Record<string, string>> = {}): Promise<Published> =>
    scene.publish(
      {
        images: "kept/app",
        tags: "main",
        latest: "never",
        "skip-if-unchanged": "true",
        "build-args": "A=1",
        ...inputs,
      },
      { workspace },
    );
  const uploads = () => scene.azure.traffic.find({ method: "POST", path: /\/blobs\/uploads\/$/ }).length;
  beforeAll(async () => {
    await seedImage(scene.registry, "kept/base", "1");
    workspace = await writeContext(scene, {
      Dockerfile: "ARG A\nFROM mayfly.azurecr.io/kept/base:1\nARG A\nLABEL a=$A\nCOPY page /page\n",
      page: "one",
      // What is not sent does not count.
      ".dockerignore": "notes\n",
      notes: "of yesterday",
    });
    first = await publish();
    expect(first.errors).toEqual([]);
  });

  test("builds what is new, and keeps a name of its content beside the tags", async () => {
    expect(first.outputs).toMatchObject({ outcome: "built", builder: "buildx" });
    const { main, ...others } = await scene.tags("kept/app");
    expect(main).toBe(first.outputs["digest"]);
    expect(Object.entries(others)).toEqual([[expect.stringMatching(/^ctx-[0-9a-f]{32}$/), main]]);
  });

  test("builds nothing where only times and ignored files have changed: the tags move to the same digest", async () => {
    await utimes(join(workspace, "page"), new Date(), new Date(Date.now() + 60_000));
    await writeFile(join(workspace, "notes"), "of today");
    const before = uploads();
    const again = await publish({ tags: "main\nnext" });
    expect(again.errors).toEqual([]);
    const { digest, digests } = first.outputs;
    expect(again.outputs).toMatchObject({ outcome: "reused", builder: "", digest, digests });
    expect(uploads()).toBe(before);
    expect(again.log.filter(({ text }) => /^#\d+ /.test(text))).toEqual([]);
    expect(await scene.tags("kept/app")).toMatchObject({ main: digest, next: digest });
  });

  interface Change {
    readonly what: string;
    readonly make?: () => Promise<unknown>;
    readonly inputs?: Readonly<Record<string, string>>;
  }
  test.each<Change>([
    { what: "a file", make: () => writeFile(join(workspace, "page"), "two") },
    { what: "a build argument", inputs: { "build-args": "A=2" } },
    { what: "the base image", make: () => seedImage(scene.registry, "kept/base", "1", "arm64") },
  ])("builds again after a change of $what", async ({ make, inputs }) => {
    const { main: before } = await scene.tags("kept/app");
    await make?.();
    const changed = await publish(inputs);
    expect(changed.errors).toEqual([]);
    expect(changed.outputs).toMatchObject({ outcome: "built" });
    expect(changed.outputs["digest"]).not.toBe(before);
    expect(await scene.tags("kept/app")).toMatchObject({ main: changed.outputs["digest"] });
  });

  test("tells in a dry run that there is nothing to build, and changes nothing", async () => {
    const before = await scene.tags("kept/app");
    const dry = await publish({ tags: "dry", "dry-run": "true" });
    expect(dry.errors).toEqual([]);
    expect(dry.outputs).toMatchObject({ outcome: "checked", digest: "", tags: "" });
    expect(dry.summary).toContain("nothing would be built");
    expect(await scene.tags("kept/app")).toEqual(before);
  });

  test("builds where nobody can tell whether the same would come of it, and says so", async () => {
    const fetching = await writeContext(scene, {
      Dockerfile: "FROM scratch\nCOPY --from=more page /page\n",
      page: "x",
    });
    const inputs = { images: "kept/doubt", tags: "main", "skip-if-unchanged": "true", "build-contexts": "more=." };
    const [one, two] = [
      await scene.publish(inputs, { workspace: fetching }),
      await scene.publish(inputs, { workspace: fetching }),
    ];
    expect([one.outputs["outcome"], two.outputs["outcome"]]).toEqual(["built", "built"]);
    expect(two.summary).toContain("is not looked into");
  });
});
