import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeScratchFolder, removeScratchFolder } from "../../src/kit/scratch-folder.ts";

const KIND = { prefix: "mayfly-test-", maker: "the test" };
let temp: string;
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), "scratch-test-"));
});
afterEach(() => rm(temp, { recursive: true, force: true }));

const make = async (...path: readonly string[]): Promise<string> => {
  const folder = join(temp, ...path);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "file"), "");
  return folder;
};
const remove = (folder: string, scratch = temp): Promise<string | undefined> =>
  removeScratchFolder(folder, KIND, scratch);

describe("a folder of an action", () => {
  test("is for this user only, and each has its own", async () => {
    const [one, other] = [await makeScratchFolder(KIND, temp), await makeScratchFolder(KIND, temp)];
    expect(one).not.toBe(other);
    expect(basename(one)).toMatch(/^mayfly-test-/);
    expect((await stat(one)).mode & 0o777).toBe(0o700);
  });

  test("that cannot be made says that the runner's scratch folder is at fault", async () => {
    const failed = makeScratchFolder(KIND, join(temp, "missing"));
    await expect(failed).rejects.toMatchObject({ name: "UserError", code: "runner-files" });
  });

  test("is removed with all that is in it, once or twice, and its neighbour stays", async () => {
    const folder = await makeScratchFolder(KIND, temp);
    await make(basename(folder), "deep");
    await make("mayfly-test-other");
    expect(await remove(folder)).toBeUndefined();
    expect(await remove(folder)).toBeUndefined();
    expect(await readdir(temp)).toEqual(["mayfly-test-other"]);
  });

  test.each([["another name"], ["outside"], ["deeper"], ["traversal"], ["relative"]])(
    "is left when it is %s",
    async (kind) => {
      const scratch = join(temp, "scratch");
      const folder = {
        "another name": await make("scratch", "work"),
        outside: await make("mayfly-test-outside"),
        deeper: await make("scratch", "deep", "mayfly-test-x"),
        traversal: `${scratch}/../mayfly-test-outside`,
        relative: "mayfly-test-outside",
      }[kind];
      expect(await remove(folder ?? "", scratch)).toEqual(expect.any(String));
      for (const kept of ["scratch/work", "mayfly-test-outside", "scratch/deep/mayfly-test-x"]) {
        expect(await readdir(join(temp, kept))).toEqual(["file"]);
      }
    },
  );

  test("is not followed where it is a link, nor are the links in it", async () => {
    const precious = await make("precious");
    const link = join(temp, "mayfly-test-link");
    await symlink(precious, link);
    expect(await remove(link)).toContain("not a folder any more");
    const inside = await make("mayfly-test-real");
    await symlink(precious, join(inside, "link"));
    expect(await remove(inside)).toBeUndefined();
    expect(await readdir(precious)).toEqual(["file"]);
  });
});
