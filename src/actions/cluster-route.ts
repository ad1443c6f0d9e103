import { delimiter } from "node:path";
import { UserError } from "../kit/user-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How the API server of a kubeconfig is reached, as `aks-set-context` found out. What it says is of its own kubeconfig
 * alone: with another one the way is direct.
 */
export function readRoute(environment: Environment, kubeconfig: string | undefined): "direct" | "run-command" {
  const own = environment["KUBE_CONFIG_PATH"] || environment["KUBECONFIG"];
  const foreign = kubeconfig !== undefined && kubeconfig !== own && !kubeconfig.split(delimiter).includes(own ?? "");
  return environment["MAYFLY_AKS_ROUTE"] === "run-command" && !foreign ? "run-command" : "direct";
}

/**
 * Stops before anything is tried that needs the API server itself, such as helm.
 *
 * @param who `helm-deploy`, for the message
 * @throws UserError `route-needs-direct-cluster`
 */
export function requireDirect(route: "direct" | "run-command", who: string): void {
  if (route === "direct") return;
  const text = [
    `${who} needs a way to the API server, and aks-set-context found none: its route is run-command (MAYFLY_AKS_ROUTE), by which Azure runs single commands in the cluster. helm does not go that way.`,
    "To do: let the job run in the cluster's network (runs-on: a self-hosted runner there, or one of GitHub's with private networking).",
    "Where the API server is public and keeps a list of addresses, add the runner's; aks-set-context names it, and the line, with route: direct.",
  ].join("\n");
  throw new UserError("route-needs-direct-cluster", text);
}
