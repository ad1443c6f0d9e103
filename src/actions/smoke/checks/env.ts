import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Env } from "../../../smoke/spec/checks/env.ts";
import type { Matcher } from "../../../smoke/spec/matcher.ts";
import { type ContainerLook, lookInContainers } from "../in-containers.ts";
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

interface Wrong {
  readonly state: "not-yet" | "unseen";
  readonly told: string;
}

function judge(wanted: Wanted, environment: Environment, world: Pick<SmokeWorld, "mask">): ContainerLook {
  const wrong = wanted.flatMap(([name, matcher]) => compare(name, matcher, environment, world));
  const [first] = wrong;
  const seen = first === undefined ? `${wanted.length} as expected` : wrong.map(({ told }) => told).join(", ");
  // All of them, or some of them: neither is what `error` asks for.
  const missed = wrong.length === wanted.length && wrong.every(({ state }) => state === "not-yet");
  const state = first === undefined ? "holds" : missed ? "not-yet" : "unseen";
  return { state, seen: `${seen} (${environment.way})` };
}

function compare(
  name: string,
  matcher: Matcher,
  environment: Environment,
  world: Pick<SmokeWorld, "mask">,
): readonly Wrong[] {
  const found = environment.find(name);
  switch (found.kind) {
    case "value": {
      // What stands in the spec for everybody to read is no secret.
      if (!found.open && found.value.length >= SHORTEST) world.mask(found.value);
      return matchValue(matcher, found.value) ? [] : [{ state: "not-yet", told: `${name} differs` }];
    }
    case "set":
      return matcher === IS_SET ? [] : [{ state: "unseen", told: `${name} is set, to what only its node knows` }];
    case "missing": {
      const because = found.because === "" ? "" : ` (${found.because})`;
      return matchValue(matcher, undefined) ? [] : [{ state: "not-yet", told: `${name} is not set${because}` }];
    }
    case "unknown":
      return [{ state: "unseen", told: `${name} is not known (${found.because})` }];
  }
}
