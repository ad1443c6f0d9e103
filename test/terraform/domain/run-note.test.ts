import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type RunNote, readRunNote, renderRunNote } from "../../../src/terraform/run-note.ts";

const NOTE: RunNote = {
  repository: "octo/shop",
  repositoryId: "599293758",
  runId: 77,
  attempt: 2,
  job: "deploy",
  runnerEnvironment: "github-hosted",
  host: "fv-az1",
  runner: "GitHub Actions 1",
  startedAt: new Date("2026-11-21T08:00:00.123Z"),
  command: "apply",
};

const altered = (fields: object): string => JSON.stringify({ ...JSON.parse(renderRunNote(NOTE)), ...fields });

describe("the note of who works with a state", () => {
  test("is read as it was written", () => {
    const text = fc.string();
    const note = fc.record({
      repository: text,
      repositoryId: text,
      runId: fc.nat(),
      attempt: fc.integer({ min: 1 }),
      job: text,
      runnerEnvironment: fc.constantFrom("github-hosted" as const, "self-hosted" as const),
      host: text,
      runner: text,
      startedAt: fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }),
      command: text,
    });
    fc.assert(fc.property(note, (one) => expect(readRunNote(renderRunNote(one))).toEqual({ note: one })));
  });

  test("leaves behind what it does not know", () => {
    expect(readRunNote(altered({ more: "x" }))).toEqual({ note: NOTE });
  });

  test.each([
    ["", /no JSON object/],
    ["null", /no JSON object/],
    ["[]", /no JSON object/],
    ["{", /no JSON object/],
    [altered({ version: 2 }), /version is 2, not 1/],
    [altered({ version: "1" }), /version is "1", not 1/],
    [altered({ runId: "77" }), /runId/],
    [altered({ runId: 7.5 }), /runId/],
    [altered({ runId: -1 }), /runId/],
    [altered({ runId: 2 ** 60 }), /runId/],
    [altered({ attempt: 0 }), /attempt/],
    [altered({ runnerEnvironment: "cloud" }), /runnerEnvironment/],
    [altered({ host: null }), /host/],
    [altered({ startedAt: "2026-11-21" }), /startedAt/],
    [altered({ startedAt: "2026-02-30T08:00:00.000Z" }), /startedAt/],
    [altered({ startedAt: "2026-11-21T08:00:00.000+01:00" }), /startedAt/],
    [altered({ startedAt: 7, job: 8 }), /job, startedAt/],
  ])("that is odd, %s, is refused in words", (text, problem) => {
    expect(readRunNote(text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  test("never fails, and takes nothing for a note that says too little", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(readRunNote(text)).toHaveProperty("problem");
        },
      ),
    );
  });
});
