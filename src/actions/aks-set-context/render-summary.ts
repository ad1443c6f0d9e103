import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { code, plain, table, withinBudget } from "../../kit/markdown.ts";
import type { Arrival } from "./reach.ts";

export interface ContextStory {
  readonly facts: ClusterFacts;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  readonly arrival: Arrival;
  /** The credential renews itself. */
  readonly renews: boolean;
  /** Of the token that was given first. */
  readonly expiresAt: Date | undefined;
}

const AUTH: Readonly<Record<ClusterFacts["auth"], string>> = {
  "aad-azure-rbac": "Entra, roles of Azure",
  "aad-rbac": "Entra, roles in the cluster",
  local: "local account",
};

/** A table of what was set, and what the route means for later steps. */
export function renderSummary(story: ContextStory, budgetBytes: number): string {
  const { facts, context, server, namespace, arrival } = story;
  const header = ["Cluster", "Version", "Server", "Route", "Login", "Namespace", "Valid until"];
  const row = [
    context === facts.name ? code(facts.name) : `${code(facts.name)} as ${code(context)}`,
    code(arrival.version),
    code(server),
    arrival.route,
    plain(AUTH[facts.auth]),
    code(namespace),
    sayEnd(story),
  ];
  const warning = arrival.warning?.split("\n")[0];
  return withinBudget(
    [
      { text: table(header, [row]) },
      ...(warning === undefined ? [] : [{ text: `⚠️ ${plain(warning)}` }]),
      ...(arrival.route === "direct" ? [] : [{ text: COMMANDS_ONLY }]),
    ],
    budgetBytes,
  );
}

/** https://learn.microsoft.com/azure/aks/access-private-cluster */
const COMMANDS_ONLY =
  "This runner has no way to the API server: Azure runs commands in a pod of the cluster instead. `kubectl`, `helm` and other tools of a later step cannot reach the cluster, `helm-deploy` among them; `az aks command invoke` can. What such a command prints is cut at 512 kB, and each takes about half a minute.";

function sayEnd({ renews, expiresAt }: ContextStory): string {
  if (!renews) return "the cluster's certificates end";
  if (expiresAt === undefined) return "the job ends";
  return `${expiresAt.toISOString().slice(0, 16).replace("T", " ")} UTC, renewed until the job ends`;
}
