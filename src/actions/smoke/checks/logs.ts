import { UserError } from "../../../kit/user-error.ts";
import { oneLine } from "../../../rollout/one-line.ts";
import type { Pod } from "../../../rollout/pod.ts";
import { refOf } from "../../../rollout/seen.ts";
import { checkPattern } from "../../../smoke/pattern.ts";
import type { Logs } from "../../../smoke/spec/checks/logs.ts";
import { withinTime } from "../../../smoke/within-time.ts";
import { chooseContainer } from "../find-containers.ts";
import { findPods } from "../find-pods.ts";
import type { Checker, Look } from "../look.ts";
import type { Scope } from "../scope.ts";

/** Enough for what a container says after its start, and as much as one look may read. */
const LINES = 10_000;
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_PODS = 20;
const LONGEST_TOLD = 200;

/**
 * What containers have printed, also those that have ended, in this run of theirs and the one before. What has to be
 * there has to be in one of the logs; what must not be there fails at once wherever it stands, since it will not go away,
 * and with `consistently` is looked for until the end of that time.
 */
export const logsChecker: Checker<"logs"> = {
  begin: (wanted, scope) => {
    for (const key of ["matches", "doesNotMatch"] as const) refusePattern(key, wanted[key]);
    return { look: () => look(wanted, scope) };
  },
};

interface Log {
  readonly pod: Pod;
  readonly container: string;
  readonly lines: readonly string[];
  /** What it is longer than that was read: `10 MiB`; undefined where all of it was. */
  readonly cut: string | undefined;
}

async function look(wanted: Logs, scope: Scope): Promise<Look> {
  const expected = tellExpected(wanted);
  const all = await findPods(wanted, scope);
  const pods = all.slice(0, MOST_PODS);
  const logs = (await Promise.all(pods.map((pod) => readLogs(pod, wanted, scope)))).flat();
  const involved = pods.map(({ object }) => refOf(object));
  const say = (state: Look["state"], seen: string): Look => ({ state, expected, seen, involved });
  if (logs.length === 0) return say("unseen", pods.length === 0 ? "there is no such pod" : "nothing has run yet");

  const bad = findLine(logs, listBad(wanted));
  if (bad !== undefined) return { ...say("never", tellLine(bad)), involved: [refOf(bad.pod.object)] };
  const unread = tellUnread(logs, all.length);
  const forbids = wanted.doesNotContain !== undefined || wanted.doesNotMatch !== undefined;
  // What was not read may hold it.
  if (forbids && unread !== undefined) return say("unseen", unread);
  const missing = listGood(wanted).filter(({ find }) => findLine(logs, [find]) === undefined);
  const read = `${logs.reduce((sum, { lines }) => sum + lines.length, 0)} lines of ${pods.length} pods`;
  if (missing.length === 0) return say("holds", `${expected}, in ${read}`);
  const told = `no line ${missing.map(({ told }) => told).join(", nor one ")} in ${read}`;
  return unread === undefined ? say("not-yet", told) : say("unseen", `${told}; ${unread}`);
}

/** What there was no look at, and how to come to one. */
function tellUnread(logs: readonly Log[], pods: number): string | undefined {
  const cut = logs.find((log) => log.cut !== undefined);
  if (cut !== undefined) {
    return `the log of ${cut.pod.name} is longer than ${cut.cut}: say how much of it counts, by tail or since`;
  }
  return pods > MOST_PODS ? `of ${pods} pods only ${MOST_PODS} are read: name fewer of them` : undefined;
}

/** Finds the first of some lines that it means. */
type Find = (lines: readonly string[]) => string | undefined;

function findText(text: string): Find {
  return (lines) => lines.find((line) => line.includes(text));
}

/** All lines at once: to watch over the time that each one takes would take longer. */
function findMatch(pattern: string): Find {
  const expression = new RegExp(pattern, "u");
  return (lines) => withinTime(`The regular expression ${pattern}`, () => lines.find((line) => expression.test(line)));
}

function listBad({ doesNotContain, doesNotMatch }: Logs): readonly Find[] {
  return [
    ...(doesNotContain === undefined ? [] : [findText(doesNotContain)]),
    ...(doesNotMatch === undefined ? [] : [findMatch(doesNotMatch)]),
  ];
}

function listGood({ contains, matches }: Logs): readonly { readonly told: string; readonly find: Find }[] {
  return [
    ...(contains === undefined ? [] : [{ told: `with ${JSON.stringify(contains)}`, find: findText(contains) }]),
    ...(matches === undefined ? [] : [{ told: `that matches ${matches}`, find: findMatch(matches) }]),
  ];
}

function findLine(logs: readonly Log[], finds: readonly Find[]): (Log & { readonly line: string }) | undefined {
  for (const log of logs) {
    for (const find of finds) {
      const line = find(log.lines);
      if (line !== undefined) return { ...log, line };
    }
  }
  return undefined;
}

function tellLine({ pod, container, line }: Log & { readonly line: string }): string {
  const short = line.length <= LONGEST_TOLD ? line : `${line.slice(0, LONGEST_TOLD).toWellFormed()}…`;
  return `${pod.name}/${container}: ${oneLine(short)}`;
}

async function readLogs(pod: Pod, wanted: Logs, { cluster, elapsed }: Scope): Promise<readonly Log[]> {
  const { name: container, state, last } = chooseContainer(pod, wanted.container);
  const runs = [
    ...(last === undefined ? [] : [true]),
    ...(state.kind === "waiting" && last === undefined ? [] : [false]),
  ];
  // The window begins before the smoke test did, and does not move while the check is taken.
  const since = wanted.since === undefined ? {} : { sinceSeconds: Math.ceil((wanted.since + elapsed()) / 1_000) };
  const tailLines = wanted.tail ?? (wanted.since === undefined ? LINES : undefined);
  const tail = tailLines === undefined ? {} : { tailLines };
  const options = { container, limitBytes: MOST_BYTES, ...tail, ...since };
  const texts = await Promise.all(
    runs.map((previous) => cluster.readLog({ namespace: pod.namespace, name: pod.name }, { ...options, previous })),
  );
  return texts.flatMap((text) => {
    if (text === undefined) return [];
    const lines = text.split("\n").filter((line) => line !== "");
    const isLong = wanted.tail === undefined && tailLines !== undefined && lines.length >= tailLines;
    const cut = Buffer.byteLength(text) >= MOST_BYTES ? "10 MiB" : isLong ? `${LINES} lines` : undefined;
    return [{ pod, container, lines, cut }];
  });
}

function tellExpected(wanted: Logs): string {
  const { doesNotContain, doesNotMatch } = wanted;
  return [
    ...listGood(wanted).map(({ told }) => `a line ${told}`),
    ...(doesNotContain === undefined ? [] : [`no line with ${JSON.stringify(doesNotContain)}`]),
    ...(doesNotMatch === undefined ? [] : [`no line that matches ${doesNotMatch}`]),
  ].join(", ");
}

/** @throws UserError `smoke-spec-invalid` */
function refusePattern(key: string, pattern: string | undefined): void {
  const fault = pattern === undefined ? undefined : checkPattern(pattern);
  if (fault === undefined) return;
  throw new UserError("smoke-spec-invalid", `${key}: expected a regular expression, got ${pattern}: ${fault}`);
}
