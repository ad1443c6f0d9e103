import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { type ActionResult, runAction } from "./run-action.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

describe("inputs of an action", () => {
  let result: ActionResult;
  beforeAll(async () => {
    result = await runAction({
      repositoryRoot,
      action: "inputs",
      with: { "Resource-Group": "rg", old: "x", extra: 1, other: true },
      github: { ref: "refs/heads/topic", event: { number: 7 } },
      matrix: { leg: "east" },
      strategy: { "job-total": 4 },
    });
  });

  test("are all set, given or not, under GitHub's names and with evaluated defaults", () => {
    expect(JSON.parse(result.main.outputs["seen"] ?? "")).toEqual({
      "INPUT_RESOURCE-GROUP": "rg",
      INPUT_TWO_WORDS: "a b",
      "INPUT_DOTTED.NAME": "3",
      INPUT_FLAG: "false",
      INPUT_UNSET: "",
      INPUT_REF: "topic@7",
      INPUT_PLACE: "success",
      INPUT_LEG: "east-4",
      INPUT_OLD: "x",
      INPUT_EXTRA: "1",
      INPUT_OTHER: "true",
    });
  });

  test("warn when deprecated or unexpected", () => {
    const valid = "resource-group', 'two words', 'dotted.name', 'flag', 'unset', 'ref', 'place', 'leg', 'old";
    expect(result.annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      `warning: Input 'old' has been deprecated with message: use "new" instead`,
      `warning: Unexpected input(s) 'extra', 'other', valid inputs are ['${valid}']`,
    ]);
  });

  test("are shown in the step's head when they are not empty", () => {
    const shown = result.main.log.filter((line) => line.kind !== "warning").map((line) => line.text);
    expect(shown.slice(0, 4)).toEqual(["Run $/actions/inputs", "with:", "  Resource-Group: rg", "  old: x"]);
    expect(shown.some((text) => text.includes("unset"))).toBe(false);
  });
});
