import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { azPlace } from "./cluster-state.ts";

/**
 * The API server's address under the name that was asked for.
 *
 * @param server as ARM gives it: of a private cluster under its private name
 * @throws UserError `server-fqdn-missing` where the cluster has no such name
 */
export function chooseServer(server: string, facts: ClusterFacts, which: "auto" | "public" | "private"): string {
  if (which === "auto") return server;
  const name = which === "public" ? facts.fqdn : facts.privateFqdn;
  if (name === undefined) {
    const todo =
      which === "public"
        ? `give it one, which leads to its private address:\n  az aks update ${azPlace(facts)} --enable-public-fqdn`
        : "leave server-fqdn out: its API server is public.";
    throw new UserError("server-fqdn-missing", `The cluster "${facts.name}" has no ${which} name.\nTo do: ${todo}`);
  }
  const { port } = new URL(server);
  return `https://${name}:${port === "" ? "443" : port}`;
}
