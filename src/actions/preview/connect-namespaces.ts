import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import type { Namespaces } from "../../kubernetes/namespaces.ts";
import { choosePlace } from "../clusters/place.ts";
import type { ConnectedAzure } from "./connect-azure.ts";
import type { spec } from "./spec.ts";

/**
 * Namespaces of the shared cluster; undefined where none is named. ARM is asked for the way to it with the first
 * question. What keeps it from being seen is told in words that say what mends it.
 *
 * @throws UserError `bad-input` when the inputs do not say where it is
 */
export function connectLateNamespaces(
  inputs: InputsOf<typeof spec>,
  { world: { subscriptionId }, openCluster }: ConnectedAzure,
): Namespaces | undefined {
  const { cluster, resourceGroup } = inputs;
  if (cluster === undefined) return undefined;
  const place = choosePlace({ cluster, resourceGroup, subscriptionId });
  const open = once(() => openCluster(place));
  const ask = async <T>(question: (namespaces: Namespaces) => Promise<T>): Promise<T> => {
    const { namespaces, explain } = await open();
    try {
      return await question(namespaces);
    } catch (error) {
      throw isOfOneNamespace(error) ? error : await explain(error);
    }
  };
  return {
    list: (selector) => ask((namespaces) => namespaces.list(selector)),
    find: (name) => ask((namespaces) => namespaces.find(name)),
    annotate: (name, annotations) => ask((namespaces) => namespaces.annotate(name, annotations)),
    // Who reaps reads the API server's own refusals.
    remove: async (facts) => (await open()).namespaces.remove(facts),
  };
}

/** Such as one that has gone since, which says nothing of the cluster. */
function isOfOneNamespace(error: unknown): boolean {
  return error instanceof KubeRefusal && [404, 409, 422].includes(error.status);
}
