import { rankOf, wordsOf } from "../cause-codes.ts";
import { compareTexts } from "../seen-event.ts";
import type { Sign } from "../signs/sign.ts";
import type { Part } from "../verdict.ts";

/** What one object has come to. */
export interface Finding extends Pick<Part, "state" | "told"> {
  /** What explains it best; of what is ready, what is to be said loudly. */
  readonly sign: Sign | undefined;
  /** Of what is ready: until when to look on, in milliseconds. */
  readonly settleUntil: number | undefined;
}

/** It is ready. @param settleUntil until when that might not last */
export function ready(
  told: string,
  more: { readonly sign?: Sign | undefined; readonly settleUntil?: number } = {},
): Finding {
  return { state: "ready", told, sign: more.sign, settleUntil: more.settleUntil };
}

/** It is not ready, and the best of the signs says why; a fatal one, that it never will be. */
export function unready(told: string, signs: readonly (Sign | undefined)[]): Finding {
  const sign = chooseSign(signs);
  const state = sign?.fatal === true ? "failed" : "progressing";
  // A try of a Job that failed is told in its numbers.
  const plain = sign === undefined || sign.code === "never-ready/silent" || (sign.code === "job/failed" && !sign.fatal);
  const words = plain ? "" : `: ${wordsOf(sign.code)}`;
  return { state, told: `${told}${words}`, sign, settleUntil: undefined };
}

/** A fatal sign before what may pass; then what explains first; then by name, so that it is always the same. */
export function chooseSign(signs: readonly (Sign | undefined)[]): Sign | undefined {
  const order = (a: Sign, b: Sign): number =>
    Number(b.fatal) - Number(a.fatal) ||
    rankOf(a.code) - rankOf(b.code) ||
    compareTexts(a.where.name, b.where.name) ||
    compareTexts(a.says, b.says);
  return signs
    .filter((sign) => sign !== undefined)
    .toSorted(order)
    .at(0);
}
