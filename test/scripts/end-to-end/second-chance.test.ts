import { describe, expect, test } from "@jest/globals";
import {
  type JestReport,
  listFailedFiles,
  listFailures,
  listLasting,
} from "../../../scripts/end-to-end/second-chance.ts";

/** A file's tests, each `name: status`; its own status follows from them where it is not given. */
function fileOf(name: string, tests: readonly string[], status?: string): JestReport["testResults"][number] {
  const assertionResults = tests.map((each) => {
    const [fullName = "", state = ""] = each.split(": ");
    return { fullName, status: state, failureMessages: state === "failed" ? [`${fullName} broke`] : [] };
  });
  const failed = assertionResults.some((each) => each.status === "failed");
  return { name, status: status ?? (failed ? "failed" : "passed"), message: `${name} broke`, assertionResults };
}

const report = (...testResults: JestReport["testResults"]): JestReport => ({
  success: testResults.every(({ status }) => status === "passed"),
  testResults,
});

const FIRST = report(
  fileOf("/a", ["one: passed", "two: failed"]),
  fileOf("/b", ["three: passed"]),
  fileOf("/c", [], "failed"),
);

describe("a first run", () => {
  test("says which files failed, and which of their tests", () => {
    expect(listFailedFiles(FIRST)).toEqual(["/a", "/c"]);
    expect(listFailures(FIRST)).toEqual([
      { file: "/a", test: "two", failure: "two broke" },
      { file: "/c", test: "(the file as a whole)", failure: "/c broke" },
    ]);
  });
});

describe("a second run", () => {
  const last = (...files: JestReport["testResults"]): readonly string[] =>
    listLasting(listFailures(FIRST), report(...files)).map(({ file, test: name }) => `${file} ${name}`);
  const A = "/a two";
  const C = "/c (the file as a whole)";

  test("clears what passes then", () => {
    expect(last(fileOf("/a", ["one: passed", "two: passed"]), fileOf("/c", ["four: passed"]))).toEqual([]);
  });

  test.each([
    ["fails again", fileOf("/a", ["one: passed", "two: failed"])],
    ["is skipped", fileOf("/a", ["one: passed", "two: pending"])],
    ["is not there any more", fileOf("/a", ["one: passed"])],
    ["stands in a file where another fails", fileOf("/a", ["one: failed", "two: passed"])],
    ["has a namesake that is skipped", fileOf("/a", ["two: passed", "two: pending"])],
  ])("clears nothing that %s", (_, again) => {
    expect(last(again, fileOf("/c", ["four: passed"]))).toEqual([A]);
  });

  test("clears no file that it did not run, or in which there is no test", () => {
    expect(last()).toEqual([A, C]);
    expect(last(fileOf("/a", ["two: passed"]), fileOf("/c", []))).toEqual([C]);
  });
});
