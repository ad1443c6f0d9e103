import type { WorkedOn } from "./story.ts";
import type { ChangeSummary, Diagnostic, HookAction, OutputValue, StreamEvent } from "./stream-event.ts";

/** What terraform has told so far. Milliseconds are those that the events were read with. */
export interface WorkFacts {
  readonly version: string | undefined;
  /** In the order in which it began; data sources are among it. */
  readonly work: readonly WorkedOn[];
  /** Changes that are done, without data sources. */
  readonly done: number;
  readonly failed: number;
  /** Changes that were planned, a replacement counted twice; undefined as long as nobody has told. */
  readonly total: number | undefined;
  /** The last one: of the apply where there was a plan before it. */
  readonly summary: ChangeSummary | undefined;
  /** Each once, however often it was said. */
  readonly diagnostics: readonly Diagnostic[];
  /** Lines that are none of the stream: what was wrong before terraform knew that it should speak JSON. */
  readonly texts: readonly string[];
  readonly outputs: Readonly<Record<string, OutputValue>> | undefined;
  /** How often terraform saw a signal: at 1 it winds up, at 2 it drops everything. */
  readonly interrupts: number;
  /** Whether terraform left in the middle of its work. */
  readonly dropped: boolean;
  /** What terraform was doing with the lock when it last spoke of it. */
  readonly lock: "acquiring" | "releasing" | undefined;
  readonly refreshed: number;
  /** When the last event was read. */
  readonly atMs: number;
}

/** Folds the stream of one or several calls into what they came to. */
export interface WorkLog {
  /** @param atMs of a clock that never jumps; of events, never less than the one before */
  read(event: StreamEvent, atMs: number): void;
  facts(): WorkFacts;
}

/** As many lines as a person would read; a provider that panics prints thousands. */
const KEPT_TEXTS = 200;

/** What each planned action counts as: a replacement is a delete and a create. */
const WEIGHTS: Readonly<Record<string, number>> = { create: 1, update: 1, delete: 1, replace: 2 };

interface Item {
  readonly address: string;
  readonly action: HookAction;
  readonly fromMs: number;
  toMs: number | undefined;
  outcome: WorkedOn["outcome"];
}

/**
 * A log of which nothing has been read.
 *
 * @param planned changes to be done, where an approved plan tells it: a replacement counts twice
 */
export function createWorkLog(planned?: number): WorkLog {
  const items: Item[] = [];
  const diagnostics = new Map<string, Diagnostic>();
  const texts: string[] = [];
  /** Where the work of the call that is under way begins, and what was done before it. */
  let first = 0;
  let before = 0;
  let counted: number | undefined;
  let summary: ChangeSummary | undefined;
  let version: string | undefined;
  let outputs: Readonly<Record<string, OutputValue>> | undefined;
  let interrupts = 0;
  let lock: WorkFacts["lock"];
  let refreshed = 0;
  let latestMs = 0;

  const begin = (address: string, action: HookAction, fromMs: number): Item => {
    const item: Item = { address, action, fromMs, toMs: undefined, outcome: "running" };
    items.push(item);
    return item;
  };
  /** An object and its deposed forerunner have one address and may go side by side: the older of them ends first. */
  const find = (address: string, action: HookAction): Item | undefined =>
    items.slice(first).find((item) => item.outcome === "running" && item.address === address && item.action === action);
  const end = (event: Extract<StreamEvent, { kind: "complete" | "errored" }>, atMs: number): void => {
    const { address, action, seconds } = event;
    const item = find(address, action) ?? begin(address, action, Math.max(0, atMs - seconds * 1000));
    item.toMs = atMs;
    item.outcome = event.kind === "complete" ? "done" : "failed";
  };
  const sum = (one: ChangeSummary): void => {
    summary = one;
    if (one.operation === "plan") counted = one.add + one.change + one.remove;
  };

  return {
    read: (event, atMs) => {
      latestMs = Math.max(latestMs, atMs);
      switch (event.kind) {
        case "version":
          // The first line of each call, which counts anew: an apply after its plan, a destroy's next try.
          version = event.version;
          first = items.length;
          before = countDone(items);
          counted = undefined;
          lock = undefined;
          break;
        case "diagnostic":
          diagnostics.set(JSON.stringify(event.diagnostic), event.diagnostic);
          break;
        case "planned":
          counted = (counted ?? 0) + (WEIGHTS[event.action] ?? 0);
          break;
        case "start":
          begin(event.address, event.action, atMs);
          break;
        case "progress":
          if (find(event.address, event.action) === undefined)
            begin(event.address, event.action, Math.max(0, atMs - event.seconds * 1000));
          break;
        case "complete":
        case "errored":
          end(event, atMs);
          break;
        case "refresh":
          if (event.done) refreshed += 1;
          break;
        case "summary":
          sum(event.summary);
          break;
        case "outputs":
          outputs = event.outputs;
          break;
        case "interrupt":
          interrupts = event.text.startsWith("Two ") ? 2 : Math.max(1, interrupts);
          break;
        case "lock":
          lock = event.phase;
          break;
        case "text":
          if (event.text.trim() !== "" && texts.length < KEPT_TEXTS) texts.push(event.text);
          break;
        case "log":
        case "provision":
          break;
      }
    },
    facts: () => {
      const changes = items.filter(({ action }) => action !== "read");
      const total = planned ?? (counted === undefined ? undefined : before + counted);
      return {
        version,
        work: items.map((item) => ({ ...item })),
        done: countDone(items),
        failed: changes.filter(({ outcome }, index) => outcome === "failed" && !isMended(changes, index)).length,
        // What no plan counts, and a forerunner that was left over, must not make it "13 of 12".
        total: total === undefined ? undefined : Math.max(total, countDone(items)),
        summary,
        diagnostics: [...diagnostics.values()],
        texts: [...texts],
        outputs,
        interrupts,
        dropped: interrupts > 1 || [...diagnostics.values()].some(isDropped),
        lock,
        refreshed,
        atMs: latestMs,
      };
    },
  };
}

function countDone(items: readonly WorkedOn[]): number {
  return items.filter(({ action, outcome }) => action !== "read" && outcome === "done").length;
}

/** Whether a later try did what failed here. */
function isMended(changes: readonly WorkedOn[], index: number): boolean {
  const failed = changes[index];
  return changes
    .slice(index)
    .some((each) => each.outcome === "done" && each.address === failed?.address && each.action === failed.action);
}

/** What terraform says exactly five seconds after the second signal, when it leaves. */
function isDropped({ severity, summary }: Diagnostic): boolean {
  return severity === "error" && summary === "operation canceled";
}
