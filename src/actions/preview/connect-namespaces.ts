import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import type { Namespaces } from "../../kubernetes/namespaces.ts";
import type { spec } from "./spec.ts";

/**
 * Namespaces of the cluster that the job's kubeconfig leads to; undefined where none is named. What is wrong with the
 * kubeconfig is told with the first question, and all that speaks to clusters is loaded then.
 */
export function connectLateNamespaces(runner: Runner, inputs: InputsOf<typeof spec>): Namespaces | undefined {
  if (inputs.kubeconfig === undefined) return undefined;
  const open = once(async () => {
    const { connectSmokeCluster } = await import("../smoke/connect-cluster.ts");
    const { connectNamespaces } = await import("../../kubernetes/namespaces.ts");
    const cluster = connectSmokeCluster(runner, inputs);
    // A kubeconfig that is named and not there was refused before.
    if (cluster === undefined) throw new Error("a kubeconfig was named, and none was read");
    return connectNamespaces(cluster);
  });
  return {
    list: async (...words) => (await open()).list(...words),
    find: async (...words) => (await open()).find(...words),
    annotate: async (...words) => (await open()).annotate(...words),
    remove: async (...words) => (await open()).remove(...words),
  };
}
