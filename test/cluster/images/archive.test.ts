import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { extract, type Header } from "tar-stream";
import { writeImageArchive } from "./archive.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayfly-archive-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The entries of a tar archive by name. */
async function list(source: NodeJS.ReadableStream) {
  const entries = new Map<string, { readonly header: Header; readonly bytes: Buffer }>();
  const tar = extract();
  source.pipe(tar as unknown as NodeJS.WritableStream);
  for await (const entry of tar) {
    const bytes = await buffer(entry as unknown as NodeJS.ReadableStream);
    entries.set(entry.header.name, { header: entry.header, bytes });
  }
  return entries;
}

test("an archive has an image whose every digest is right, with its files, and the same bytes each time", async () => {
  const program = join(folder, "program");
  await writeFile(program, "x".repeat(200_000));
  const image = {
    reference: "mayfly.local/app:1",
    files: { "bin/program": { from: program }, "etc/name": { text: "app" } },
    links: { "bin/sh": "program" },
    entrypoint: ["/bin/program"],
  };
  const [first, second] = [join(folder, "1.tar"), join(folder, "2.tar")];
  for (const path of [first, second]) await writeImageArchive(path, image);
  expect((await readFile(first)).equals(await readFile(second))).toBe(true);

  const entries = await list(createReadStream(first));
  for (const [name, { bytes }] of entries) {
    const [, digest] = /^blobs\/sha256\/(.+)$/.exec(name) ?? [];
    if (digest !== undefined) expect(createHash("sha256").update(bytes).digest("hex")).toBe(digest);
  }
  const read = (digest: string) => entries.get(`blobs/${digest.replace(":", "/")}`)?.bytes ?? Buffer.alloc(0);
  const [described] = JSON.parse(`${entries.get("index.json")?.bytes}`).manifests;
  expect(described.annotations).toEqual({ "io.containerd.image.name": "mayfly.local/app:1" });
  const manifest = JSON.parse(read(described.digest).toString());
  const config = JSON.parse(read(manifest.config.digest).toString());
  expect(config.config.Entrypoint).toEqual(["/bin/program"]);
  expect(config.rootfs.diff_ids).toEqual([manifest.layers[0].digest]);
  expect(read(manifest.layers[0].digest).length).toBe(manifest.layers[0].size);
});
