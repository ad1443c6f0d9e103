import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Patience } from "./patience.ts";
import { reachByCommand } from "./reach-by-command.ts";
import { reachDirectly } from "./reach-directly.ts";
import type { World } from "./world.ts";

/** What is to be reached, and how. */
export interface Visit {
  readonly facts: ClusterFacts;
  readonly server: string;
  /** Its path. */
  readonly kubeconfig: string;
  /** What its plugin gave just now; undefined where it has none. */
  readonly token: string | undefined;
  readonly namespace: string;
  /** The identity's object id; undefined where the credential does not say. */
  readonly objectId: string | undefined;
  readonly patience: Patience;
}

/** There is a way to the API server, and it knows us. */
export interface Arrival {
  readonly route: "direct" | "run-command";
  /** Without the `v`. */
  readonly version: string;
  /** Whom the API server takes us for. */
  readonly user: string;
  /** What is not right all the same. */
  readonly warning?: string;
}

export type RouteChoice = "auto" | "direct" | "run-command";
export type ReachWorld = Pick<World, "ask" | "findEgressAddress" | "clusters" | "log">;

/** What another route may help against. */
const NO_WAY: ReadonlySet<string> = new Set(["cluster-private", "runner-not-authorized", "cluster-unreachable"]);

const ROUTES: Readonly<Record<RouteChoice, (visit: Visit, world: ReachWorld) => Promise<Arrival>>> = {
  direct: reachDirectly,
  "run-command": reachByCommand,
  auto: async (visit, world) => {
    try {
      return await reachDirectly(visit, world);
    } catch (error) {
      const another = error instanceof UserError && NO_WAY.has(error.code) && !visit.facts.runCommandDisabled;
      if (!another) throw error;
      const [first = ""] = error.message.split("\n");
      world.log.info(`${first} The other way is tried: commands that Azure runs in the cluster.`);
      return reachByCommand(visit, world).catch((second: unknown) => {
        const because = second instanceof Error ? second.message : String(second);
        if (second instanceof UserError && second.code === "cancelled") throw second;
        throw new UserError(error.code, `${error.message}\nNor does the other way lead there: ${because}`, {
          cause: second,
        });
      });
    }
  },
};

/**
 * Goes to the API server by the route that was chosen, and asks who we are there.
 *
 * @throws UserError `cluster-private`, `runner-not-authorized`, `cluster-unreachable`, `cluster-busy`,
 *   `cluster-access-denied`, `cluster-login-failed`, `cancelled`, and those of `ManagedClusters.runCommand`
 */
export function reach(choice: RouteChoice, visit: Visit, world: ReachWorld): Promise<Arrival> {
  return ROUTES[choice](visit, world);
}
