import { describe, expect, test } from "@jest/globals";
import { connectGitHub } from "../../src/github/connect-github.ts";

const SHA = "1f3c0a9d5b7e2c4f6a8b0d1e3f5a7c9b1d3e5f70";
const API = "https://api.github.com/repos/octo/shop";
const ACTIONS = { id: 15_368, slug: "github-actions" };

/** A check run as GitHub's reference shows it. */
function check(id: number, name: string, conclusion: string | null, other: object = {}): object {
  return {
    id,
    name,
    head_sha: SHA,
    status: conclusion === null ? "in_progress" : "completed",
    conclusion,
    details_url: `https://github.com/octo/shop/actions/runs/77/job/${id}`,
    started_at: `2026-11-22T09:0${id}:00Z`,
    completed_at: conclusion === null ? null : `2026-11-22T09:1${id}:00Z`,
    output: { title: null, summary: null, annotations_count: 0 },
    app: ACTIONS,
    ...other,
  };
}

/** GitHub that answers these two kinds of requests, through octokit. */
function meet(checks: readonly object[], annotations: Readonly<Record<string, readonly object[]>> = {}) {
  const asked: string[] = [];
  const answer = async (request: Parameters<typeof fetch>[0]): Promise<Response> => {
    const { origin, pathname } = new URL(String(request));
    asked.push(pathname);
    const [, id] = /check-runs\/(\d+)\/annotations$/.exec(pathname) ?? [];
    const found = id === undefined ? { total_count: checks.length, check_runs: checks } : annotations[id];
    const known = `${origin}${pathname}`.startsWith(API) && found !== undefined;
    const response = Response.json(known ? found : { message: "Not Found" }, { status: known ? 200 : 404 });
    // Octokit counts pages by it, and only a fetch of its own sets it.
    return Object.defineProperty(response, "url", { value: String(request) });
  };
  const time = { now: () => new Date(), sleep: async () => undefined, left: () => 60_000, random: () => 0 };
  const cancelled = new AbortController().signal;
  const { jobs } = connectGitHub({ token: "ghs_x", environment: {}, time, cancelled, fetch: answer as typeof fetch });
  return { jobs, asked };
}

describe("the jobs of a run", () => {
  test("are those of this run alone, in the order in which they began", async () => {
    const { jobs } = meet([
      check(3, "preview / Deploy", null),
      check(1, "preview / Gate", "success"),
      check(2, "lint", "success", { details_url: "https://github.com/octo/shop/actions/runs/78/job/2" }),
      check(4, "Mayfly preview", "neutral", { details_url: "https://github.com/octo/shop/runs/4" }),
      check(5, "forged", "failure", { app: { id: 1, slug: "other" } }),
    ]);
    expect(await jobs.list("octo/shop", SHA, 77)).toEqual([
      {
        name: "preview / Gate",
        conclusion: "success",
        startedAt: new Date("2026-11-22T09:01:00Z"),
        endedAt: new Date("2026-11-22T09:11:00Z"),
        faults: [],
      },
      {
        name: "preview / Deploy",
        conclusion: undefined,
        startedAt: new Date("2026-11-22T09:03:00Z"),
        endedAt: undefined,
        faults: [],
      },
    ]);
  });

  test("say why they failed, in the words of their steps, and nothing else is asked for", async () => {
    const output = { title: null, summary: null, annotations_count: 3 };
    const { jobs, asked } = meet(
      [check(1, "Gate", "success", { output }), check(2, "Build api", "failure", { output })],
      {
        2: [
          { annotation_level: "warning", title: "x", message: "an old base image" },
          { annotation_level: "failure", title: "Build failed", message: "Dockerfile:7: not found" },
          { annotation_level: "failure", title: null, message: "Process completed with exit code 1." },
        ],
      },
    );
    const [, build] = await jobs.list("octo/shop", SHA, 77);
    expect(build).toMatchObject({ name: "Build api", faults: ["Dockerfile:7: not found"] });
    expect(asked.filter((path) => path.includes("annotations"))).toEqual(["/repos/octo/shop/check-runs/2/annotations"]);
  });

  test("that may not be listed name the permission", async () => {
    const time = { now: () => new Date(), sleep: async () => undefined, left: () => 60_000, random: () => 0 };
    const refuse = async () => Response.json({ message: "Resource not accessible by integration" }, { status: 403 });
    const cancelled = new AbortController().signal;
    const { jobs } = connectGitHub({ token: "ghs_x", environment: {}, time, cancelled, fetch: refuse as typeof fetch });
    await expect(jobs.list("octo/shop", SHA, 77)).rejects.toMatchObject({
      code: "github-permission",
      message: expect.stringContaining("checks: write"),
    });
  });
});
