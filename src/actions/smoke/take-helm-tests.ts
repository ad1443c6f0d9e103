import type { ReleaseHook, ReleaseRecord } from "../../helm/release-record.ts";
import { UserError } from "../../kit/user-error.ts";
import type { KubeObject, ObjectRef } from "../../kubernetes/kube-object.ts";
import { oneLine } from "../../rollout/one-line.ts";
import { keepLogs, type TestPods } from "./keep-logs.ts";
import type { Look } from "./look.ts";
import type { Scope } from "./scope.ts";

const POD = { apiVersion: "v1", kind: "Pod" } as const;
/** helm is to end by itself, and to write down what became of its tests, before it is interrupted. */
const WIND_UP_MS = 3_000;
const LAST_LINES = 3;

/** What the tests came to. They are run once: it stays. */
export type HelmTests = Pick<Look, "state" | "seen" | "involved">;

/**
 * Runs a chart's tests, and believes what helm has written down of each: `helm test` ends well also when it ran none, and
 * shows what an earlier run came to.
 *
 * @param wanted names of tests; all where empty
 * @throws UserError `helm-tests-missing`, `helm-tests-not-run`
 */
export async function takeHelmTests(
  record: ReleaseRecord,
  wanted: readonly string[],
  scope: Scope,
): Promise<HelmTests> {
  const { name: release, namespace } = record;
  const all = record.hooks.filter(isTest);
  const tests = all.filter(({ name = "" }) => wanted.length === 0 || wanted.includes(name));
  const unknown = wanted.filter((each) => !all.some(({ name }) => name === each));
  if (all.length === 0) throw sayMissing(`The chart of the release ${release} has no tests.`);
  if (unknown.length > 0) {
    throw sayMissing(
      `The chart of the release ${release} has no test ${unknown.join(", ")}. It has: ${listNames(all)}.`,
    );
  }

  const before = new Set((await listPods(namespace, scope)).map(({ metadata }) => metadata.uid ?? ""));
  const done = new AbortController();
  const pods = tests.map(({ name = "", kind = "" }): TestPods => ({ name, kind }));
  const reading = keepLogs(pods, namespace, before, scope, done.signal);
  const timeoutMs = Math.max(1_000, scope.left() - WIND_UP_MS);
  const ran = await scope.world
    .runHelmTests({ release, namespace, tests: wanted, timeoutMs, until: scope.until })
    .finally(() => done.abort());
  const logs = await reading;

  const stored = await scope.world.readReleases(namespace, release);
  const after = stored.releases.find(({ record: { revision } }) => revision === record.revision)?.record.hooks ?? [];
  const executed = tests.flatMap((test) => {
    const now = after.find((each) => each.name === test.name && isTest(each));
    return now?.lastRun === undefined || now.lastRun.startedAt === test.lastRun?.startedAt ? [] : [now];
  });
  const failed = executed.filter(({ lastRun }) => lastRun?.phase !== "Succeeded");
  const said = oneLine(
    scope.world.redact(
      ran.output
        .trim()
        .split("\n")
        .findLast((line) => line.trim() !== "") ?? "",
    ),
  );
  const involved = failed.map((test): ObjectRef => ({ ...refOf(test), namespace }));
  if (failed.length > 0) {
    const told = failed.map((test) => tellFailed(test, logs.get(test.name ?? ""), said, scope));
    return { state: "never", seen: told.join("; "), involved };
  }
  const missing = tests.filter(({ name }) => !executed.some((each) => each.name === name));
  if (missing.length > 0) throw sayNotRun(`helm test did not run ${listNames(missing)}${tellEnd(ran.exitCode, said)}`);
  if (ran.exitCode !== 0) throw sayNotRun(`helm test did not end well${tellEnd(ran.exitCode, said)}`);
  return { state: "holds", seen: `${executed.length} ${executed.length === 1 ? "test" : "tests"} passed` };
}

/** What a hook that is a test is called by charts of any age. */
function isTest({ events }: ReleaseHook): boolean {
  return events.some((event) => event === "test" || event === "test-success");
}

/** Nothing was tested: that is neither a success nor, in `error`, a test that fails. */
function sayMissing(what: string): UserError {
  const todo = "Give a template of the chart the annotation helm.sh/hook: test, or leave test out of the check";
  return new UserError("helm-tests-missing", `${what}\nTo do: ${todo}.`);
}

function sayNotRun(what: string): UserError {
  return new UserError("helm-tests-not-run", `${what}.`);
}

function listNames(tests: readonly ReleaseHook[]): string {
  return tests.map(({ name = "one without a name" }) => name).join(", ");
}

function refOf({ name = "", kind }: ReleaseHook): Pick<ObjectRef, "apiVersion" | "kind" | "name"> {
  return { apiVersion: kind === "Job" ? "batch/v1" : "v1", kind: kind === "Job" ? "Job" : "Pod", name };
}

function tellFailed({ name = "", lastRun }: ReleaseHook, log: string | undefined, said: string, scope: Scope): string {
  const lines = scope.world
    .redact(log ?? "")
    .split("\n")
    .slice(-LAST_LINES);
  const quoted = oneLine(lines.join(" | ")) || said;
  return `test ${name} ended as ${lastRun?.phase || "nothing that is known"}${quoted === "" ? "" : `: ${quoted}`}`;
}

function tellEnd(exitCode: number | undefined, said: string): string {
  const ended = exitCode === undefined ? "was ended by a signal" : `exit code ${exitCode}`;
  return exitCode === 0 ? "" : ` (${[ended, said].filter((part) => part !== "").join(": ")})`;
}

async function listPods(namespace: string, scope: Scope): Promise<readonly KubeObject[]> {
  return scope.watches.list(POD, namespace).catch(() => []);
}
