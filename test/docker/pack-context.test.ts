import { execFileSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { hashFiles, listContext } from "../../src/docker/context-folder.ts";
import { packContext } from "../../src/docker/pack-context.ts";

const EVERYTHING = { ignores: () => false, prunes: () => false };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayfly-context-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function makeContext(): Promise<string> {
  const root = join(folder, "context");
  await mkdir(join(root, "src/deep"), { recursive: true });
  await writeFile(join(root, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  await writeFile(join(root, "src/deep/é ü.txt"), "text");
  await writeFile(join(root, "run.sh"), "#!/bin/sh\n");
  await chmod(join(root, "run.sh"), 0o755);
  await symlink("../outside", join(root, "src/link"));
  return root;
}

describe("a context", () => {
  test("is listed without what is ignored, links as links, in a fixed order", async () => {
    const root = await makeContext();
    execFileSync("mkfifo", [join(root, "pipe")]);
    const entries = await listContext(root, { ignores: (path) => path === "src/deep", prunes: () => false });
    expect(entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "file Dockerfile",
      "file run.sh",
      "folder src",
      "file src/deep/é ü.txt",
      "link src/link",
    ]);
    expect(entries.find(({ path }) => path === "src/link")?.target).toBe("../outside");
  });

  test("with a name that is no UTF-8 is refused, unless that is ignored", async () => {
    const root = await makeContext();
    await writeFile(Buffer.concat([Buffer.from(join(root, "src", "bad-")), Buffer.from([0xff])]), "");
    await expect(listContext(root, EVERYTHING)).rejects.toMatchObject({
      code: "context-unreadable",
      message: 'context: the name of "src/bad-\ufffd" is no UTF-8. Rename it, or name it in .dockerignore.',
    });
    const entries = await listContext(root, { ...EVERYTHING, ignores: (path) => path.startsWith("src/bad-") });
    expect(entries).toHaveLength(6);
  });

  test("that changes while it is read is told of by the name of what is gone", async () => {
    const root = await makeContext();
    const entries = await listContext(root, EVERYTHING);
    await rm(join(root, "run.sh"));
    await expect(hashFiles(root, entries)).rejects.toMatchObject({
      code: "context-unreadable",
      message: expect.stringContaining('"run.sh" cannot be read (ENOENT)'),
    });
  });

  test("is not looked into where an ignored folder cannot come back", async () => {
    const root = await makeContext();
    const asked: string[] = [];
    const ignores = (path: string): boolean => {
      asked.push(path);
      return path === "src";
    };
    await listContext(root, { ignores, prunes: () => true });
    expect(asked).toEqual(["Dockerfile", "run.sh", "src"]);
  });

  test("comes out of the archive as it went in, the same bytes each time", async () => {
    const root = await makeContext();
    const entries = await listContext(root, EVERYTHING);
    const archive = join(folder, "a.tar.gz");
    const packed = packContext(root, entries, [{ path: "0af_Dockerfile", content: "FROM scratch\n" }]);
    await pipeline(packed.stream, createWriteStream(archive));
    await pipeline(
      packContext(root, entries, [{ path: "0af_Dockerfile", content: "FROM scratch\n" }]).stream,
      createWriteStream(`${archive}.2`),
    );
    expect(await readFile(`${archive}.2`)).toEqual(await readFile(archive));
    expect(packed.packed()).toBe(entries.reduce((sum, { size }) => sum + size, 0));

    const out = join(folder, "out");
    await mkdir(out);
    execFileSync("tar", ["xzf", archive, "-C", out]);
    expect(await readFile(join(out, "src/deep/é ü.txt"), "utf8")).toBe("text");
    expect(await readFile(join(out, "0af_Dockerfile"), "utf8")).toBe("FROM scratch\n");
    expect(await readlink(join(out, "src/link"))).toBe("../outside");
    expect((await stat(join(out, "run.sh"))).mode & 0o777).toBe(0o755);
  });

  test("fails as a whole when a file shrinks under the packer's hands", async () => {
    const root = await makeContext();
    await writeFile(join(root, "big"), Buffer.alloc(100_000));
    const entries = await listContext(root, EVERYTHING);
    await truncate(join(root, "big"), 10);
    const { stream } = packContext(root, entries);
    await expect(pipeline(stream, createWriteStream(join(folder, "x")))).rejects.toThrow();
  });

  test("fails as a whole when a file vanishes", async () => {
    const root = await makeContext();
    const entries = await listContext(root, EVERYTHING);
    await rm(join(root, "run.sh"));
    const { stream } = packContext(root, entries);
    await expect(pipeline(stream, createWriteStream(join(folder, "x")))).rejects.toThrow(/ENOENT/);
  });

  test("is hashed file by file", async () => {
    const root = await makeContext();
    const hashes = await hashFiles(root, await listContext(root, EVERYTHING));
    expect([...hashes.keys()].sort()).toEqual(["Dockerfile", "run.sh", "src/deep/é ü.txt"]);
    const expected = execFileSync("sha256sum", [join(root, "run.sh")]).toString();
    expect(expected.split(" ")[0]).toBe(hashes.get("run.sh"));
  });
});
