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

/** What an access token of Azure Resource Manager tells of its bearer. It may be opaque one day: then nothing. */
export function readIdentity(accessToken: string): Identity {
  const claims = decodePayload(accessToken) ?? {};
  const read = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const resourceId = read("xms_mirid");
  const kind = resourceId !== undefined ? "managed-identity" : read("idtyp") === "app" ? "application" : "unknown";
  return { kind, objectId: read("oid"), tenantId: read("tid"), resourceId };
}
