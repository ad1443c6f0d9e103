import { createHash } from "node:crypto";
import { parse, stringify } from "yaml";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import { asObject, asText, type Json } from "../wire.ts";
import type { RealCluster } from "./real-clusters.ts";

/** What the AKS server application is called in every tenant. */
export const SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630";

export interface KubeconfigOptions {
  readonly kind: "user" | "admin";
  /** `azure` for the form of before kubelogin; the other one where left out. */
  readonly format?: string | undefined;
  /** `public` for the public name of a private cluster. */
  readonly serverFqdn?: string | undefined;
  readonly real?: RealCluster | undefined;
}

/**
 * A kubeconfig as AKS hands it out: with Entra integration a user gets a call of kubelogin and no credential, else the
 * credential of a local account. Server and name are AKS's own, also where a real cluster is behind them.
 */
export function renderKubeconfig(cluster: ResourceDocument, options: KubeconfigOptions): string {
  const { kind, real, serverFqdn } = options;
  const { fqdn, privateFQDN, aadProfile } = propertiesOf(cluster.body);
  const user = `cluster${kind === "user" ? "User" : "Admin"}_${cluster.resourceGroup}_${cluster.name}`;
  const context = kind === "user" ? cluster.name : `${cluster.name}-admin`;
  const entra = kind === "user" ? asObject(aadProfile) : undefined;
  const host = serverFqdn === "public" ? fqdn : (privateFQDN ?? fqdn);
  const authority = real?.caPem ?? standInAuthority(cluster.key);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    clusters: [
      {
        name: cluster.name,
        cluster: {
          server: `https://${host}:443`,
          "certificate-authority-data": Buffer.from(authority).toString("base64"),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: cluster.name, user } }],
    "current-context": context,
    users: [{ name: user, user: entra === undefined ? localUser(cluster, options) : entraUser(entra, options) }],
  });
}

function entraUser(profile: Json, { format }: KubeconfigOptions): Json {
  const tenant = asText(profile["tenantID"]) ?? "";
  if (format === "azure") {
    const config = { apiserver: SERVER_APPLICATION, environment: "AzurePublicCloud", "tenant-id": tenant };
    return { "auth-provider": { name: "azure", config: { ...config, "config-mode": "1" } } };
  }
  const flags = { environment: "AzurePublicCloud", "server-id": SERVER_APPLICATION, "tenant-id": tenant };
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "kubelogin",
      args: [
        "get-token",
        ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
        "--client-id",
        "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
        "--login",
        "devicecode",
      ],
      installHint: "kubelogin is not installed which is required to connect to AAD enabled cluster.",
      provideClusterInfo: false,
    },
  };
}

/** A local account's credential: the real cluster's administrator, or a token that opens nothing. */
function localUser(cluster: ResourceDocument, { kind, real }: KubeconfigOptions): Json {
  if (real !== undefined) return credentialOf(real.adminKubeconfig);
  return { token: createHash("sha512").update(`${cluster.key}/${kind}`).digest("hex") };
}

/** The credential of a kubeconfig's first user. @throws Error where there is none */
export function credentialOf(kubeconfig: string): Json {
  const users = asObject(parse(kubeconfig))?.["users"];
  const credential = Array.isArray(users) ? asObject(asObject(users[0])?.["user"]) : undefined;
  if (credential === undefined) throw new Error("The administrator's kubeconfig has no user");
  return credential;
}

function standInAuthority(key: string): string {
  const body = Buffer.from(`CA of ${key}`).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}
