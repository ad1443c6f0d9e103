import { hash } from "node:crypto";
import { isNothing } from "./changed-place.ts";
import { entriesOf, fieldOf, isList, isObject, isSameJson, type Json, renderCanonicalJson } from "./exact-json.ts";
import { markBelow, type PlannedChange, type PlannedValue } from "./planned-change.ts";
import { isExpiryName, isRunTag } from "./run-tags.ts";

/** What every run writes anew, and what therefore stands for itself: texts that are the time of this plan or its expiry. */
export type Instants = ReadonlySet<string>;

/** Stands for a text of `Instants`, for what is not known yet, and for what is not there. */
const INSTANT = { mayfly: "instant" };
const UNKNOWN = { mayfly: "unknown" };
const ABSENT = { mayfly: "absent" };

/** The time of the plan (`plantimestamp()`), and whatever its variables give as expiry. */
export function listInstants(plan: Json): Instants {
  const found = new Set<string>();
  const look = (value: Json | undefined, name: string): void => {
    if (typeof value === "string" && isExpiryName(name)) found.add(value);
    for (const [inner, one] of entriesOf(value)) look(one, inner);
    if (isList(value)) for (const one of value) look(one, "");
  };
  for (const [name, variable] of entriesOf(fieldOf(plan, "variables"))) look(fieldOf(variable, "value"), name);
  const timestamp = fieldOf(plan, "timestamp");
  if (typeof timestamp === "string") found.add(timestamp);
  return found;
}

/**
 * What stands for one resource's change: equal when it would do the same to the same object. Of an update that is what
 * becomes of each part that changes; what is made anew counts as a whole; what goes counts by its id.
 */
export function digestChange(change: PlannedChange, instants: Instants): string {
  const { address, kind, createsFirst, forgets, before } = change;
  return digest({
    address,
    deposed: change.deposed ?? null,
    previousAddress: change.previousAddress ?? null,
    kind,
    createsFirst,
    forgets,
    importing: renderCanonicalJson(change.importing ?? null),
    id: renderCanonicalJson(fieldOf(before, "id") ?? null),
    what: describe(change, instants),
  });
}

/** The same of an output's. */
export function digestOutput(name: string, change: PlannedValue, instants: Instants): string {
  const { kind, before } = change;
  return digest({
    output: name,
    kind,
    before: settle(before, undefined, instants),
    after: settleAfter(change, instants),
  });
}

/** What stands for a whole plan, in whatever order terraform told its parts. */
export function digestEssence(parts: readonly string[], failedChecks: readonly string[]): string {
  return digest({ parts: parts.toSorted(), failedChecks: failedChecks.toSorted() });
}

/** Of a value whose names stand in one order already. */
function digest(value: Json): string {
  return hash("sha256", JSON.stringify(value));
}

function describe(change: PlannedChange, instants: Instants): Json {
  const { kind } = change;
  if (kind === "update")
    return compare(settle(change.before, undefined, instants), settleAfter(change, instants)) ?? ABSENT;
  return kind === "create" || kind === "replace" || kind === "read" ? settleAfter(change, instants) : ABSENT;
}

function settleAfter({ after, unknown }: PlannedValue, instants: Instants): Json {
  return settle(after, unknown, instants);
}

/** A value with a sign in the place of what is not known, and of what every run writes anew. */
function settle(value: Json | undefined, unknown: Json | undefined, instants: Instants, inTags = false): Json {
  if (unknown === true) return UNKNOWN;
  if (isNothing(value) && !isObject(unknown)) return ABSENT;
  if (typeof value === "string") return instants.has(value) ? INSTANT : value;
  if (isList(value)) return value.map((one, index) => settle(one, markBelow(unknown, index), instants));
  if (!isObject(value) && !isObject(unknown)) return value ?? ABSENT;
  const settled: Record<string, Json> = Object.create(null);
  const take = (name: string): void => {
    const inner = fieldOf(value, name);
    const isTag = inTags && isRunTag(name) && typeof inner === "string";
    const one = isTag ? INSTANT : settle(inner, markBelow(unknown, name), instants, name === "tags");
    if (one !== ABSENT) settled[name] = one;
  };
  for (const name of namesOf(value, unknown)) take(name);
  return settled;
}

/** The names of one, the other or both, in order. */
function namesOf(one: Json | undefined, other: Json | undefined): readonly string[] {
  const [names, more] = [isObject(one) ? Object.keys(one) : [], isObject(other) ? Object.keys(other) : []];
  return (more.length === 0 ? names : [...new Set([...names, ...more])]).sort();
}

/** Before and after of each part that changes; undefined where nothing does. */
function compare(before: Json, after: Json): Json | undefined {
  if (isSameJson(before, after)) return undefined;
  if (!isObject(before) || !isObject(after)) return [before, after];
  const parts = namesOf(before, after).map((name): [string, Json | undefined] => [
    name,
    compare(fieldOf(before, name) ?? ABSENT, fieldOf(after, name) ?? ABSENT),
  ]);
  return Object.fromEntries(parts.filter((part): part is [string, Json] => part[1] !== undefined));
}
