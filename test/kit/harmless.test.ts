import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { harmless } from "../../src/kit/harmless.ts";
import { anyCharacter } from "../any-character.ts";
import { splitLines } from "../runner/line-splitter.ts";
import { parseCommand } from "../runner/workflow-commands.ts";

const COMMANDS = new Set([
  ...["set-env", "set-output", "save-state", "add-mask", "add-path", "add-matcher", "remove-matcher", "debug"],
  ...["warning", "error", "notice", "group", "endgroup", "echo", "stop-commands", "internal-set-repo-path"],
]);

/** The commands that the runner finds in what a process printed. */
function commandsIn(text: string): readonly string[] {
  const found: string[] = [];
  const splitter = splitLines((line) => {
    const command = parseCommand(line, COMMANDS);
    if (command !== undefined) found.push(command.name);
  });
  splitter.write(Buffer.from(text));
  splitter.end();
  return found;
}

const blanks = fc.string({
  unit: fc.constantFrom(..." \t\r\n\v\f\u0085\u00a0\u2028\u2029\u3000\ufeff\u0000\u001b\u200b"),
  maxLength: 4,
});
const attack = fc
  .array(
    fc.oneof(
      blanks,
      fc.constantFrom(
        "::",
        ":",
        "##[",
        "#",
        "[",
        "]",
        "error",
        "add-mask",
        "set-env name=x",
        "stop-commands",
        "::error::",
        "##[error]",
      ),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

test("the model of the runner finds the commands that are there", () => {
  expect(commandsIn("a\n  ::error file=x::b\rsome ##[add-mask]c\n\u2028::debug::d")).toEqual([
    "error",
    "add-mask",
    "debug",
  ]);
});

test("no text from outside can command the runner", () => {
  let dangerous = 0;
  fc.assert(
    fc.property(attack, (text) => {
      if (commandsIn(text).length > 0) dangerous += 1;
      expect(commandsIn(harmless(text))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
  // The generator must really make commands, or the property says nothing.
  expect(dangerous).toBeGreaterThan(100);
});

test("no control character reaches a terminal, but line breaks and tabs stay", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      expect(harmless(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
  expect(harmless("a\tb\nc\r\nd")).toBe("a\tb\nc\n\nd");
});

test("ordinary text stays as it is, colons and hashes included", () => {
  const ordinary = "std::vector, a: b, 12:30:00, # title\n## [x](y) ::\n  key: value";
  expect(harmless(ordinary)).toBe(ordinary);
});
