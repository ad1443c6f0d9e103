import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";
import { isAuthorized } from "./authorized-ranges.ts";
import { azPlace, isBusy } from "./cluster-state.ts";

export interface Silence {
  readonly facts: ClusterFacts;
  readonly server: string;
  /** In words, with its code. */
  readonly because: string;
  /** The runner's, as others see it; undefined where nobody could tell. */
  readonly egressAddress: string | undefined;
  /** Who asks has no input `route`: commands that Azure runs are no way for it. */
  readonly directOnly?: true;
}

/** Why the API server does not answer this runner, by what ARM knows of the cluster, and what mends it. */
export function explainSilence(silence: Silence): UserError {
  const { facts, server, because } = silence;
  const what = `The API server ${server} does not answer this runner: ${because}.`;
  if (facts.private) {
    const runner =
      "run the job on a self-hosted runner in the cluster's network, or in one that is peered with it (runs-on), and see that it resolves the private name";
    const todo = silence.directOnly ? [`To do: ${runner}`] : [`To do: ${offerCommand(facts)}`, `Also: ${runner}`];
    const text = [what, `The cluster "${facts.name}" is private: only its network leads there.`, ...todo].join("\n");
    return new UserError("cluster-private", text);
  }
  if (keepsOut(silence)) return explainRanges(silence, what);
  if (isBusy(facts)) {
    const text = `${what}\nThe cluster "${facts.name}" is being changed (${facts.provisioningState}).\nTo do: wait for the end, then run the job again:\n  az aks wait ${azPlace(facts)} --custom ${shellQuote("provisioningState=='Succeeded'")}`;
    return new UserError("cluster-busy", text);
  }
  const allowed = "To do: let the runner reach it (HTTPS_PROXY, NO_PROXY, firewall), and look at the cluster:";
  return new UserError("cluster-unreachable", `${what}\n${allowed}\n  az aks show ${azPlace(facts)} --output table`);
}

/** Whether the runner's address may be what the API server minds. Where it is not known, that is likelier than all else. */
export function keepsOut({ facts, egressAddress }: Pick<Silence, "facts" | "egressAddress">): boolean {
  const { authorizedRanges } = facts;
  if (facts.private || authorizedRanges.length === 0) return false;
  return egressAddress === undefined || !isAuthorized(egressAddress, authorizedRanges);
}

function explainRanges({ facts, egressAddress, directOnly }: Silence, what: string): UserError {
  const ranges = facts.authorizedRanges.join(",");
  const from = egressAddress === undefined ? "" : `; this runner comes from ${egressAddress}`;
  const own = egressAddress ?? "<runner-address>";
  const text = [
    what,
    `It lets in only its authorised IP ranges (${ranges.replaceAll(",", ", ")})${from}.`,
    "To do: add the address (hosted runners have another one in each job, larger runners can have a fixed one); it counts after at most two minutes:",
    `  az aks update ${azPlace(facts)} --api-server-authorized-ip-ranges ${shellQuote(`${ranges},${own}`)}`,
    ...(directOnly ? [] : [`Also: ${offerCommand(facts)}`]),
  ];
  return new UserError("runner-not-authorized", text.join("\n"));
}

function offerCommand(facts: ClusterFacts): string {
  if (!facts.runCommandDisabled) return "set route: run-command (or auto), by which Azure runs commands in the cluster";
  return `let Azure run commands in the cluster (route: run-command), which is switched off:\n  az aks update ${azPlace(facts)} --enable-run-command`;
}
