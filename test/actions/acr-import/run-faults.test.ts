import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/acr-import/run.ts";
import { inputs } from "./inputs.ts";
import { type Mishap, type Simulation, simulate } from "./simulation.ts";

const TARGET = "mayfly.azurecr.io";
const SOURCE = "other.azurecr.io";
const APP = `${SOURCE}/team/app:1`;

function scene(): Simulation {
  const simulation = simulate();
  simulation.add(TARGET);
  simulation.add(SOURCE);
  simulation.push(SOURCE, "team/app:1", "the app");
  return simulation;
}

/** Lets the n-th request of a kind go wrong, once. */
function spoil(simulation: Simulation, call: string, mishap: Mishap, skip = 0): void {
  let seen = 0;
  simulation.before = (request) => (request.call === call && seen++ === skip ? mishap : undefined);
}

const fail = (status: number, code: string, message: string): Mishap => ({
  kind: "fail",
  status,
  fault: { code, message },
});

const starts = ({ requests }: Simulation) => requests.filter(({ call }) => call === "start").length;

describe("an import that does not go well", () => {
  test.each([
    ["blobs that could not be copied", fail(400, "InvalidParameters", "Error copying blobs. Details: EOF")],
    [
      "an answer that is no registry's",
      fail(400, "InvalidParameters", "The remote server may not be RFC 7233 compliant"),
    ],
    ["an unexpected status", fail(400, "InvalidParameters", "Unexpected response status code 503")],
    ["a body of the wrong length", fail(400, "InvalidParameters", "Unexpected length of body in response")],
    ["a 503 of ARM's", fail(503, "ServerBusy", "later")],
    ["another operation under way", fail(409, "Conflict", "The registry is being updated")],
    ["a throttle", { kind: "again", retryAfterMs: 17_000 } as const],
    ["a request that never arrived", { kind: "lose-request" } as const],
    ["an answer that never came", { kind: "lose-answer" } as const],
    ["a tag without its manifest", { kind: "half" } as const],
  ])("%s: is tried again, and arrives", async (_, mishap) => {
    const simulation = scene();
    spoil(simulation, "start", mishap);
    const { outputs, failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 1 });
    expect(simulation.standing(TARGET, "team/app:1")).toBe(simulation.standing(SOURCE, "team/app:1"));
  });

  test("waits as long as ARM asks", async () => {
    const simulation = scene();
    spoil(simulation, "start", { kind: "again", retryAfterMs: 17_000 });
    await run(inputs({ images: APP }), simulation.world);
    const [first, second] = simulation.requests.filter(({ call }) => call === "start").map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(17_000);
  });

  test("is tried four times and no more", async () => {
    const simulation = scene();
    simulation.before = ({ call }) =>
      call === "start" ? fail(400, "InvalidParameters", "Error copying blobs") : undefined;
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(starts(simulation)).toBe(4);
    expect(failure).toMatchObject({ code: "import-failed", message: expect.stringContaining("tried 4 times") });
  });

  test("that was done although nobody answered is not done twice", async () => {
    const simulation = scene();
    simulation.importMs = 0;
    spoil(simulation, "start", { kind: "lose-answer" });
    const { outputs } = await run(inputs({ images: APP }), simulation.world);
    expect(outputs).toMatchObject({ imported: 1, skipped: 0 });
    expect(starts(simulation)).toBe(1);
  });

  test("whose polls get no answer is told by the target", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => (call === "poll" ? { kind: "lose-answer" } : undefined);
    const { outputs } = await run(inputs({ images: APP }), simulation.world);
    expect(outputs).toMatchObject({ imported: 1 });
    expect(starts(simulation)).toBe(1);
  });

  test("that somebody else did meanwhile counts as there", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      if (call === "start") simulation.push(TARGET, "team/app:1", "the app");
      return undefined;
    };
    const { outputs, failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 0, skipped: 1 });
  });

  test("against whom somebody else was quicker with another image fails with both digests", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      if (call === "start") simulation.push(TARGET, "team/app:1", "another app");
      return undefined;
    };
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toMatchObject({ code: "import-tag-taken" });
    expect(failure?.message).toContain(simulation.standing(TARGET, "team/app:1"));
    expect(failure?.message).toContain(simulation.standing(SOURCE, "team/app:1"));
  });

  test("after which the target has something else fails", async () => {
    const simulation = scene();
    const digest = `sha256:${"e".repeat(64)}`;
    spoil(simulation, "start", { kind: "swap", digest });
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toMatchObject({ code: "import-not-verified", message: expect.stringContaining(digest) });
  });

  test("that never shows up at the target fails", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => (call === "start" ? { kind: "half" } : undefined);
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toMatchObject({ code: "import-failed", message: expect.stringContaining("does not have it") });
  });

  test("does not repair a tag that is locked", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      const tag = simulation.registries.get(TARGET)?.tags.get("team/app:1");
      if (call === "tags" && tag !== undefined) tag.locked = true;
      return call === "start" ? { kind: "half" } : undefined;
    };
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toMatchObject({ code: "import-tag-locked" });
    expect(starts(simulation)).toBe(1);
  });

  test.each([
    ["import-denied", fail(403, "AuthorizationFailed", "no"), "registries/mayfly"],
    ["import-denied", fail(403, "LinkedAuthorizationFailed", "no pull/read on the linked scope"), "registries/other"],
    ["import-denied", fail(400, "InvalidParameters", "UNAUTHORIZED: authentication required"), "registries/other"],
    [
      "import-network",
      fail(400, "InvalidParameters", "client with IP '1.2.3.4' is not allowed access"),
      "allow-trusted-services",
    ],
    ["import-source-missing", fail(400, "InvalidParameters", "MANIFEST_UNKNOWN: manifest unknown"), "check the image"],
    ["import-too-large", fail(400, "InvalidParameters", "The image has more than 50 manifests"), "at most 50"],
    ["import-failed", fail(400, "SomethingNew", "who knows"), "who knows"],
  ])("ends in %s where %j", async (code, mishap, words) => {
    const simulation = scene();
    spoil(simulation, "start", mishap);
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(starts(simulation)).toBe(1);
  });
});

describe("the end of a run", () => {
  const many = (count: number): string =>
    Array.from({ length: count }, (_, n) => `${APP} => team/app:${n + 1}`).join("\n");

  test("after a cancel nothing new begins, and what is still running is told", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      if (call === "poll") simulation.cancel();
      return undefined;
    };
    simulation.importMs = 60_000;
    const { outputs, failure } = await run(inputs({ images: many(5), concurrency: "2" }), simulation.world);
    expect(starts(simulation)).toBe(2);
    expect(outputs).toMatchObject({ imported: 0, unfinished: 5 });
    expect(failure?.code).toBe("cancelled");
    expect(failure?.message.match(/still being copied/g)?.length).toBe(2);
    expect(failure?.message.match(/not started/g)?.length).toBe(3);
    expect(simulation.summaries.join()).toContain("Azure finishes what it accepted");
  });

  test("at the deadline what Azure is still copying is told", async () => {
    const simulation = scene();
    simulation.importMs = 3_600_000;
    const { outputs, failure } = await run(inputs({ images: APP, deadline: "2m" }), simulation.world);
    expect(outputs).toMatchObject({ unfinished: 1 });
    expect(failure).toMatchObject({ code: "import-unfinished", message: expect.stringContaining("deadline of 2m") });
    const last = simulation.requests.at(-1)?.at ?? 0;
    expect(last - (simulation.requests[0]?.at ?? 0)).toBeLessThanOrEqual(125_000);
  });
});

describe("signatures", () => {
  const signed = (): Simulation => {
    const simulation = scene();
    const digest = simulation.standing(SOURCE, "team/app:1") ?? "";
    const registry = simulation.registries.get(SOURCE);
    const attestation = { mediaType: "a/b", digest: `sha256:${"a".repeat(64)}`, size: 3 };
    registry?.referrers.set(`team/app@${digest}`, [attestation]);
    simulation.push(SOURCE, `team/app:${digest.replace(":", "-")}.sig`, "cosign");
    return simulation;
  };

  test("stay behind, and that is said", async () => {
    const simulation = signed();
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toBeUndefined();
    expect(simulation.warnings.join()).toContain("referrers: copy");
    expect(simulation.summaries.join()).toContain("2 signatures or attestations stay at the source");
    expect(simulation.requests.some(({ call }) => call === "copy")).toBe(false);
  });

  test("come along when asked, the older ones under their tag", async () => {
    const simulation = signed();
    const { failure } = await run(inputs({ images: `${APP} => prod/app`, referrers: "copy" }), simulation.world);
    expect(failure).toBeUndefined();
    const digest = simulation.standing(SOURCE, "team/app:1")?.replace(":", "-");
    expect(simulation.standing(TARGET, `prod/app:${digest}.sig`)).toBeDefined();
    expect(simulation.registries.get(TARGET)?.manifests.has(`prod/app@sha256:${"a".repeat(64)}`)).toBe(true);
    expect(simulation.warnings).toEqual([]);
  });

  test("that were asked for and did not arrive fail the image", async () => {
    const simulation = signed();
    spoil(simulation, "copy", { kind: "throw", error: new Error("403 DENIED") });
    const { failure, outputs } = await run(inputs({ images: APP, referrers: "copy" }), simulation.world);
    expect(failure).toMatchObject({ code: "import-referrers", message: expect.stringContaining("403 DENIED") });
    expect(outputs).toMatchObject({ imported: 0, failed: 1, images: "{}" });
  });

  test("that cannot be looked for fail nothing that did not ask for them", async () => {
    const simulation = signed();
    spoil(simulation, "referrers", { kind: "throw", error: new Error("403 DENIED") });
    const { failure } = await run(inputs({ images: APP }), simulation.world);
    expect(failure).toBeUndefined();
    expect(simulation.summaries.join()).toContain("could not be told");
  });

  test("are not looked for with referrers: ignore", async () => {
    const simulation = signed();
    await run(inputs({ images: APP, referrers: "ignore" }), simulation.world);
    expect(simulation.requests.filter(({ call }) => call === "referrers")).toEqual([]);
  });
});
