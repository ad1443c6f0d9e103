import { renderInstant } from "./cleanup-fleet.ts";
import { nameSpace, type PreviewTeam } from "./preview-team.ts";
import { SHOP } from "./shop.ts";
import type { Theatre } from "./theatre.ts";

const HOUR_MS = 3_600_000;

/**
 * Leaves what a deployment of yesterday would have left, of a pull request that was closed since: its namespace with
 * the marks of helm-deploy, and a pod of the shop in it.
 */
export async function leaveForgotten({ azure }: Theatre, { shop, team }: PreviewTeam, number: number): Promise<void> {
  const pull = azure.githubApi.addPullRequest(SHOP.name, { number, title: "Try a shorter heading" });
  pull.close();
  const images = JSON.parse(shop.handedOn.get("main") ?? "{}") as Readonly<Record<string, Record<string, string>>>;
  const { repository = "", digest = "" } = images["web"] ?? {};
  const namespace = nameSpace(number);
  const labels = { "app.kubernetes.io/instance": "shop", "app.kubernetes.io/name": "web" };
  const items = [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespace,
        labels: {
          "auto-destroy": "true",
          "mayfly-environment": `pr-${number}`,
          "mayfly-repository-id": SHOP.id,
        },
        annotations: {
          "expires-at": renderInstant(new Date(Date.now() - 5 * HOUR_MS)),
          "mayfly-head-sha": pull.headSha,
          "mayfly-repository": SHOP.name,
        },
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "shop-web", namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          // Kubernetes lets half of this pass before it looks again whether the namespace is empty.
          spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "web", image: `${repository}@${digest}` }] },
        },
      },
    },
  ];
  const { kubectl, kubectlWith } = team.cluster;
  await kubectlWith(JSON.stringify({ apiVersion: "v1", kind: "List", items }), "apply", "--filename", "-");
  await kubectl("rollout", "status", "deployment/shop-web", "--namespace", namespace, "--timeout", "2m");
}
