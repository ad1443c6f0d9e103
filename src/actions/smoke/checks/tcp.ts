import type { Checker, Look } from "../look.ts";
import { dialPlace, listBehind } from "../reach.ts";
import type { Scope } from "../scope.ts";
import { lookUnreached, Unreached } from "../unreached.ts";

const LONGEST_MS = 10_000;

/** Somebody takes connections at an address. */
export const tcpChecker: Checker<"tcp"> = {
  begin: ({ address }, scope) => {
    const expected = `a connection to ${address}`;
    return {
      look: () =>
        look(address, expected, scope).catch((error: unknown): Look => {
          const seen = lookUnreached(error, expected);
          return hasNobody(error, scope) ? { ...seen, state: "not-yet" } : seen;
        }),
    };
  },
};

const NOBODY: ReadonlySet<string> = new Set(["refused", "timeout", "reset"]);

/** Whether nobody takes connections there, which is an answer, too; a name that nobody knows is none. */
function hasNobody(error: unknown, { world }: Scope): boolean {
  const { cause } = error as Error;
  return cause === undefined || NOBODY.has(world.network.readFault(cause)?.kind ?? "");
}

async function look(address: string, expected: string, scope: Scope): Promise<Look> {
  const { world, until } = scope;
  const { host, port, dial, told } = await dialPlace(address, undefined, scope);
  try {
    await world.network.connect({ host, port }, { timeoutMs: Math.min(scope.left(), LONGEST_MS), until, dial });
  } catch (error) {
    const fault = world.network.readFault(error);
    throw fault === undefined
      ? error
      : new Unreached(fault.message, await listBehind(address, scope), { cause: error });
  }
  return { state: "holds", expected, seen: `connected${told === "" ? "" : ` (${told})`}` };
}
