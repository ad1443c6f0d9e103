import { describe, expect, test } from "@jest/globals";
import { createAnnotations, type Level, type Place } from "../../src/kit/annotation.ts";

function record() {
  const emitted: { level: Level; message: string; place: Place }[] = [];
  const printed: string[] = [];
  const annotations = createAnnotations(
    (level, message, place) => emitted.push({ level, message, place }),
    (line) => printed.push(line),
  );
  return { annotations, emitted, printed };
}

describe("annotations", () => {
  test("are ten a level; what comes after stands in the log", () => {
    const { annotations, emitted, printed } = record();
    for (let count = 1; count <= 12; count += 1) annotations.say("warning", `w${count}`, { title: "T" });
    annotations.say("error", "e1");
    expect(emitted.map(({ message }) => message)).toEqual([..."123456789".split("").map((n) => `w${n}`), "w10", "e1"]);
    expect(printed).toEqual(["warning: T: w11", "warning: T: w12"]);
  });

  test("keep their place", () => {
    const { annotations, emitted } = record();
    annotations.say("error", "m", { title: "t", file: "a.yml", line: 3 });
    expect(emitted[0]?.place).toEqual({ title: "t", file: "a.yml", line: 3 });
  });

  test("are cut to what the platform shows, and never inside a character", () => {
    const { annotations, emitted } = record();
    annotations.say("notice", "x".repeat(4096));
    annotations.say("notice", `${"x".repeat(4094)}🦋${"y".repeat(99)}`);
    expect(emitted[0]?.message).toBe("x".repeat(4096));
    expect(emitted[1]?.message).toHaveLength(4096);
    expect(emitted[1]?.message.endsWith("…")).toBe(true);
    expect(emitted[1]?.message.isWellFormed()).toBe(true);
  });

  test("carry no command, neither in the message nor in the title, nor when they become lines", () => {
    const { annotations, emitted, printed } = record();
    for (let count = 0; count < 11; count += 1) {
      annotations.say("notice", "a\n::add-mask::b", { title: "##[error]t" });
    }
    for (const { message, place } of emitted)
      expect([message, place.title]).toEqual(["a\n: :add-mask::b", "## [error]t"]);
    expect(printed).toEqual(["notice: ## [error]t: a\n: :add-mask::b"]);
  });
});
