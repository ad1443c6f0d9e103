import { listClauses } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import type { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import type { Sight } from "../../smoke/pace.ts";
import type { Look, Probe } from "./look.ts";
import type { SmokeWorld } from "./world.ts";

/** What one look came to, whatever happened to it. */
export interface Glance {
  /** `fault`: no waiting mends it, and it is not the deployed thing's. */
  readonly sight: Sight | "fault";
  /** Undefined: nothing was seen. */
  readonly look: Look | undefined;
  /** Why nothing was seen. */
  readonly because: string;
}

/** How long a look may still take to come back once it was called off. */
const GRACE_MS = 250;
/** What may pass: the way to the cluster, and what it will know once a chart has brought it. */
const PASSING: ReadonlySet<string> = new Set(["cluster-unreachable", "kind-unknown"]);
/** Errors of what a spec says, which speak for themselves. */
const OWN_WORDS: ReadonlySet<string> = new Set(["TookTooLong", "MissingValue"]);

/** Looks once, and never throws. @param until ends a look that does not come back by itself */
export async function lookOnce(probe: Probe, world: SmokeWorld, until: AbortSignal): Promise<Glance> {
  const over = Promise.withResolvers<undefined>();
  const callOff = (): void => {
    // By a clock that the job's cancel does not stop.
    void world.sleep(GRACE_MS, new AbortController().signal).then(() => over.resolve(undefined));
  };
  if (until.aborted) callOff();
  else until.addEventListener("abort", callOff, { once: true });
  try {
    const looking = probe.look();
    looking.catch(() => {});
    const look = await Promise.race([looking, over.promise]);
    if (look === undefined) return { sight: "unseen", look, because: "no answer in time" };
    return { sight: look.state, look, because: "" };
  } catch (error) {
    return explain(error, world, until);
  } finally {
    until.removeEventListener("abort", callOff);
  }
}

/** What an error says of what was looked at. */
export function explain(error: unknown, world: Pick<SmokeWorld, "readRefusal">, until: AbortSignal): Glance {
  const told = listClauses(error).join(": ");
  const glance = (sight: Glance["sight"], because: string): Glance => ({ sight, look: undefined, because });
  if (error instanceof UserError) {
    const passes = PASSING.has(error.code) || error.code === "cancelled";
    return glance(passes ? "unseen" : "fault", `${error.code}: ${told}`);
  }
  const refusal = world.readRefusal(error);
  if (refusal !== undefined) return explainRefusal(refusal);
  if (error instanceof Error && OWN_WORDS.has(error.name)) return glance("fault", told);
  // Whoever was called off may say so in any way.
  if (until.aborted) return glance("unseen", "no answer in time");
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return glance("fault", `a fault in Mayfly, not in your spec: ${told} ${stack}`);
}

function explainRefusal({ status, message }: KubeRefusal): Glance {
  if (status !== 403) return { sight: "unseen", look: undefined, because: `the API server says ${status}: ${message}` };
  const because = `smoke-forbidden: the cluster does not let this job look: ${message}. Give its identity the right, such as with Azure's role "Azure Kubernetes Service RBAC Writer" or a Role and RoleBinding in the namespace`;
  return { sight: "fault", look: undefined, because };
}
