import { describe, expect, test } from "@jest/globals";
import { choosePermissions } from "../../src/github/accepted-permissions.ts";
import { readPause } from "../../src/github/answer.ts";
import { isSame } from "../../src/github/author.ts";

describe("the permission to name", () => {
  test.each([
    ["issues=write; pull_requests=write", "pull-requests: write", ["pull-requests: write"]],
    ["issues=write; pull_requests=write", "contents: read", ["issues: write"]],
    ["issues=read; pull_requests=read", "pull-requests: write", ["pull-requests: write"]],
    ["contents=read,pull_requests=write", "pull-requests: write", ["contents: read", "pull-requests: write"]],
    ["actions=read", "actions: read", ["actions: read"]],
    [undefined, "actions: read", ["actions: read"]],
    ["", "actions: read", ["actions: read"]],
    ["allows_permissionless_access=true", "actions: read", ["actions: read"]],
    ["<script>; =; x=write\ny", "actions: read", ["actions: read"]],
  ])("of %p, with %p preferred, is %p", (header, preferred, expected) => {
    expect(choosePermissions(header, preferred)).toEqual(expected);
  });
});

describe("the pause that an answer asks for", () => {
  const now = new Date("2026-11-21T09:00:00Z");
  const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const primary = "API rate limit exceeded for installation ID 48411.";
  const inMinutes = (minutes: number) => `${now.getTime() / 1000 + minutes * 60}`;

  test.each([
    {
      name: "Retry-After",
      status: 403,
      headers: { "retry-after": "7" },
      words: secondary,
      limit: "secondary",
      waitMs: 7_000,
    },
    { name: "no header", status: 403, headers: {}, words: secondary, limit: "secondary", waitMs: 60_000 },
    {
      name: "a secondary limit beside a count of the hour",
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inMinutes(5) },
      words: secondary,
      limit: "secondary",
      waitMs: 60_000,
    },
    { name: "429 without words", status: 429, headers: {}, words: "", limit: "secondary", waitMs: 60_000 },
    {
      name: "the older word",
      status: 403,
      headers: {},
      words: "You have triggered an abuse detection mechanism.",
      limit: "secondary",
      waitMs: 60_000,
    },
    {
      name: "an hour that is used up",
      status: 403,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inMinutes(5) },
      words: primary,
      limit: "primary",
      waitMs: 301_000,
    },
    {
      name: "an hour by GitHub's clock, where ours is wrong",
      status: 429,
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": inMinutes(5),
        date: "Sat, 21 Nov 2026 09:04:50 GMT",
      },
      words: primary,
      limit: "primary",
      waitMs: 11_000,
    },
    {
      name: "GraphQL's 200",
      status: 200,
      headers: { "x-ratelimit-reset": inMinutes(1) },
      words: "API rate limit already exceeded for user ID 1.",
      limit: "primary",
      waitMs: 61_000,
    },
  ])("with $name", ({ status, headers, words, limit, waitMs }) => {
    expect(readPause({ status, headers, words }, now)).toEqual({ limit, waitMs });
  });

  test.each([
    [
      "a missing permission",
      403,
      { "x-ratelimit-remaining": "4999", "x-ratelimit-reset": inMinutes(5) },
      "Resource not accessible by integration",
    ],
    ["a lock", 403, {}, "Unable to create comment because issue is locked."],
    ["trouble that names a time", 503, { "retry-after": "5" }, "Service Unavailable"],
    [
      "a success that was the last of the hour",
      200,
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inMinutes(5) },
      "",
    ],
  ])("is none for %s", (_, status, headers, words) => {
    expect(readPause({ status, headers, words }, now)).toBeUndefined();
  });
});

describe("the author of a comment", () => {
  test.each([
    ["by number", { id: 7, login: "renamed" }, { id: 7, login: "mona" }, true],
    [
      "by number beyond 53 bits",
      { id: 9_007_199_254_740_993n, login: "a" },
      { id: 9_007_199_254_740_992n, login: "a" },
      false,
    ],
    [
      "by an app's login",
      { id: undefined, login: "github-actions[bot]" },
      { id: 1, login: "GitHub-Actions[bot]" },
      true,
    ],
    ["not by a person's login alone", { id: undefined, login: "mona" }, { id: 7, login: "mona" }, false],
    [
      "not by an app's login without its ending",
      { id: 41_898_282, login: "github-actions" },
      { id: 7, login: "github-actions" },
      false,
    ],
    ["never without one", { id: 7, login: "mona" }, undefined, false],
  ])("is told %s", (_, viewer, author, same) => {
    expect(isSame(viewer, author)).toBe(same);
  });
});
