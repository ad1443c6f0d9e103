import { describe, expect, test } from "@jest/globals";
import { readFlags } from "./flags.ts";
import { imageParts, scanDockerfile } from "./scan.ts";

function scan(dockerfile: string, more: Partial<Parameters<typeof scanDockerfile>[0]> = {}) {
  return scanDockerfile({ dockerfile, tags: [], buildArgs: [], target: undefined, knowsPlatform: false, ...more });
}

describe("the dependency scanner", () => {
  test("finds what the stages are made from", () => {
    const dockerfile =
      "# a\nARG TAG=3.12\nFROM golang:1.23 AS build\nFROM build as test\nFROM alpine:\u0024{TAG}\nCOPY --from=build /a /a\n";
    expect(scan(dockerfile)).toEqual({ runtime: "alpine:3.12", buildtime: ["golang:1.23"] });
    expect(scan(dockerfile, { buildArgs: ["TAG=edge"] }).runtime).toBe("alpine:edge");
    expect(scan(dockerfile, { target: "test" })).toEqual({ runtime: "golang:1.23", buildtime: [] });
    expect(scan("FROM scratch").runtime).toBe("scratch");
  });

  test.each([
    ["FROM --platform=$BUILDPLATFORM golang AS build", {}, /unable to understand line FROM --platform=\$BUILDPLATFORM/],
    ["FROM", {}, /unable to understand line FROM/],
    ["RUN true", {}, /unexpected dockerfile format/],
    ['FROM "alpine"', {}, /invalid reference format/],
    ["ARG BASE\nFROM $BASE", {}, /failed to parse image reference/],
    ["FROM alpine", { buildArgs: ["TOKEN"] }, /TOKEN cannot be split into 2 tokens with '='/],
    ["FROM alpine", { tags: ["'a.io/x:1'"] }, /'a\.io\/x:1': invalid reference format/],
  ])("fails at %j with %j", (dockerfile, more, message) => {
    expect(() => scan(dockerfile, more)).toThrow(message);
  });

  test("may be told to understand platforms", () => {
    expect(scan("FROM --platform=$BUILDPLATFORM golang AS build", { knowsPlatform: true }).runtime).toBe("golang");
  });

  test("names an image's parts as the log does", () => {
    expect(imageParts("mayfly.azurecr.io/team/app:1")).toEqual({
      registry: "mayfly.azurecr.io",
      repository: "team/app",
      tag: "1",
    });
    expect(imageParts("alpine")).toEqual({
      registry: "registry.hub.docker.com",
      repository: "library/alpine",
      tag: "latest",
    });
  });
});

describe("docker's flags", () => {
  test("come with a value behind a blank or an equals sign, and arguments from the environment", () => {
    const words = [
      "-f",
      "D",
      "-t",
      "a",
      "--tag=b",
      "--label",
      "x=y=z",
      "--build-arg=A",
      "--build-arg",
      "B=1 2",
      "--build-arg",
      "C",
      "--no-cache",
      ".",
    ];
    expect(readFlags(words, ["A=old", "A=in env"])).toEqual({
      file: "D",
      context: ".",
      tags: ["a", "b"],
      target: undefined,
      platform: undefined,
      labels: { x: "y=z" },
      buildArgs: { A: "in env", B: "1 2" },
    });
  });

  test("leave exactly one context", () => {
    expect(() => readFlags(["-t", "a"], [])).toThrow(/requires exactly 1 argument/);
    expect(() => readFlags([".", "with", "blanks"], [])).toThrow(/requires exactly 1 argument/);
    expect(() => readFlags([".", "-t"], [])).toThrow(/flag needs an argument/);
  });
});
