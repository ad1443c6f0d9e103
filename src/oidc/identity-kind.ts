import { decodePayload } from "./claims.ts";

export type IdentityKind = "managed-identity" | "application" | "unknown";

/** Who an access token speaks for. */
export interface Identity {
  readonly kind: IdentityKind;
  /** The object id of the service principal, which role assignments name. */
  readonly objectId: string | undefined;
  readonly tenantId: string | undefined;
  /** Of a managed identity: its resource id. */
  readonly resourceId: string | undefined;
}

/**
 * Entra gives managed identities tokens of 24 hours and apps 60 to 90 minutes.
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime
 */
const LONGEST_OF_APPS_SECONDS = 2 * 3600;

/** What an access token of Azure Resource Manager tells of its bearer. It may be opaque one day: then nothing. */
export function readIdentity(accessToken: string): Identity {
  const claims = decodePayload(accessToken) ?? {};
  const read = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const resourceId = read("xms_mirid");
  return { kind: judgeKind(claims, resourceId), objectId: read("oid"), tenantId: read("tid"), resourceId };
}

function judgeKind(claims: Readonly<Record<string, unknown>>, resourceId: string | undefined): IdentityKind {
  if (resourceId !== undefined) return "managed-identity";
  // Not every token of a managed identity names its resource; the lifetime tells them apart then.
  if (Number(claims["exp"]) - Number(claims["iat"]) > LONGEST_OF_APPS_SECONDS) return "managed-identity";
  return claims["idtyp"] === "app" ? "application" : "unknown";
}
