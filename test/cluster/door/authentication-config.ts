import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "../layout.ts";
import { KEYS_PORT } from "./ports.ts";

/** The tenant that tests begin with: test/azure/team.ts. */
export const FIRST_TENANT = "72f988bf-0000-4000-8000-2d7cd011db47";
/** The application in Entra that stands for every AKS cluster: what tokens for one are issued for. */
export const AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Who issues the tokens of a tenant: the older form, which tokens for AKS have. */
export function issuerOf(tenant: string): string {
  return `https://sts.windows.net/${tenant}/`;
}

/**
 * Whose tokens the API server takes: those of Entra's tenants, with the object id as the user's name, as AKS does. Their keys
 * it asks the door for.
 *
 * @param door is its address, and `ca` the PEM of the authority that its certificate is from.
 */
export function authenticationConfig(tenants: readonly string[], door: string, ca: string): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: tenants.map((tenant) => ({
      issuer: {
        url: issuerOf(tenant),
        discoveryURL: `https://${door}:${KEYS_PORT}/${tenant}/.well-known/openid-configuration`,
        certificateAuthority: ca,
        audiences: [AKS_SERVER],
      },
      claimMappings: {
        username: { claim: "oid", prefix: "" },
        groups: { claim: "groups", prefix: "" },
      },
    })),
  };
}

/** Writes the configuration, with these tenants besides those that stand in it. The API server reads it when it changes. */
export async function writeAuthenticationConfig(layout: Layout, ...tenants: readonly string[]): Promise<void> {
  const file = layout.authenticationConfig;
  const known = existsSync(file) ? listTenants(readFileSync(file, "utf8")) : [FIRST_TENANT];
  if (existsSync(file) && tenants.every((tenant) => known.includes(tenant))) return;
  const ca = readFileSync(join(layout.certificates, "ca.crt"), "utf8");
  const text = JSON.stringify(
    authenticationConfig([...new Set([...known, ...tenants])], layout.addresses.host, ca),
    null,
    2,
  );
  // In one step, so that it is never read half.
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** The tenants of a configuration that was written here. */
export function listTenants(text: string): readonly string[] {
  const { jwt } = JSON.parse(text) as { readonly jwt: readonly { readonly issuer: { readonly url: string } }[] };
  return jwt.map(({ issuer }) => issuer.url.split("/")[3] ?? "");
}
