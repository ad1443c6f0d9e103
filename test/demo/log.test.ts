import { describe, expect, test } from "@jest/globals";
import { splitColours } from "../../scripts/demo/ansi.ts";
import { buildLogTree, type LogNode } from "../../scripts/demo/log-tree.ts";
import { createTerminalLog } from "../../scripts/demo/terminal-log.ts";
import type { LineKind, LogLine } from "../runner/job.ts";

const line = (kind: LineKind, text = ""): LogLine => ({ kind, text, step: "s", stage: "main", masked: false });
const LOG = [
  line("group", "Run x"),
  line("plain", "with:"),
  line("debug", "hidden"),
  line("endgroup"),
  line("plain", "between"),
  line("group", "Plan"),
  line("plain", "one"),
  line("group", "Next"),
  line("warning", "odd\nmend it"),
];

describe("a step's log", () => {
  test("is numbered without debug lines and ends of groups, and its groups do not nest", () => {
    const shape = ({ number, line: { text }, lines }: LogNode): unknown =>
      lines === undefined ? [number, text] : [number, text, lines.map(shape)];
    expect(buildLogTree(LOG).map(shape)).toEqual([
      [1, "Run x", [[2, "with:"]]],
      [3, "between"],
      [4, "Plan", [[5, "one"]]],
      [6, "Next", [[7, "odd\nmend it"]]],
    ]);
  });

  test("folds its groups in the terminal, but never what is wrong", () => {
    const printed: string[] = [];
    const show = createTerminalLog(
      (text) => printed.push(text),
      (_, text) => text,
    );
    for (const one of LOG) show(one);
    expect(printed).toEqual([
      "  ▸ Run x (1 line folded)",
      "  between",
      "  ▸ Plan (1 line folded)",
      "  ▸ Next (0 lines folded)",
      "  Warning: odd",
      "    mend it",
    ]);
  });
});

test.each([
  ["plain", [{ text: "plain", classes: [] }]],
  [
    "\u001b[36;1mcyan\u001b[0m end",
    [
      { text: "cyan", classes: ["ansi-36", "ansi-1"] },
      { text: " end", classes: [] },
    ],
  ],
  [
    "\u001b[31ma\u001b[32mb\u001b[39mc",
    ["ansi-31", "ansi-32", ""].map((name, at) => ({ text: "abc"[at], classes: name === "" ? [] : [name] })),
  ],
  [
    "\u001b[1;91mx\u001b[22my",
    [
      { text: "x", classes: ["ansi-1", "ansi-91"] },
      { text: "y", classes: ["ansi-91"] },
    ],
  ],
  ["\u001b[4;38mx\u001b[m", [{ text: "x", classes: [] }]],
])("the colours of %j become classes", (text, pieces) => {
  expect(splitColours(text)).toEqual(pieces);
});
