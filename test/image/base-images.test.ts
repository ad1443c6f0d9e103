// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds.
import { describe, expect, test } from "@jest/globals";
import { findFoundations } from "../../src/image/base-images.ts";

const look = (lines: string, args: Record<string, string> = {}, contexts: Record<string, string> = {}) =>
  findFoundations(lines, args, contexts);

describe("what a Dockerfile begins with", () => {
  test("is every image, and no stage", () => {
    const { images, doubts } = look(`# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.22 AS Build
COPY --from=alpine:3.20 /x /x
RUN --mount=type=bind,from=node:20,target=/n --mount=type=cache,target=/c echo hi
FROM scratch
COPY --from=build / /
COPY --from=0 / /
FROM build
`);
    expect(images).toEqual(["golang:1.22", "alpine:3.20", "node:20"]);
    expect(doubts).toEqual([]);
  });

  test.each([
    ["a default", "ARG B=alpine\nFROM $B", {}, "alpine"],
    ["a build argument", "ARG B=alpine\nFROM ${B}:3", { B: "debian" }, "debian:3"],
    ["a default in the place", "ARG T\nFROM alpine:${T:-3.20}", {}, "alpine:3.20"],
    ["an alternative", "ARG S=1\nFROM alpine${S:+:slim}", {}, "alpine:slim"],
    ["an argument in another", "ARG R=ghcr.io\nARG I=$R/a/b\nFROM $I", {}, "ghcr.io/a/b"],
    ["a continued line", "ARG B=alpine\nFROM \\\n  $B", {}, "alpine"],
  ])("takes %s", (_, text, args, image) => {
    expect(look(text, args)).toEqual({ images: [image], doubts: [] });
  });

  test.each([
    ["an argument without a value", "ARG B\nFROM alpine:$B", "line 2: B has no value"],
    ["an argument of another stage", "FROM scratch\nARG B=x\nFROM $B", "line 3: B has no value"],
    ["what only the builder knows", "FROM alpine-$TARGETARCH", "TARGETARCH is only known to the builder"],
    ["a file from the network", "FROM scratch\nADD https://example.com/x /x", "ADD fetches https://example.com/x"],
    [
      "an address in an argument",
      "FROM scratch\nARG U=https://x/y\nADD ${U} /x",
      "ADD takes ${U}, which may be an address",
    ],
    [
      "an address behind a variable",
      "FROM scratch\nENV S=https\nADD $S://x/y /x",
      "ADD takes $S://x/y, which may be an address",
    ],
    ["an empty checksum", "FROM scratch\nADD --checksum= https://x/y /x", "ADD fetches https://x/y"],
    ["a repository", "FROM scratch\nADD git@example.com:a/b.git /x", "ADD fetches git@example.com:a/b.git"],
  ])("leaves %s in doubt", (_, text, doubt) => {
    expect(look(text).doubts.join("\n")).toContain(doubt);
  });

  test("trusts a file whose checksum stands there", () => {
    expect(look("FROM scratch\nADD --checksum=sha256:aa https://example.com/x /x").doubts).toEqual([]);
  });

  test("takes a named context for what it is, and vouches only for images", () => {
    const text = "FROM base\nCOPY --from=other / /";
    const { images, doubts } = look(text, {}, { base: "docker-image://alpine", other: "../x", unused: "../y" });
    expect(images).toEqual(["alpine"]);
    expect(doubts).toEqual(["the named context other (../x) is not looked into"]);
  });

  test("is told for the stages that are built, and for every platform", () => {
    const text = "FROM a-$TARGETARCH AS one\nFROM $NOBODY AS two\nFROM three";
    const choice = { target: "ONE", platforms: ["linux/amd64", "linux/arm64"] };
    expect(findFoundations(text, {}, {}, choice)).toEqual({ images: ["a-amd64", "a-arm64"], doubts: [] });
    expect(findFoundations(text, {}, {})).toEqual({ images: ["three"], doubts: [] });
  });

  test.each([
    ["docker/dockerfile:1", 0],
    ["docker.io/docker/dockerfile-upstream:master", 0],
    ["octo/frontend:1", 1],
    ["docker/dockerfile-evil:1", 1],
  ])("vouches for Docker's own frontend alone: %s", (frontend, doubts) => {
    expect(findFoundations(`# syntax=${frontend}\nFROM scratch\n`, {}, {}).doubts).toHaveLength(doubts);
  });
});
