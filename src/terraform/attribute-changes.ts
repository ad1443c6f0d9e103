import { below, findSame, hasElements, hasFields, isNothing, isUnchanged, type Place } from "./changed-place.ts";
import { isList, isObject, type Json, parseExactJson } from "./exact-json.ts";
import { type Hide, SENSITIVE } from "./hide-values.ts";
import type { AttributeChange } from "./plan-facts.ts";
import { isMarked, type PlannedChange } from "./planned-change.ts";
import { cutPair, renderTexts, renderValue, UNKNOWN } from "./value-text.ts";

type Texts = readonly [before: string | undefined, after: string | undefined];

/** A place that changes, and how. */
interface Find {
  readonly place: Place;
  readonly texts: Texts;
}

interface Look {
  readonly hide: Hide;
  /** Of a resource that comes or goes, what is empty says nothing. */
  readonly skipEmpty: boolean;
}

/**
 * What changes of a resource, one entry for each place, in terraform's order. A list of plain values is one place, and so
 * is whatever is sensitive as a whole.
 *
 * Paths are terraform's own expressions: a list's objects are blocks (`default_node_pool[0].vm_size`), names of other
 * objects stand in brackets (`tags["owner"]`), and what is inside of a JSON text stands behind `jsondecode(…)`.
 */
export function listAttributeChanges(change: PlannedChange, hide: Hide): readonly AttributeChange[] {
  const { kind, before, after, unknown, hiddenBefore, hiddenAfter, replacePaths } = change;
  if (kind === "no-op") return [];
  const whole: Place = { path: "", keys: [], before, after, unknown, hiddenBefore, hiddenAfter };
  const look: Look = { hide, skipEmpty: kind !== "update" && kind !== "replace" };
  return compare(whole, look).map(({ place, texts }) => ({
    path: place.path,
    before: texts[0],
    after: texts[1],
    forcesReplacement: replacePaths.some((path) => isOnTheWay(path, place.keys)),
  }));
}

/** The texts of a value that changes as a whole, as an output's. */
export function describeChange(place: Omit<Place, "path" | "keys">, hide: Hide): Texts {
  const { before, after, unknown, hiddenBefore, hiddenAfter } = place;
  const isText = (value: Json | undefined) => isNothing(value) || typeof value === "string";
  if (!isMarked(hiddenBefore) && !isMarked(hiddenAfter) && !isMarked(unknown) && isText(before) && isText(after)) {
    return renderTexts(before ?? undefined, after ?? undefined, hide);
  }
  const was = isNothing(before) ? undefined : renderValue(before, { unknown: undefined, hidden: hiddenBefore }, hide);
  const is =
    isNothing(after) && !isMarked(unknown) ? undefined : renderValue(after, { unknown, hidden: hiddenAfter }, hide);
  return cutPair(was, is);
}

function compare(place: Place, look: Look): readonly Find[] {
  const { before, after, unknown, hiddenBefore, hiddenAfter } = place;
  if (isUnchanged(place)) return [];
  if (hiddenBefore === true || hiddenAfter === true) {
    const stays = isMarked(unknown) || !isNothing(after);
    return [{ place, texts: [isNothing(before) ? undefined : SENSITIVE, stays ? SENSITIVE : undefined] }];
  }
  if (unknown === true)
    return [{ place, texts: [describeChange({ ...place, after: null, unknown: false }, look.hide)[0], UNKNOWN] }];
  if (hasFields(place)) return compareFields(place, look);
  if (hasElements(place)) return compareElements(place, look);
  if (typeof before === "string" && typeof after === "string") {
    const [one, other] = [parseDocument(before, look.hide), parseDocument(after, look.hide)];
    if (one !== undefined && other !== undefined) {
      const inside = compareFields({ ...place, path: `jsondecode(${place.path})`, before: one, after: other }, look);
      // Texts that differ only in spaces or order say the same, and yet change.
      if (inside.length > 0) return inside;
    }
  }
  return [{ place, texts: describeChange(place, look.hide) }];
}

function compareFields(place: Place, look: Look): readonly Find[] {
  const sides = [place.before, place.after, place.unknown];
  const names = new Set(sides.flatMap((side) => (isObject(side) ? Object.keys(side) : [])));
  if (names.size === 0) return look.skipEmpty ? [] : [{ place, texts: describeChange(place, look.hide) }];
  return [...names].sort().flatMap((name) => compare(below(place, name, look.hide), look));
}

function compareElements(place: Place, look: Look): readonly Find[] {
  const [before, after] = [isList(place.before) ? place.before : [], isList(place.after) ? place.after : []];
  const afterLength = Math.max(after.length, isList(place.unknown) ? place.unknown.length : 0);
  const length = Math.max(before.length, afterLength);
  if (length === 0 && look.skipEmpty) return [];
  if (![...before, ...after].some((one) => isObject(one) || isList(one))) {
    return [{ place, texts: describeChange(place, look.hide) }];
  }
  const [head, tail] = findSame(place, before, after);
  return Array.from({ length: Math.max(0, length - tail - head) }, (_, step) => head + step).flatMap((index) =>
    compare(below(place, index, look.hide, [index < before.length - tail, index < afterLength - tail]), look),
  );
}

/** A JSON text's object; undefined of any other text, and of one with a sensitive value that its parts would not show. */
function parseDocument(text: string, hide: Hide): Json | undefined {
  if (!/^\s*\{/.test(text) || hide.hide(text) !== text) return undefined;
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** Whether one path leads through the end of the other. */
function isOnTheWay(path: readonly Json[], keys: readonly (string | number)[]): boolean {
  return path.length > 0 && keys.every((key, index) => index >= path.length || path[index] === key);
}
