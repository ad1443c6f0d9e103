import { UserError } from "../kit/user-error.ts";
import { shellQuote } from "../paste/quote.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import type { ClusterPlace } from "./managed-clusters.ts";

/** Either of these says that Azure's pod did not come to run the command: Azure/azure-cli#23203, #27776. */
const POD_FAULTS: ReadonlySet<string> = new Set(["KubernetesOperationError", "KubernetesPerformanceError"]);

/** Whether the pod for the command did not come up, so that asking again repeats nothing. */
export function failsToStart(error: unknown): boolean {
  return error instanceof ArmRefusal && POD_FAULTS.has(error.fault.code);
}

/** A cluster where run command is switched off, and the line that switches it on. */
export function sayDisabled(place: ClusterPlace, cause?: ArmRefusal): UserError {
  const { name, resourceGroup } = place;
  const line = `az aks update --resource-group ${shellQuote(resourceGroup)} --name ${shellQuote(name)} --enable-run-command`;
  return new UserError(
    "run-command-disabled",
    `The AKS cluster "${name}" has run command switched off (apiServerAccessProfile.disableRunCommand).\nTo do: run the job on a runner that reaches the API server (route: direct), or switch it on: ${line}`,
    cause === undefined ? {} : { cause },
  );
}

/** Refusals that only a command can meet; undefined for any other. */
export function explainCommandRefusal(clause: string, refusal: ArmRefusal, place: ClusterPlace): UserError | undefined {
  const { status, fault } = refusal;
  if (/run ?command.*(?:is|has been) (?:disabled|not enabled)/i.test(fault.message)) return sayDisabled(place, refusal);
  if (status === 413 || fault.code === "RequestContentTooLarge" || fault.code === "RequestEntityTooLarge") {
    const todo = "send fewer files: ARM takes a few megabytes in one request, chart and values included";
    return new UserError("run-command-too-large", `${clause}: its files are too large.\nTo do: ${todo}.`, {
      cause: refusal,
    });
  }
  if (!POD_FAULTS.has(fault.code)) return undefined;
  if (/admission webhook|denied the request|violates/i.test(fault.message)) {
    return new UserError(
      "run-command-failed",
      `${clause}: a policy of the cluster refuses Azure's pod.\nTo do: exempt the namespace aks-command from it: https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/resolve-az-aks-command-invoke-failures`,
      { cause: refusal },
    );
  }
  return new UserError(
    "run-command-not-scheduled",
    `${clause}: Azure's pod for it did not start, at two tries. It needs a node with 200m CPU and 500 Mi of memory free.\nTo do: look at what holds it back, scale up a pool without taints, or use a runner that reaches the API server (route: direct): az aks nodepool list --resource-group ${shellQuote(place.resourceGroup)} --cluster-name ${shellQuote(place.name)} --output table`,
    { cause: refusal },
  );
}

/** A command that was begun and came to no exit code. */
export function sayCommandFailed(reason: string, output: string): UserError {
  const said = output.trim().split("\n").slice(-5).join("\n");
  const shown = said === "" ? "" : `\nThe last that it printed:\n${said}`;
  return new UserError(
    "run-command-failed",
    `Azure could not run the command in the cluster to its end: ${reason}. It may have done part of its work.${shown}`,
  );
}
