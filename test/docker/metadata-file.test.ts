import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readMetadataFile } from "../../src/docker/metadata-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metadata-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const encode = (text: string): string => Buffer.from(text).toString("base64");
const DIGEST = `sha256:${"a".repeat(64)}`;
const warning = (change: object = {}) => ({
  vertex: `sha256:${"b".repeat(64)}`,
  level: 1,
  short: encode("FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 2)"),
  detail: [encode("The 'as' keyword should match the case of the 'from' keyword")],
  url: "https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
  sourceInfo: { filename: "Dockerfile", data: encode("FROM scratch"), language: "Dockerfile" },
  range: [{ start: { line: 2 }, end: { line: 2 } }],
  ...change,
});

async function read(content: unknown) {
  const path = join(folder, "metadata.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return readMetadataFile(path, "services/api/Dockerfile");
}

describe("buildx's metadata file", () => {
  test("tells the digest and the warnings, each at its line of the Dockerfile", async () => {
    const metadata = { "containerimage.digest": DIGEST, "buildx.build.warnings": [warning()] };
    expect(await read(metadata)).toEqual({
      digest: DIGEST,
      metadata,
      warnings: [
        {
          message:
            "FromAsCasing: 'as' and 'FROM' keywords' casing do not match\nThe 'as' keyword should match the case of the 'from' keyword",
          file: "services/api/Dockerfile",
          line: 2,
          url: "https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
        },
      ],
    });
  });

  test("has each warning once, though each platform has its own", async () => {
    const found = [warning(), warning({ vertex: "other" }), warning({ range: [{ start: { line: 5 } }] })];
    const { warnings } = await read({ "buildx.build.warnings": found });
    expect(warnings.map(({ line }) => line)).toEqual([2, 5]);
  });

  test("has warnings that stand nowhere", async () => {
    const bare = { short: encode("a remark"), range: [null], detail: null, url: "" };
    expect((await read({ "buildx.build.warnings": [bare] })).warnings).toEqual([{ message: "a remark" }]);
  });

  test.each([
    ["of another shape", { "containerimage.digest": "latest", "buildx.build.warnings": [1, null, {}, { short: 3 }] }],
    ["without what we read", {}],
  ])("%s tells nothing, and is handed on", async (_, metadata) => {
    expect(await read(metadata)).toEqual({ digest: undefined, warnings: [], metadata });
  });

  test("that is broken or not there tells nothing", async () => {
    const nothing = { digest: undefined, warnings: [], metadata: undefined };
    expect(await read('{"containerimage')).toEqual(nothing);
    expect(await read("[]")).toEqual(nothing);
    expect(await readMetadataFile(join(folder, "missing"), "Dockerfile")).toEqual(nothing);
  });
});
