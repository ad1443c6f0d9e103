import type { Attachment } from "./attachments.ts";
import { issuerOf } from "./authentication-config.ts";
import { KEYS_PORT } from "./ports.ts";

/**
 * What the API server asks of an issuer: its description and keys. Those of every attached emulator together, for two may have
 * the same tenant with keys of their own. A tenant that nobody vouches for has none.
 */
export function answerKeys(all: readonly Attachment[], door: string, path: string) {
  const [, tenant = "", document] = /^\/([^/]+)\/(keys|\.well-known\/openid-configuration)$/.exec(path) ?? [];
  switch (document) {
    case "keys":
      return { status: 200, body: { keys: all.flatMap(({ tenants = [] }) => tenants).flatMap(keysOf(tenant)) } };
    case ".well-known/openid-configuration":
      return {
        status: 200,
        body: {
          issuer: issuerOf(tenant),
          jwks_uri: `https://${door}:${KEYS_PORT}/${tenant}/keys`,
          response_types_supported: ["id_token"],
          subject_types_supported: ["pairwise"],
          id_token_signing_alg_values_supported: ["RS256"],
        },
      };
    default:
      return { status: 404, body: { error: `${path} is no issuer's document` } };
  }
}

type Tenant = NonNullable<Attachment["tenants"]>[number];

const keysOf =
  (tenant: string) =>
  ({ id, keys }: Tenant): Tenant["keys"] =>
    id === tenant ? keys : [];
