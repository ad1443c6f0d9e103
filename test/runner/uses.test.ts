import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

test("an action of the repository runs where no node_modules is found", async () => {
  const result = await runJob({ repositoryRoot, steps: [{ id: "lonely", uses: "$/actions/lonely" }] });
  expect(result.conclusion).toBe("failure");
  expect(result.log.some((line) => line.text.includes("Cannot find package 'yaml'"))).toBe(true);
});

test("checkout, actions of the workspace, replaced actions and artifacts work without GitHub", async () => {
  const artifacts = mkdtempSync(join(tmpdir(), "mayfly-artifacts-"));
  try {
    const result = await runJob({
      repositoryRoot,
      artifacts,
      replace: { "octo/greet@v1": join(repositoryRoot, "local/greet") },
      steps: [
        { id: "missing", continueOnError: true, uses: "./local/greet" },
        { uses: "actions/checkout@v7" },
        { id: "local", uses: "./local/greet" },
        { id: "wrap", uses: "./local/wrap" },
        { id: "replaced", uses: "octo/greet@v1" },
        {
          run: "mkdir -p out/deep; echo 1 > out/a.json; echo 2 > out/deep/b.txt; echo 3 > out/.hidden; echo 4 > out/no.txt",
        },
        { id: "upload", uses: "actions/upload-artifact@0123", with: { name: "report", path: "out\n!out/no.txt" } },
        {
          id: "again",
          continueOnError: true,
          uses: "actions/upload-artifact@v6",
          with: { name: "report", path: "out" },
        },
        { id: "none", uses: "actions/upload-artifact@v6", with: { path: "nothing/*" } },
      ],
    });
    expect(result.steps.map(({ id, stage, outcome }) => `${stage} ${id}: ${outcome}`)).toEqual([
      "pre replaced: success",
      "main missing: failure",
      "main __actions_checkout: success",
      "main local: success",
      "main wrap: success",
      "main replaced: success",
      "main __run: success",
      "main upload: success",
      "main again: failure",
      "main none: success",
      "post wrap: success",
      "post local: success",
      "post replaced: success",
    ]);
    const said = (id: string): string[] => result.log.filter((line) => line.step === id).map((line) => line.text);
    expect(said("local")).toContain("hello from here");
    expect(said("local")).toContain("`pre` execution is not supported for local action from './local/greet'");
    expect(said("wrap").filter((text) => text === "hello from here")).toHaveLength(2);
    expect(result.steps.find(({ id }) => id === "wrap")?.outputs["loud"]).toMatch(/\/octo-app\/local\/wrap!$/);
    expect(said("replaced")).toContain("hello from octo/greet");
    expect(said("none")[0]).toBe("Run actions/upload-artifact@v6");
    expect(result.annotations.find(({ step }) => step === "none")?.message).toMatch(
      /^No files were found with the provided path/,
    );
    expect(readdirSync(join(artifacts, "report"), { recursive: true }).sort()).toEqual([
      "a.json",
      "deep",
      "deep/b.txt",
    ]);
    expect(existsSync(join(artifacts, "artifact"))).toBe(false);
  } finally {
    rmSync(artifacts, { recursive: true });
  }
});
