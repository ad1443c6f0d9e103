// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds.
import { describe, expect, test } from "@jest/globals";
import { expandWord } from "../../../src/image/dockerfile/expand-word.ts";
import { readDockerfile } from "../../../src/image/dockerfile/read-dockerfile.ts";
import { type BuildChoice, findNeeds } from "../../../src/image/dockerfile/stage-graph.ts";

const NOTHING: BuildChoice = { target: undefined, buildArgs: {}, buildContexts: {}, platform: undefined };
const needs = (text: string, choice: Partial<BuildChoice> = {}) =>
  findNeeds(readDockerfile(text), { ...NOTHING, ...choice });
const images = (text: string, choice: Partial<BuildChoice> = {}) =>
  needs(text, choice).images.map(({ reference }) => reference);

describe("a word", () => {
  const values: Readonly<Record<string, string>> = { A: "one", EMPTY: "", B: "two" };
  test.each([
    ["$A", "one"],
    ["x-${A}-y", "x-one-y"],
    ["$A$B", "onetwo"],
    ["${EMPTY}", ""],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${NONE-d}", "d"],
    ["${NONE:-${A}-${B}}", "one-two"],
    ["${A:+x}", "x"],
    ["${EMPTY:+x}", ""],
    ["${EMPTY+x}", "x"],
    ["${NONE:+x}", ""],
    ["'$A'", "$A"],
    ['"$A b"', "one b"],
    ["\\$A", "$A"],
    ['"a\\b"', "a\\b"],
    ["a$", "a$"],
  ])("%s becomes %s", (word, text) => {
    expect(expandWord(word, (name) => values[name], "\\")).toEqual({ text });
  });

  test.each([
    ["$NONE", "NONE has no value"],
    ["${NONE}", 'under "build-args"'],
    ["$TARGETARCH", 'under "platforms"'],
    ["${A#x}", "a form that is not known"],
    ["${A", "a form that is not known"],
    ["'a", "a quote without its partner"],
    ['"a', "a quote without its partner"],
  ])("%s is not guessed", (word, because) => {
    expect(expandWord(word, (name) => values[name], "\\")).toEqual({ because: expect.stringContaining(because) });
  });
});

describe("what the built stages need", () => {
  const text = [
    "ARG TAG=1",
    "FROM base:$TAG AS Build",
    "FROM tools AS tools",
    "RUN --mount=type=bind,from=linter:2,target=/l x",
    "FROM unused AS unused",
    "ADD https://example.com/unused /x",
    "FROM scratch AS prod",
    "COPY --from=build /a /a",
    "COPY --from=1 /b /b",
    "COPY --from=debug / /",
    "COPY --from=other:3 / /",
    "FROM prod AS debug-base",
    "FROM debugger AS debug",
  ].join("\n");

  test("is followed from the target, and nothing else is", () => {
    expect(images(text, { target: "build" })).toEqual(["base:1"]);
    expect(images(text, { target: "prod" })).toEqual(["other:3", "base:1", "tools", "linter:2", "debugger"]);
    expect(needs(text, { target: "prod" }).fetches).toEqual([]);
    expect(needs(text, { target: "unused" }).fetches).toEqual([
      { url: "https://example.com/unused", checksum: false, line: 6 },
    ]);
    expect(images(text, { target: "debug-base" })).toEqual(images(text, { target: "prod" }));
    expect(images(text)).toEqual(["debugger"]);
  });

  test("is told with its line", () => {
    expect(needs("# note\nFROM a AS x\nCOPY --from=b / /\nRUN --mount=from=c,target=/c true\n").images).toEqual([
      { reference: "a", how: "from", line: 2 },
      { reference: "b", how: "copy", line: 3 },
      { reference: "c", how: "mount", line: 4 },
    ]);
  });

  test("takes build arguments only where the Dockerfile declares them before FROM", () => {
    expect(images(text, { target: "build", buildArgs: { TAG: "9" } })).toEqual(["base:9"]);
    expect(needs("FROM a:$TAG", { buildArgs: { TAG: "9" } }).unresolved).toEqual([
      { line: 1, because: expect.stringContaining("TAG has no value") },
    ]);
    expect(images("ARG TAG=\nFROM a${TAG}")).toEqual(["a"]);
    expect(images("ARG A=x\nARG B=$A-y\nFROM $B", { buildArgs: { A: "z" } })).toEqual(["z-y"]);
  });

  test.each([
    ["linux/amd64", "a:linux-amd64-"],
    ["linux/arm64", "a:linux-arm64-"],
    ["linux/arm64/v8", "a:linux-arm64-"],
    ["linux/arm/v6", "a:linux-arm-v6"],
    ["linux/arm", "a:linux-arm-v7"],
  ])("knows what %s is called", (platform, reference) => {
    expect(images("FROM a:$TARGETOS-$TARGETARCH-$TARGETVARIANT", { platform })).toEqual([reference]);
  });

  test("is replaced by named contexts, of stages as of images", () => {
    const buildContexts = { tools: "../tools", "docker.io/library/alpine:latest": "docker-image://other" };
    const one = needs("FROM alpine AS base\nFROM gone AS tools\nFROM base\nCOPY --from=tools / /", { buildContexts });
    expect(one).toEqual({
      images: [],
      contexts: ["docker.io/library/alpine:latest", "tools"],
      fetches: [],
      unresolved: [],
    });
  });

  test("is a stage's only above it for FROM, and a mount knows no numbers", () => {
    expect(images("FROM later AS first\nFROM x AS later\nFROM first")).toEqual(["later"]);
    expect(images("FROM x AS a\nFROM y\nRUN --mount=from=0,target=/x true")).toEqual(["y", "0"]);
  });

  test("is escaped as the Dockerfile says", () => {
    expect(images("# escape=`\nARG T=1\nFROM a:$T`\n  AS x")).toEqual(["a:1"]);
  });
});
