import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/image-list/run.ts";
import { spec } from "../../../src/actions/image-list/spec.ts";
import { renderPushedImages } from "../../../src/image/pushed-image.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import { UserError } from "../../../src/kit/user-error.ts";

const digest = `sha256:${"a".repeat(64)}`;
const api = { name: "api", repository: "mayfly.azurecr.io/team/api", tag: "pr-7", digest };
const web = { name: "web", repository: "mayfly.azurecr.io/team/web", tag: "pr-7", digest };

interface Played {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly error: UserError | undefined;
  readonly annotations: readonly string[];
  readonly summary: string;
}

async function play(
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<Played> {
  const annotations: string[] = [];
  let summary = "";
  const environment = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value]));
  const told = { outputs: {}, error: undefined };
  const ended = await run(
    readInputs(spec, environment, () => undefined),
    {
      readText: async (path) => files[path],
      listRecords: async (folder) => Object.keys(files).filter((path) => path.startsWith(`${folder}/image-`)),
      log: {
        info: () => undefined,
        error: (message, { file, line } = {}) => annotations.push(`${file}:${line}: ${message}`),
      },
      summarize: async (markdown) => {
        summary += markdown;
      },
    },
  ).catch((error: unknown) => {
    if (error instanceof UserError) return { ...told, error };
    throw error;
  });
  return { ...told, ...ended, annotations, summary };
}

describe("read", () => {
  test("makes a matrix of the list that lies where it is looked for, or where it is said to lie", async () => {
    const list = "- images: team/api\n- {images: team/web, sbom: false}\n";
    const expected = {
      matrix: '[{"name":"api","images":"team/api"},{"name":"web","images":"team/web","sbom":"false"}]',
      names: "api\nweb",
      count: 2,
    };
    expect((await play({ command: "read" }, { ".mayfly/images.yml": list })).outputs).toEqual(expected);
    expect((await play({ command: "read", "images-file": "ci/list.yml" }, { "ci/list.yml": list })).outputs).toEqual(
      expected,
    );
    expect((await play({ command: "read", list })).outputs).toEqual(expected);
  });

  test("marks each mistake of a file where it stands, and fails once", async () => {
    const { error, annotations } = await play(
      { command: "read" },
      { ".mayfly/images.yml": "- images: team/api\n  platform: linux/amd64\n- target: x\n" },
    );
    expect(error?.code).toBe("images-list-invalid");
    expect(error?.message).toBe(".mayfly/images.yml has 2 mistakes, each marked where it stands.");
    expect(annotations).toEqual([
      expect.stringMatching(/^\.mayfly\/images\.yml:2: Image 1: platform is no key/),
      ".mayfly/images.yml:3: Image 2: images: expected the image's repository, such as team/app",
    ]);
  });

  test("gives a single mistake's place to the one annotation of the step", async () => {
    const { error, annotations } = await play({ command: "read" }, { ".mayfly/images.yml": "\n- target: x\n" });
    expect(error).toMatchObject({ code: "images-list-invalid", file: ".mayfly/images.yml", line: 2 });
    expect(annotations).toEqual([]);
  });

  test("tells all mistakes of an inline list in one message", async () => {
    const { error } = await play({ command: "read", list: "- target: x\n- images: A/b" });
    expect(error?.message.split("\n")).toEqual([
      "Line 1: Image 1: images: expected the image's repository, such as team/app",
      expect.stringContaining("Line 2: Image 2: images:"),
    ]);
    expect(error?.file).toBeUndefined();
  });

  test("says where the list would be, and what else may be given", async () => {
    const [none, named] = await Promise.all([
      play({ command: "read" }),
      play({ command: "read", "images-file": "x.yml" }),
    ]);
    expect([none.error?.code, named.error?.code]).toEqual(["images-file-not-found", "images-file-not-found"]);
    expect(none.error?.message).toMatch(/^There is no list of images at \.mayfly\/images\.yml\. .*images: team\/app/);
    expect(named.error?.message).toMatch(/^There is no list of images at x\.yml\. .*check the repository out/);
  });
});

describe("split", () => {
  test("makes a matrix of what was pushed", async () => {
    const { outputs } = await play({ command: "split", list: renderPushedImages([web, api]) });
    expect(JSON.parse(String(outputs["matrix"]))).toEqual([api, web]);
    expect(outputs).toMatchObject({ names: "api\nweb", count: 2, images: renderPushedImages([api, web]) });
  });

  test("refuses what names no content", async () => {
    const { error } = await play({ command: "split", list: "ghcr.io/octo/app:1\nteam/app" });
    expect(error?.code).toBe("pushed-images-invalid");
    expect(error?.message.split("\n")).toHaveLength(2);
  });
});

describe("merge", () => {
  const files = { "out/image-api.json": renderPushedImages([api]), "out/image-web.json": renderPushedImages([web]) };

  test("makes one JSON of what each job said, and a table for the run's page", async () => {
    const { outputs, summary } = await play({ command: "merge", folder: "out", expected: "web\napi" }, files);
    expect(outputs).toEqual({ names: "api\nweb", count: 2, images: renderPushedImages([api, web]) });
    expect(summary).toContain("| `api` | `mayfly.azurecr.io/team/api:pr-7` | `sha256:aaa");
  });

  test.each([
    ["a job that is silent", { expected: "api\nweb\njob" }, files, "images-missing"],
    ["a folder without files", {}, {}, "images-missing"],
    ["a folder without files where some are expected", { expected: "api" }, {}, "images-missing"],
    [
      "jobs that contradict each other",
      {},
      { ...files, "out/image-x.json": renderPushedImages([{ ...api, tag: "x" }]) },
      "images-conflict",
    ],
    ["a file that is none", {}, { ...files, "out/image-x.json": "" }, "pushed-images-invalid"],
  ])("fails for %s", async (_, inputs, there, code) => {
    const { error, outputs } = await play({ command: "merge", folder: "out", ...inputs }, there);
    expect(error?.code).toBe(code);
    expect(outputs).toEqual({});
  });
});

test.each([
  [
    { command: "read", folder: "out", expected: "a" },
    ["folder: expected nothing with command: read", "expected: expected nothing with command: read"],
  ],
  [
    { command: "read", list: "a/b", "images-file": "x.yml" },
    ["list, images-file: expected one of them, both were given"],
  ],
  [{ command: "split" }, ["list: expected a value with command: split"]],
  [
    { command: "split", "images-file": "x" },
    ["images-file: expected nothing with command: split", "list: expected a value with command: split"],
  ],
  [
    { command: "merge", list: "x" },
    ["list: expected nothing with command: merge", "folder: expected a value with command: merge"],
  ],
])("%j is refused with everything that is wrong", async (inputs, expected) => {
  const { error } = await play(inputs);
  expect(error?.code).toBe("bad-input");
  expect(error?.message.split("\n")).toEqual(expected);
});
