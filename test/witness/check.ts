import { isDeepStrictEqual } from "node:util";
import type { RecordedRequest, Traffic } from "../azure/traffic.ts";

/** One thing that az and our adapters do to the same fleet, and what each has seen of it. */
export interface Check<S> {
  readonly name: string;
  readonly az: (stage: S) => Promise<unknown>;
  /** Left out where only az can do it; then `truth` says what it has to see. Runs after az. */
  readonly adapter?: (stage: S) => Promise<unknown>;
  /** What both have to see, known without asking either: two empty lists would agree, too. */
  readonly truth?: (stage: S) => unknown;
}

/** A check that this emulator cannot carry out, and why. */
export interface Skip {
  readonly name: string;
  readonly skipped: string;
}

export interface Finding {
  readonly name: string;
  readonly az: unknown;
  readonly adapter: unknown;
  readonly truth: unknown;
  readonly same: boolean;
  /** Requests that the emulator did not know: a difference of its own. */
  readonly refused: readonly string[];
  readonly azRequests: readonly RecordedRequest[];
  readonly adapterRequests: readonly RecordedRequest[];
}

/** Stands where one side has not looked. */
export const NOT_ASKED = Symbol("not asked");

/** A side that ended in an error; never equal to anything. */
export interface Broken {
  readonly broken: string;
}

/** Carries out a check: az first, then the adapter, each with the requests that it sent. */
export async function runCheck<S>(check: Check<S>, stage: S, traffic: Traffic): Promise<Finding> {
  traffic.clear();
  const az = await see(() => check.az(stage));
  const azRequests = [...traffic.requests];
  traffic.clear();
  const { adapter: look, truth: tell } = check;
  const adapter = look === undefined ? NOT_ASKED : await see(() => look(stage));
  const adapterRequests = [...traffic.requests];
  const truth = tell === undefined ? NOT_ASKED : tell(stage);
  const refused = [...azRequests, ...adapterRequests].flatMap(({ refused: why }) => why ?? []);
  const same = refused.length === 0 && agree([az, adapter, truth]);
  return { name: check.name, az, adapter, truth, same, refused, azRequests, adapterRequests };
}

/** Whether all that were asked saw the same, and at least two of them were. */
export function agree(views: readonly unknown[]): boolean {
  const [first, ...others] = views.filter((view) => view !== NOT_ASKED);
  if (others.length === 0) return false;
  return !views.some(isBroken) && others.every((other) => isDeepStrictEqual(other, first));
}

export function isBroken(view: unknown): view is Broken {
  return view !== null && typeof view === "object" && "broken" in view;
}

async function see(look: () => Promise<unknown>): Promise<unknown> {
  try {
    return await look();
  } catch (error) {
    return { broken: describe(error) } satisfies Broken;
  }
}

/** The whole chain: adapters say what they tried, and keep why it failed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} <- ${describe(error.cause)}`;
}
