import { decodePayload } from "../../../src/oidc/claims.ts";
import { type AddedCluster, addCluster } from "../../azure/aks/add-cluster.ts";
import type { Azure } from "../../azure/azure.ts";
import { NAMESPACE_REAPER_ROLE, type Team } from "../../azure/team.ts";
import { type ApiServer, createApiServer } from "../../kubernetes/api-server.ts";

const APP_OF_AKS = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** A cluster of the emulated Azure with an API server behind it, in memory. */
export interface ServedCluster extends AddedCluster {
  readonly api: ApiServer;
}

/** Puts one in place in which the team may see and reap namespaces. The API server goes with `opened`. */
export async function serveCluster(
  { azure, team, opened }: { readonly azure: Azure; readonly team: Team; readonly opened: AsyncDisposableStack },
  name: string,
  properties = {},
): Promise<ServedCluster> {
  const cluster = addCluster(azure, { subscriptionId: team.subscriptionId, name, properties });
  team.assign(NAMESPACE_REAPER_ROLE, cluster.id);
  const api = opened.use(await createApiServer({ names: [cluster.fqdn] }));
  // As an API server of AKS reads it: a token of Entra's for its application, and the object id in it.
  api.settings.tokens.get = (token) => {
    const claims = decodePayload(token) ?? {};
    return claims["aud"] === APP_OF_AKS ? String(claims["oid"]) : undefined;
  };
  const adminKubeconfig = JSON.stringify({ users: [{ name: "admin", user: { token: "admin-token-4c1d" } }] });
  azure.aks.connect(cluster.id, { server: api.url, caPem: api.authority.certificate, adminKubeconfig });
  return { ...cluster, api };
}

/** Puts one in place that somebody has stopped. */
export function addStoppedCluster(azure: Azure, { subscriptionId }: Pick<Team, "subscriptionId">, name: string) {
  const stopped = addCluster(azure, { subscriptionId, name });
  const body = stopped.document.body as { readonly properties: object };
  stopped.document.body = { ...body, properties: { ...body.properties, powerState: { code: "Stopped" } } };
  return stopped;
}
