import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { CancelPlan, JobResult, Step } from "./job.ts";
import { runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");
/** The real waits but for open pipes: a process that ends on its signal does not make a test wait for them. */
const signals = { streamsMs: 100 };
/** For processes that ignore a signal: only waits that are sure to pass are short. */
const deafToBoth = { interruptMs: 100, terminateMs: 100, streamsMs: 100 };
const deafToInterrupt = { interruptMs: 100, streamsMs: 100 };
const atReady: CancelPlan = { when: ({ last }) => last.kind === "plain" && last.text === "ready", signals };

const run = (steps: readonly Step[], cancel: CancelPlan = atReady): Promise<JobResult> =>
  runJob({ repositoryRoot, steps, cancel });
const rows = (result: JobResult): string[] =>
  result.steps.map(({ id, stage, conclusion }) => `${stage} ${id}: ${conclusion}`);

describe("a cancelled job", () => {
  test("interrupts the running step, skips the rest but for always(), and runs posts", async () => {
    const result = await run([
      {
        id: "tidy",
        uses: "$/actions/early",
        with: {
          main: "process.on('SIGINT', () => { put('STATE', 'left=none\\n'); say('bye'); process.exit(0); }); say('ready'); await sleep(60000)",
          post: "say('never, its post-if is failure()')",
        },
      },
      { id: "next", run: "true" },
      { id: "report", if: "cancelled()", run: "echo reported" },
    ]);
    expect(rows(result)).toEqual([
      "pre tidy: skipped",
      "main tidy: cancelled",
      "main next: skipped",
      "main report: success",
      "post tidy: skipped",
    ]);
    expect(result.steps[1]).toMatchObject({ exitCode: 0, signalsSent: ["SIGINT"], state: { left: "none" } });
    expect(result.steps[1]?.log.slice(-2).map((line) => line.text)).toEqual(["bye", "The operation was canceled."]);
    expect(result.conclusion).toBe("cancelled");
  });

  test("goes from SIGINT to SIGTERM to SIGKILL, and only at the step's own process", async () => {
    const [stubborn, polite] = await Promise.all([
      run([{ id: "deaf", run: "trap '' INT TERM; sleep 60 & echo ready; wait" }], { ...atReady, signals: deafToBoth }),
      // A shell waits for its child before it looks at SIGINT, and the child gets no signal at all.
      run([{ id: "shell", run: "sh -c 'sleep 0.05; echo ready; exec sleep 61'; true" }], {
        ...atReady,
        signals: deafToInterrupt,
      }),
    ]);
    expect(stubborn.steps[0]).toMatchObject({
      signal: "SIGKILL",
      exitCode: 137,
      signalsSent: ["SIGINT", "SIGTERM", "SIGKILL"],
    });
    expect(polite.steps[0]).toMatchObject({ signal: "SIGTERM", exitCode: 143, signalsSent: ["SIGINT", "SIGTERM"] });
    expect(stubborn.orphans).toEqual(["sleep 60"]);
    expect(polite.orphans).toEqual(["sleep 61"]);
    expect(polite.log.map((line) => line.text)).toContain("Cleaning up orphan processes");
    expect(stubborn.durationMs).toBeGreaterThan(deafToBoth.interruptMs + deafToBoth.terminateMs);
  });

  test("lets a step go on whose if still holds, until the runner's patience ends", async () => {
    const [patient, killed] = await Promise.all([
      run([{ id: "on", if: "always()", run: "echo ready; sleep 0.3; echo done" }]),
      run(
        [
          { id: "on", if: "always()", run: "echo ready; exec sleep 60" },
          { id: "later", if: "always()", run: "true" },
        ],
        {
          ...atReady,
          killAfterMs: 50,
        },
      ),
    ]);
    expect(rows(patient)).toEqual(["main on: success"]);
    expect(patient.steps[0]?.log.at(-1)?.text).toBe("done");
    expect(patient.conclusion).toBe("cancelled");
    expect(rows(killed)).toEqual(["main on: cancelled", "main later: cancelled"]);
  });

  test("can be cancelled by the caller or by the clock, and ends a composite with what runs in it", async () => {
    const caller = new AbortController();
    const steps = [{ id: "s", run: "echo ready; exec sleep 60" }];
    const [byCaller, byClock, composite] = await Promise.all([
      runJob({
        repositoryRoot,
        steps,
        cancel: { signal: caller.signal, signals },
        onLine: ({ text }) => text === "ready" && caller.abort(),
      }),
      runJob({ repositoryRoot, steps, timeoutMinutes: 0.1 / 60, cancel: { signals } }),
      run([{ id: "c", uses: "$/actions/outer", with: { word: "$(echo ready >&2; sleep 0.1)", fail: "true" } }], {
        when: ({ last }) => last.text.startsWith("over="),
        signals,
      }),
    ]);
    expect(rows(byCaller)).toEqual(["main s: cancelled"]);
    expect(byClock.annotations.map(({ message }) => message)).toEqual([
      "The operation was canceled.",
      `The job running on runner GitHub Actions 1 has exceeded the maximum execution time of ${0.1 / 60} minutes.`,
    ]);
    expect(rows(composite)).toEqual(["pre c: success", "main c: cancelled", "post c: success"]);
    expect(composite.log.filter((line) => line.stage === "post").map((line) => line.text)).toContain("post of first");
  });
});

test("a step's timeout ends it like a cancel, as a failure", async () => {
  const minutes = 0.1 / 60;
  const result = await run([
    { id: "slow", name: "Slow one", timeoutMinutes: minutes, run: "exec sleep 60" },
    { id: "after", if: "failure()", run: "true" },
  ]);
  expect(rows(result)).toEqual(["main slow: failure", "main after: success"]);
  expect(result.steps[0]).toMatchObject({ signalsSent: ["SIGINT"], signal: "SIGINT" });
  expect(result.annotations[0]?.message).toBe(`The action 'Slow one' has timed out after ${minutes} minutes.`);
});

test("a process that outlives its step is killed at the end, unless it hid from the runner", async () => {
  const result = await run([
    { run: "sleep 62 > /dev/null 2>&1 & RUNNER_TRACKING_ID= sleep 0.2 > /dev/null 2>&1 &" },
    { run: "sleep 63 & true" },
  ]);
  expect([...result.orphans].sort()).toEqual(["sleep 62", "sleep 63"]);
  expect(result.conclusion).toBe("success");
});
