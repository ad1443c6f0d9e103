import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseCommand } from "../../src/preview/command.ts";
import { anyCharacter } from "../any-character.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const HOUR_MS = 3_600_000;

describe("a comment's first line is a command", () => {
  test.each<readonly [string, object]>([
    ["/preview", { kind: "deploy", sha: undefined }],
    ["/redeploy", { kind: "deploy", sha: undefined }],
    ["/destroy", { kind: "destroy" }],
    ["/extend 24h", { kind: "extend", span: "24h", spanMs: 24 * HOUR_MS }],
    ["/extend 1d12h", { kind: "extend", span: "1d12h", spanMs: 36 * HOUR_MS }],
    ["/EXTEND 2H", { kind: "extend", span: "2h", spanMs: 2 * HOUR_MS }],
    [`/preview ${SHA}`, { kind: "deploy", sha: SHA }],
    [`/preview ${SHA.toUpperCase()}`, { kind: "deploy", sha: SHA }],
    ["/Preview", { kind: "deploy", sha: undefined }],
    ["/destroy   ", { kind: "destroy" }],
    ["/destroy\t", { kind: "destroy" }],
    ["/destroy\r\nsince it is done", { kind: "destroy" }],
    ["/destroy\rsince it is done", { kind: "destroy" }],
    ["/destroy\n/preview", { kind: "destroy" }],
  ])("%j", (body, order) => {
    expect(parseCommand(body)).toEqual({ kind: "order", order });
  });
});

describe("a comment is no command of ours when it is", () => {
  test.each([
    ["empty", ""],
    ["talk", "Looks good to me"],
    ["a quote of one", "> /destroy"],
    ["in a fence", "```\n/destroy\n```"],
    ["in a code span", "`/destroy`"],
    ["on the second line", "Please:\n/destroy"],
    ["behind a blank line", "\n/destroy"],
    ["in the middle of a line", "please /destroy"],
    ["indented, as code is", "    /destroy"],
    ["somebody else's", "/azp run"],
    ["a longer word", "/destroyer"],
    ["a path", "/preview/12"],
    ["the slash alone", "/"],
    ["Cyrillic", "/d\u0435stroy"],
    ["full width", "\uff0fdestroy"],
    ["a word with an invisible sign in it", "/des\u200btroy"],
    ["a word with an invisible sign behind it", "/destroy\u200b"],
    ["turned around", "\u202e/destroy"],
    ["behind a byte order mark", "\ufeff/destroy"],
    ["with the long s that is folded to s", "/de\u017ftroy"],
    ["a name of an object's prototype", "/constructor"],
  ])("%s", (_, body) => {
    expect(parseCommand(body)).toEqual({ kind: "none" });
  });
});

describe("one of ours that cannot be obeyed is said to be unclear", () => {
  test.each([
    "/destroy now",
    "/redeploy please",
    "/preview 0123456",
    `/preview ${SHA}0`,
    `/preview ${SHA} ${SHA}`,
    `/preview ${SHA}; rm -rf /`,
    "/preview HEAD",
    "/extend",
    "/extend 24",
    "/extend 24h please",
    "/extend -24h",
    "/extend 0h",
    "/extend 91d",
    "/extend 9999999999999d",
    "/extend 30s",
    "/extend h",
    `/destroy ${"x".repeat(65_000)}`,
  ])("%.60j", (body) => {
    expect(parseCommand(body).kind).toBe("unclear");
  });
});

test("a text decides nothing but by its first line, and takes no time however long it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (first, rest) => {
      const line = first.split(/[\r\n]/)[0] ?? "";
      expect(parseCommand(`${line}\n${rest}`)).toEqual(parseCommand(line));
    }),
  );
  expect(parseCommand(`/extend${" ".repeat(65_000)}24h`).kind).toBe("unclear");
});

test("only the four words ever give an order", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const body = `/${text}`;
      if (/^\/(?:preview|redeploy|destroy|extend)(?:\s|$)/i.test(body)) return;
      expect(parseCommand(body)).toEqual({ kind: "none" });
    }),
  );
});
