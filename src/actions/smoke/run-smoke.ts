import { renderDuration } from "../../kit/duration.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import { UserError } from "../../kit/user-error.ts";
import type { SmokeResult, TestResult } from "../../smoke/result.ts";
import { isSelected, listUnknownTags } from "../../smoke/select.ts";
import type { SmokeTest } from "../../smoke/smoke-test.ts";
import type { CheckKind } from "../../smoke/spec/check-kinds.ts";
import { needCluster } from "./begin-check.ts";
import { type LoadCheckers, loadCheckers } from "./checkers.ts";
import { listChecks } from "./run-step.ts";
import { runTest } from "./run-test.ts";
import type { Stop } from "./session.ts";
import { createWatchHub } from "./watches.ts";
import type { SmokeWorld } from "./world.ts";

export interface SmokeOptions {
  /** The release that the action was told of. */
  readonly release?: string | undefined;
  /** Only steps with one of these tags; all where empty. */
  readonly only: readonly string[];
  /** No steps with one of these tags. */
  readonly skip: readonly string[];
  /** For all tests together. */
  readonly timeoutMs: number;
  /** The first test that fails ends the others. */
  readonly failFast: boolean;
}

/** How many tests are taken at once. */
const WIDTH = 16;
/** As long as a session outlives a cancel of the job. */
const LASTS_AFTER_CANCEL_MS = 5_000;
/** How long `finally` may take when the time is up. */
const LASTS_AFTER_TIME_MS = 30_000;

/**
 * Takes smoke tests side by side, and tells of each check as it ends. What fails is in the result, and nothing of it is
 * thrown; after a cancel of the job the result tells how far it came.
 *
 * @param load in tests: how checkers are found
 * @throws UserError `smoke-nothing-checked` before anything is looked at, when no check would be; `smoke-tag-unknown` for
 *   a tag that no step has
 */
export async function runSmoke(
  tests: readonly SmokeTest[],
  world: SmokeWorld,
  options: SmokeOptions,
  load: LoadCheckers = loadCheckers,
): Promise<SmokeResult> {
  refuseNothing(tests, options);
  const startedAt = world.now();
  const begun = world.monotonic();
  const elapsed = (): number => world.monotonic() - begun;
  const checkers = await load(listKinds(tests, options));

  const done = new AbortController();
  const stopping = new AbortController();
  const stop = (reason: Stop): void => stopping.abort(reason);
  const after = async (signal: AbortSignal, milliseconds: number, act: () => void): Promise<void> => {
    await abortion(signal, done.signal);
    await world.sleep(milliseconds, done.signal);
    if (!done.signal.aborted) act();
  };
  const lasting = new AbortController();
  const timeUp = new AbortController();
  void world.sleep(options.timeoutMs, done.signal).then(() => {
    if (done.signal.aborted) return;
    stop({ failed: true, because: `the smoke test's time (${renderDuration(options.timeoutMs)}) was up` });
    timeUp.abort();
  });
  void after(world.cancelled, LASTS_AFTER_CANCEL_MS, () => lasting.abort());
  void after(timeUp.signal, LASTS_AFTER_TIME_MS, () => lasting.abort());

  const lastingCluster = () => needCluster({ cluster: world.lastingCluster });
  const hub = createWatchHub({ world, cluster: lastingCluster, elapsed });
  const results = new Map<SmokeTest, TestResult>();
  try {
    await eachSideBySide(tests, WIDTH, async (test) => {
      const run = {
        world,
        hub,
        checkers,
        release: options.release,
        startedAt,
        elapsed,
        over: AbortSignal.any([world.cancelled, stopping.signal]),
        lasting: lasting.signal,
        fail: (name: string): void => {
          if (options.failFast) stop({ failed: false, because: `test ${JSON.stringify(name)} has failed (fail-fast)` });
        },
      };
      results.set(test, await runTest(test, run, options, tests.length === 1));
    });
  } finally {
    done.abort();
    hub.end();
  }
  return { startedAt, durationMs: elapsed(), tests: tests.flatMap((test) => results.get(test) ?? []) };
}

function refuseNothing(tests: readonly SmokeTest[], options: SmokeOptions): void {
  const tags = [...new Set(tests.flatMap(({ steps }) => steps.flatMap((step) => step.tags)))].sort();
  const known = tags.length === 0 ? "No step has any tag." : `Tags are: ${tags.join(", ")}.`;
  const unknown = listUnknownTags(tests, options);
  if (unknown.length > 0) {
    throw new UserError(
      "smoke-tag-unknown",
      `No step has the tag ${unknown.join(" or ")}. ${known} Correct the inputs only and skip.`,
    );
  }
  if (listKinds(tests, options).size > 0) return;
  throw new UserError(
    "smoke-nothing-checked",
    `There is nothing to check: ${tests.length} specs, and the inputs only and skip choose none of their steps. ${known}`,
  );
}

/** The kinds of the checks that will be taken. */
function listKinds(tests: readonly SmokeTest[], options: SmokeOptions): ReadonlySet<CheckKind> {
  const steps = tests.flatMap((test) => test.steps).filter(({ tags }) => isSelected(tags, options));
  const checks = steps.flatMap((step) => [...step.try, ...step.finally].flatMap(listChecks));
  return new Set(checks.map(({ kind }) => kind));
}

function abortion(signal: AbortSignal, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const either = AbortSignal.any([signal, done]);
    if (either.aborted) resolve();
    else either.addEventListener("abort", () => resolve(), { once: true });
  });
}
