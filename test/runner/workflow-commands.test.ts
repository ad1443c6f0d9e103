import { describe, expect, test } from "@jest/globals";
import { splitLines } from "./line-splitter.ts";
import { parseCommand } from "./workflow-commands.ts";

const registered = new Set(["error", "group", "set-output"]);

describe("a line of output", () => {
  test.each([
    ["::error::boom", { name: "error", properties: {}, data: "boom" }],
    ["  \t::ERROR file=a.ts,line=3::x", { name: "error", properties: { file: "a.ts", line: "3" }, data: "x" }],
    [
      "::error title=a%3Ab%2Cc%25::100%25%0Adone",
      { name: "error", properties: { title: "a:b,c%" }, data: "100%\ndone" },
    ],
    ["::error::%250A stays text", { name: "error", properties: {}, data: "%0A stays text" }],
    ["::error file=,title=t::x", { name: "error", properties: { title: "t" }, data: "x" }],
    ["x ##[error file=a;line=1]y%5D", { name: "error", properties: { file: "a", line: "1" }, data: "y]" }],
  ])("%j is a command", (line, command) => {
    expect(parseCommand(line, registered)).toEqual(command);
  });

  test.each(["x ::error::no", "::unknown::x", ":: error::x", "::error", "##[error x"])("%j is not", (line) => {
    expect(parseCommand(line, registered)).toBeUndefined();
  });
});

test("output is cut at any line end, also between chunks and inside a character", () => {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  const euro = Buffer.from("€");
  for (const chunk of ["a\nb\r", "\nc\rd\n\n", euro.subarray(0, 1), euro.subarray(1), "rest"]) {
    splitter.write(Buffer.from(chunk));
  }
  splitter.end();
  expect(lines).toEqual(["a", "b", "c", "d", "", "€rest"]);
});
