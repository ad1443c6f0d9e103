import { fenced, type Section } from "../../kit/markdown.ts";
import { shellQuote } from "../../paste/quote.ts";
import type { PreviewStory } from "../../preview/story.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import { EXPIRY } from "../../ttl/tags.ts";
import { clean } from "../render-text.ts";
import { readAddress } from "./render-link.ts";

const DAY_MS = 86_400_000;

/** Lines to copy: how to reach what was deployed, look at it, and keep it longer. */
export function renderNextSteps(story: PreviewStory): readonly Section[] {
  const lines = [...reach(story), ...look(story), ...keepLonger(story)];
  return lines.length === 0 ? [] : [{ text: `#### Next steps\n\n${fenced(lines.map(clean).join("\n"), "sh")}` }];
}

function reach({ url, place }: PreviewStory): readonly string[] {
  const { cluster, clusterResourceGroup, resourceGroup, subscriptionId } = place;
  const group = clusterResourceGroup || resourceGroup;
  const subscription = subscriptionId === "" ? "" : ` --subscription ${shellQuote(subscriptionId)}`;
  return [
    ...(readAddress(url) === undefined ? [] : [`curl --include ${shellQuote(url)}`]),
    ...(cluster === "" || group === ""
      ? []
      : [
          `az aks get-credentials --resource-group ${shellQuote(group)} --name ${shellQuote(nameOf(cluster))}${subscription}`,
        ]),
  ];
}

/** Where the cluster was given as a resource id, its last part is its name. */
function nameOf(cluster: string): string {
  return cluster.startsWith("/") ? (cluster.split("/").at(-1) ?? cluster) : cluster;
}

function look({ place, release }: PreviewStory): readonly string[] {
  if (place.namespace === "") return [];
  const namespace = `--namespace ${shellQuote(place.namespace)}`;
  return [
    `kubectl ${namespace} get pods,services,ingresses`,
    `kubectl ${namespace} get events --sort-by=.lastTimestamp`,
    ...(release === undefined ? [] : [`helm ${namespace} history ${shellQuote(release.name)}`]),
  ];
}

/** Pull requests have `/extend` for it. */
function keepLonger({ place, expiresAt, pullRequest }: PreviewStory): readonly string[] {
  if (expiresAt === undefined || pullRequest !== undefined) return [];
  const end = `${EXPIRY}=${renderExpiry(new Date(expiresAt.getTime() + DAY_MS))}`;
  const head = "# One more day:";
  if (place.resourceGroup !== "" && place.subscriptionId !== "") {
    const id = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
    return [head, `az tag update --resource-id ${shellQuote(id)} --operation Merge --tags ${shellQuote(end)}`];
  }
  if (place.namespace === "") return [];
  return [head, `kubectl annotate --overwrite namespace ${shellQuote(place.namespace)} ${shellQuote(end)}`];
}
