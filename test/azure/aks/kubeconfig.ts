import { createHash } from "node:crypto";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import { asObject } from "../wire.ts";
import type { AksSettings } from "./settings.ts";

/** What the AKS server application is called in every tenant. */
const SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630";

/**
 * A kubeconfig as AKS hands it out: with Entra integration a user gets kubelogin's call and no credential, else a token of
 * a local account. One of a real cluster replaces it where a test has named one.
 */
export function renderKubeconfig(cluster: ResourceDocument, settings: AksSettings, kind: "user" | "admin"): string {
  const real = settings.kubeconfigs.get(cluster.key);
  if (real !== undefined) return real;
  const { fqdn, privateFQDN, aadProfile } = propertiesOf(cluster.body);
  const user = `cluster${kind === "user" ? "User" : "Admin"}_${cluster.resourceGroup}_${cluster.name}`;
  const context = kind === "user" ? cluster.name : `${cluster.name}-admin`;
  const entra = asObject(aadProfile) !== undefined && kind === "user";
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${cluster.name}
    cluster:
      server: https://${privateFQDN ?? fqdn}:443
      certificate-authority-data: ${Buffer.from(`CA of ${cluster.key}`).toString("base64")}
contexts:
  - name: ${context}
    context:
      cluster: ${cluster.name}
      user: ${user}
current-context: ${context}
users:
  - name: ${user}
    user:
${entra ? execUser(`${asObject(aadProfile)?.["tenantID"]}`) : tokenUser(cluster.key, kind)}`;
}

function execUser(tenantId: string): string {
  return `      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        command: kubelogin
        args:
          - get-token
          - --environment
          - AzurePublicCloud
          - --server-id
          - ${SERVER_APPLICATION}
          - --tenant-id
          - ${tenantId}
          - --login
          - devicecode
        provideClusterInfo: false
`;
}

function tokenUser(key: string, kind: string): string {
  return `      token: ${createHash("sha512").update(`${key}/${kind}`).digest("hex")}
`;
}
