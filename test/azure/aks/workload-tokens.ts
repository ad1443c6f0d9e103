import { randomUUID } from "node:crypto";
import { propertiesOf } from "../arm/authorization.ts";
import type { Store } from "../arm/store.ts";
import type { Clock } from "../clock.ts";
import { signingKeyOf } from "../jwt.ts";
import { asObject, asText, jsonResponse, type WireResponse } from "../wire.ts";
import { CLUSTER } from "./cluster-type.ts";
import type { RealCluster } from "./real-clusters.ts";

/** The host of every cluster's token issuer. */
export const ISSUER_HOST = /\.oic\.prod-aks\.azure\.com$/;

/** What a service account's projected token says. */
export interface WorkloadTokenOptions {
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** `api://AzureADTokenExchange` where left out. */
  readonly audience?: string;
}

/** A token as the kubelet puts it into a pod with workload identity. @throws Error for a cluster without an issuer */
export function workloadToken(store: Store, clock: Clock, options: WorkloadTokenOptions): string {
  const { cluster, namespace, serviceAccount, audience = "api://AzureADTokenExchange" } = options;
  const profile = asObject(propertiesOf(store.find(cluster)?.body)["oidcIssuerProfile"]);
  const iss = asText(profile?.["issuerURL"]);
  if (iss === undefined) throw new Error(`${cluster} has no OIDC issuer`);
  const now = Math.floor(clock.time() / 1000);
  return signingKeyOf("aks").sign({
    iss,
    aud: [audience],
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    iat: now,
    nbf: now,
    exp: now + 3600,
    jti: randomUUID(),
    "kubernetes.io": { namespace, serviceaccount: { name: serviceAccount, uid: randomUUID() } },
  });
}

/** Discovery and keys of the issuers of clusters that are there. */
export function answerIssuer(
  store: Store,
  url: URL,
  clusters: ReadonlyMap<string, RealCluster>,
): WireResponse | undefined {
  const [issuer = "", document = ""] = url.href.split(/\/+(?=\.well-known\/|openid\/)/);
  const known = store
    .list(CLUSTER, "/")
    .filter(
      ({ body }) =>
        asText(asObject(propertiesOf(body)["oidcIssuerProfile"])?.["issuerURL"])?.replace(/\/$/, "") === issuer,
    );
  if (known.length === 0) return undefined;
  if (/^openid\/v1\/jwks/.test(document)) {
    const real = known.flatMap(({ key }) => clusters.get(key)?.issuer?.jwks.keys ?? []);
    return jsonResponse(200, { keys: [...signingKeyOf("aks").jwks.keys, ...real] });
  }
  if (!document.startsWith(".well-known/openid-configuration")) return undefined;
  return jsonResponse(200, {
    issuer: `${issuer}/`,
    jwks_uri: `${issuer}/openid/v1/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  });
}
