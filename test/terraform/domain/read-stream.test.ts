import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readStreamLine, readStreamTime } from "../../../src/terraform/read-stream.ts";
import { anyCharacter } from "../../any-character.ts";
import { readStream } from "./streams.ts";

const line = (fields: object): string => JSON.stringify({ "@level": "info", "@message": "said", ...fields });

describe("a line of terraform's stream", () => {
  test("of each kind is read from what terraform 1.11 really prints", () => {
    const events = readStream("apply-failed").map(({ event }) => event);
    expect(events[0]).toEqual({ kind: "version", version: "1.11.4" });
    const address = "terraform_data.broken[0]";
    expect(events).toContainEqual({ kind: "planned", address, action: "create" });
    expect(events).toContainEqual({ kind: "start", address, action: "create" });
    expect(events).toContainEqual({ kind: "errored", address, action: "create", seconds: 0 });
    expect(events).toContainEqual({ kind: "refresh", address: "terraform_data.slow", done: true });
    expect(events).toContainEqual({
      kind: "provision",
      address,
      text: "(output suppressed due to sensitive value in config)",
    });
    expect(events).toContainEqual({
      kind: "summary",
      summary: { operation: "plan", add: 1, change: 0, import: 0, remove: 0 },
    });
    expect(events).toContainEqual({
      kind: "diagnostic",
      diagnostic: {
        severity: "error",
        summary: "local-exec provisioner error",
        detail: "Error running command 'echo no; exit 7 # hunter2-hunter2': exit status 7. Output: no",
        address,
        range: { file: "main.tf", line: 24 },
      },
    });
  });

  test("tells of an output only what may be read", () => {
    const outputs = readStream("apply").find(({ event }) => event.kind === "outputs")?.event;
    expect(outputs).toEqual({
      kind: "outputs",
      outputs: {
        ids: { sensitive: false, value: { first: 3 } },
        password: { sensitive: true, value: undefined },
        url: { sensitive: false, value: "https://pr-12.preview.example.com" },
      },
    });
  });

  test("of an output that does not say whether it is sensitive is one that is", () => {
    const event = readStreamLine(line({ type: "outputs", outputs: { a: { value: "x" } } }));
    expect(event).toEqual({ kind: "outputs", outputs: { a: { sensitive: true, value: undefined } } });
  });

  test("leaves the values of a diagnostic's snippet behind, where terraform prints them in clear", () => {
    const events = readStream("apply-replace").filter(({ event }) => event.kind === "diagnostic");
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain("var.trigger");
  });

  test("tells the first and the second interrupt from other logs, terraform's and tofu's", () => {
    const kinds = readStream("two-interrupts").flatMap(({ event }) =>
      event.kind === "interrupt" ? [event.text.split("\n")[0]] : [],
    );
    expect(kinds).toEqual([
      "Interrupt received.",
      "Two interrupts received. Exiting immediately. Note that data loss may have occurred.",
    ]);
    const tofu = "\nInterrupt received.\nPlease wait for OpenTofu to exit or data loss may occur.\n";
    expect(readStreamLine(line({ type: "log", "@message": tofu })).kind).toBe("interrupt");
  });

  test.each([
    ["state_lock_acquire", { kind: "lock", phase: "acquiring" }],
    ["state_lock_release", { kind: "lock", phase: "releasing" }],
    ["ephemeral_action_started", { kind: "log", text: "said" }],
    ["a kind of next year", { kind: "log", text: "said" }],
    ["apply_start", { kind: "log", text: "said" }],
  ])("of type %s without more is %j", (type, event) => {
    expect(readStreamLine(line({ type }))).toEqual(event);
  });

  test("says which version of tofu it is", () => {
    expect(readStreamLine(line({ type: "version", tofu: "1.12.6", ui: "1.2" }))).toEqual({
      kind: "version",
      version: "1.12.6",
    });
  });

  test.each(["", "Usage: terraform [global options] plan", "{", '{"a":1}', "null", "[1]", '  {"type":3}'])(
    "that is none, %j, is text as it is",
    (text) => {
      expect(readStreamLine(text)).toEqual({ kind: "text", text });
    },
  );

  test("is never refused, whatever stands in it", () => {
    const types = ["version", "diagnostic", "planned_change", "apply_complete", "outputs", "change_summary", "log"];
    const fields = fc.record(
      {
        type: fc.oneof(fc.constantFrom(...types), fc.json()),
        "@message": fc.jsonValue(),
        hook: fc.jsonValue(),
        change: fc.jsonValue(),
        changes: fc.jsonValue(),
        outputs: fc.jsonValue(),
        diagnostic: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fields.map((one) => JSON.stringify(one)),
          fc.string({ unit: anyCharacter }),
        ),
        (text) => {
          expect(readStreamLine(text).kind).toMatch(/^[a-z]+$/);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("the time of a line", () => {
  test("is what terraform wrote, to the millisecond", () => {
    expect(readStreamTime('{"@timestamp":"2026-11-21T19:38:28.841256Z"}')?.toISOString()).toBe(
      "2026-11-21T19:38:28.841Z",
    );
    expect(readStreamTime('{"@timestamp":"2026-11-21T19:38:28Z"}')?.toISOString()).toBe("2026-11-21T19:38:28.000Z");
  });

  test.each(["", "text", '{"@timestamp":"yesterday"}', '{"@timestamp":"2026-99-99T19:38:28Z"}'])(
    "of %j is not known",
    (text) => {
      expect(readStreamTime(text)).toBeUndefined();
    },
  );
});
