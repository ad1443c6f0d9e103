import { expect } from "@jest/globals";
import type { Played } from "./scene.ts";

/** No words of a stranger (PWNED) became a command of the runner, a file command, or an annotation. */
export function expectNoCommand(played: Played): void {
  for (const { level, message, title } of played.annotations) {
    expect([level, message.trim(), title]).not.toEqual([level, "PWNED", title]);
    expect(title ?? "").not.toContain("PWNED");
  }
  for (const step of played.steps) {
    expect(Object.values(step.outputs)).not.toContain("PWNED");
    expect(Object.values(step.state)).not.toContain("PWNED");
  }
  expect(Object.keys(played.env)).not.toContain("PWNED");
  // Commands that the runner obeys leave its own marker, or are gone from the log.
  expect(played.log.filter(({ kind, text }) => kind === "command" && text.includes("PWNED"))).toEqual([]);
  expect(played.log.filter(({ kind, text }) => kind === "group" && /^\s*PWNED/.test(text))).toEqual([]);
  expect(played.log.filter(({ masked }) => masked)).toEqual([]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them.
  expect(played.log.filter(({ text }) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text))).toEqual(
    [],
  );
}
