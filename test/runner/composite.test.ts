import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type ActionResult, runAction } from "./run-action.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

/** What the steps inside said, without the heads of their logs. */
function said(result: ActionResult, stage: "main" | "post"): string[] {
  let inHead = false;
  return (result[stage]?.log ?? []).flatMap(({ kind, text }) => {
    if (kind === "group") inHead = true;
    const shown = !inHead && kind !== "endgroup";
    if (kind === "endgroup") inHead = false;
    return shown ? [`${kind}: ${text}`] : [];
  });
}

describe("a composite", () => {
  test("hands inputs down and outputs up, in one row, with posts in reverse", async () => {
    const result = await runAction({ repositoryRoot, action: "outer", with: { word: "hello" }, env: { OVER: "job" } });
    expect(result.steps.map(({ stage, conclusion }) => `${stage}: ${conclusion}`)).toEqual([
      "pre: success",
      "main: success",
      "post: success",
    ]);
    expect(result.main.outputs).toEqual({
      word: "hello!",
      path: expect.stringMatching(/\/actions\/outer$/),
      recovered: "failure/success",
    });
    expect(said(result, "main")).toEqual([
      "plain: first octo-org/octo-app",
      "error: Process completed with exit code 7.",
      "plain: over=job own=",
      "plain: after yes",
    ]);
    expect(said(result, "post").filter((line) => !line.includes("cleanup"))).toEqual([
      "plain: post of last",
      "plain: post of first",
    ]);
    expect(result.env).toEqual({ OVER: "job", FROM_COMPOSITE: "yes" });
  });

  test("skips what follows a failure, but for failure() and always()", async () => {
    const result = await runAction({ repositoryRoot, action: "outer", with: { fail: "true" }, omitStages: ["pre"] });
    expect(result.main).toMatchObject({
      conclusion: "failure",
      outputs: { word: "none!", recovered: "failure/success" },
    });
    expect(said(result, "main").slice(2)).toEqual([
      "plain: over= own=",
      "error: Process completed with exit code 1.",
      "plain: rescue",
    ]);
    expect(said(result, "post").filter((line) => line.includes("post of"))).toHaveLength(2);
  });
});
