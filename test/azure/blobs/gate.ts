import { BlockList, isIP } from "node:net";
import { proveCaller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { asObject, asText, bearerToken, type Json, type StreamedRequest } from "../wire.ts";
import type { Accounts, StorageAccount } from "./accounts.ts";
import type { BlobAddress } from "./blob.ts";
import { authenticationFailed, BlobFailure } from "./failure.ts";
import type { BlobSettings } from "./settings.ts";

const CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers";
export const AUDIENCE = "https://storage.azure.com";

/** What an operation needs, as the rest of an action's name below containers: `blobs/read` is data, `write` is not. */
export type Right = `blobs/${string}` | "read" | "write" | "delete";

/**
 * Lets a login through where one of the caller's roles allows it.
 *
 * @throws BlobFailure 401 for a token that is none of ours, over, or for something else; 403 without a role
 */
export async function requireLogin(
  request: StreamedRequest,
  accounts: Accounts,
  account: StorageAccount,
  place: BlobAddress,
  right: Right,
): Promise<void> {
  const { clock, authorization, store } = accounts.world;
  const caller = await proveCaller(bearerToken(request) ?? "");
  const [, subscriptionId = ""] = /^\/subscriptions\/([^/]+)/i.exec(account.id) ?? [];
  const tenantId = `${store.find(`/subscriptions/${subscriptionId}`)?.body["tenantId"]}`;
  if (caller === undefined) throw invalidToken(tenantId, "Signature validation failed. Signature did not match.");
  if (clock.time() / 1000 >= caller.expires) {
    throw invalidToken(tenantId, "Lifetime validation failed. The token is expired.");
  }
  if (![AUDIENCE, `https://${account.name}.blob.core.windows.net`].includes(caller.audience.replace(/\/$/, ""))) {
    throw invalidToken(tenantId, "Audience validation failed. Audience did not match.");
  }
  if (caller.tenantId.toLowerCase() !== tenantId.toLowerCase()) {
    throw invalidToken(tenantId, "Issuer validation failed. Issuer did not match.");
  }
  const scope = place.container === "" ? account.id : account.containerId(place.container);
  const action = `${CONTAINERS}/${right}`;
  const may = right.startsWith("blobs/")
    ? authorization.allowedData(caller, action, scope)
    : authorization.allowed(caller, action, scope);
  if (!may) throw permissionMismatch();
}

/** @throws BlobFailure 403 AuthorizationFailure where the account's network rules keep the address out */
export function requireReachable(accounts: Accounts, account: StorageAccount, { clientAddress }: BlobSettings): void {
  const properties = propertiesOf(accounts.resourceOf(account).body);
  const rules = asObject(properties["networkAcls"]);
  const open = asText(properties["publicNetworkAccess"]) !== "Disabled" && asText(rules?.["defaultAction"]) !== "Deny";
  if (open) return;
  const allowed = new BlockList();
  for (const rule of Array.isArray(rules?.["ipRules"]) ? (rules["ipRules"] as readonly Json[]) : []) {
    const [network = "", bits] = `${rule["value"]}`.split("/");
    if (isIP(network) === 4) allowed.addSubnet(network, Number(bits ?? 32));
  }
  if (asText(properties["publicNetworkAccess"]) !== "Disabled" && allowed.check(clientAddress)) return;
  throw new BlobFailure(403, "AuthorizationFailure", "This request is not authorized to perform this operation.");
}

/** @throws BlobFailure for whoever comes with an account's key, or with nothing */
export function refuseOthers(request: StreamedRequest, accounts: Accounts, account: StorageAccount): never {
  if (request.headers["authorization"] === undefined) {
    const message =
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    throw new BlobFailure(401, "NoAuthenticationInformation", message, {}, { "www-authenticate": challenge("common") });
  }
  if (propertiesOf(accounts.resourceOf(account).body)["allowSharedKeyAccess"] === false) {
    const message = "Key based authentication is not permitted on this storage account.";
    throw new BlobFailure(403, "KeyBasedAuthenticationNotPermitted", message);
  }
  // The emulator hands out no keys: none can be right.
  throw authenticationFailed("The MAC signature found in the HTTP request is not the same as any computed signature.");
}

export function permissionMismatch(): BlobFailure {
  const message = "This request is not authorized to perform this operation using this permission.";
  return new BlobFailure(403, "AuthorizationPermissionMismatch", message);
}

function invalidToken(tenantId: string, detail: string): BlobFailure {
  const message =
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
  const details = { AuthenticationErrorDetail: detail };
  const headers = { "www-authenticate": challenge(tenantId) };
  return new BlobFailure(401, "InvalidAuthenticationInfo", message, details, headers);
}

function challenge(tenantId: string): string {
  return `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize resource_id=${AUDIENCE}`;
}
