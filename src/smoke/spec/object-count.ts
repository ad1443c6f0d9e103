import * as v from "valibot";
import { matchValue } from "../match-value.ts";
import { count } from "./fields.ts";
import { type Matcher, matcher } from "./matcher.ts";

const BREAKABLE = "a count that can be wrong, such as {'>=': 1}: there are never fewer than 0";

/** How many objects there have to be: a whole number, or predicates that not every number fulfils. */
export const objectCount = v.pipe(
  v.union([count, matcher], "a whole number, or predicates such as {'>=': 2}"),
  v.check(isBreakable, BREAKABLE),
);

/** Whether some count does not fit. Predicates change their mind only around the numbers that they name. */
function isBreakable(wanted: Matcher): boolean {
  const named = JSON.stringify(wanted)
    .match(/\d+(?:\.\d+)?/g)
    ?.map((text) => Math.floor(Number(text)));
  const candidates = [0, ...(named ?? [])].flatMap((each) => [each - 1, each, each + 1]).filter((each) => each >= 0);
  return candidates.some((each) => !matchValue(wanted, each));
}
