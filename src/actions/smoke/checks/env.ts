import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Env } from "../../../smoke/spec/checks/env.ts";
import type { Matcher } from "../../../smoke/spec/matcher.ts";
import { lookInContainers, type Sight } from "../in-containers.ts";
import type { Checker } from "../look.ts";
import { type Environment, readEnvironment, type Ways } from "../read-environment.ts";
import type { SmokeWorld } from "../world.ts";

/** Masking a shorter text would hide ordinary words, and tell what it is. */
const SHORTEST = 4;
const IS_SET: Matcher = { exists: true };

/** Looks for variables in every container that is found. What they are set to is compared, and never told. */
export const envChecker: Checker<"env"> = {
  begin: (payload, scope) => {
    const ways: Ways = new Map();
    const wanted = listWanted(payload);
    const expected = wanted.map(([name, matcher]) => `${name} ${matcher === IS_SET ? "is set" : tellMatcher(matcher)}`);
    return {
      look: () =>
        lookInContainers(payload, scope, expected.join(", "), async (container) =>
          judge(wanted, await readEnvironment(container, scope, ways), scope.world),
        ),
    };
  },
};

type Wanted = readonly (readonly [name: string, matcher: Matcher])[];

function listWanted({ variables }: Env): Wanted {
  return Array.isArray(variables)
    ? variables.map((name: string) => [name, IS_SET] as const)
    : Object.entries(variables as Readonly<Record<string, Matcher>>);
}

function judge(wanted: Wanted, environment: Environment, world: Pick<SmokeWorld, "mask">): Sight {
  const wrong = wanted.flatMap(([name, matcher]) => {
    const found = environment.find(name);
    if (found.kind === "set") return matcher === IS_SET ? [] : [`${name} is set, to what only its node knows`];
    if (found.kind === "missing") {
      const because = found.because === "" ? "" : ` (${found.because})`;
      return matchValue(matcher, undefined) ? [] : [`${name} is not set${because}`];
    }
    // What stands in the spec for everybody to read is no secret.
    if (!found.open && found.value.length >= SHORTEST) world.mask(found.value);
    return matchValue(matcher, found.value) ? [] : [`${name} differs`];
  });
  const seen = wrong.length > 0 ? wrong.join(", ") : `${wanted.length} as expected`;
  return { holds: wrong.length === 0, seen: `${seen} (${environment.way})` };
}
