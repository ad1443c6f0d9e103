import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { JobResult, Step } from "./job.ts";
import { runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mayfly-stand-ins-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const list = "find . -type f | sort";
const said = (result: JobResult): readonly string[] =>
  result.log.filter(({ step, kind }) => step === "list" && kind === "plain").map(({ text }) => text);

describe("download-artifact", () => {
  const download = async (inputs: Step["with"]) => {
    const artifacts = join(folder, "artifacts");
    for (const name of ["image-api", "image-web", "report"]) {
      mkdirSync(join(artifacts, name), { recursive: true });
      writeFileSync(join(artifacts, name, `${name}.json`), "{}");
    }
    const steps: Step[] = [
      { id: "download", uses: "actions/download-artifact@v8", with: { path: "got", ...inputs } },
      { id: "list", run: list },
    ];
    return runJob({ repositoryRoot, artifacts, steps });
  };

  test.each([
    ["one by its name", { name: "report" }, ["./got/report.json"]],
    [
      "all that match, each in a folder",
      { pattern: "image-*" },
      ["./got/image-api/image-api.json", "./got/image-web/image-web.json"],
    ],
    [
      "all that match, in one folder",
      { pattern: "image-*", "merge-multiple": true },
      ["./got/image-api.json", "./got/image-web.json"],
    ],
    ["none without a word, and no folder either", { pattern: "nothing-*" }, []],
  ])("brings %s", async (_, inputs, expected) => {
    const result = await download(inputs);
    expect(result.conclusion).toBe("success");
    expect(said(result).filter((line) => line.startsWith("./"))).toEqual(expected);
  });

  test("fails for a name that nobody uploaded, and for what another run uploaded", async () => {
    const failed = await Promise.all([download({ name: "image" }), download({ name: "report", "github-token": "t" })]);
    expect(failed.map(({ conclusion }) => conclusion)).toEqual(["failure", "failure"]);
    expect(failed[0]?.annotations[0]?.message).toBe(
      "Unable to download artifact(s): Artifact not found for name: image",
    );
  });
});

test("upload-artifact refuses a name that no file system takes", async () => {
  const result = await runJob({
    repositoryRoot,
    steps: [{ run: "touch a" }, { uses: "actions/upload-artifact@v6", with: { name: "a/b", path: "a" } }],
  });
  expect(result.conclusion).toBe("failure");
  expect(result.annotations[0]?.message).toContain("The artifact name is not valid: a/b");
});

describe("checkout", () => {
  test("brings the folder that stands for the run's repository, at the ref that is asked for", async () => {
    const git = (...args: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync("git", ["-C", folder, ...args], { encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    const commit = (text: string): string => {
      writeFileSync(join(folder, "app.txt"), text);
      git("add", "app.txt");
      git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", text);
      return git("rev-parse", "HEAD");
    };
    git("init", "--quiet");
    const [first] = [commit("one"), commit("two")];
    const play = async (inputs: Step["with"]) =>
      runJob({
        repositoryRoot,
        checkout: folder,
        steps: [
          { uses: "actions/checkout@v7", with: { ...inputs } },
          { id: "list", run: "cat app.txt; echo; git rev-parse HEAD" },
        ],
      });
    expect(said(await play({})).slice(-2)).toEqual(["two", git("rev-parse", "HEAD")]);
    expect(said(await play({ ref: first ?? "" })).slice(-2)).toEqual(["one", first]);
    const wrong = await play({ ref: "no-such-branch" });
    expect(wrong.conclusion).toBe("failure");
  });
});
