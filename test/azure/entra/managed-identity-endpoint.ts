import type { Clock } from "../clock.ts";
import { jsonResponse, type WireRequest, type WireResponse } from "../wire.ts";
import type { Principal } from "./directory.ts";
import type { Entra } from "./entra.ts";

/** Where a machine of Azure asks for tokens of its identities, below the address of that service. */
export const MANAGED_IDENTITY_PATH = "/metadata/identity/oauth2/token";

/**
 * A machine's tokens, as the instance metadata service gives them at `http://169.254.169.254`. Every managed identity of
 * the directory is on every machine here, so that one has to be named: `client_id`, `object_id` or `msi_res_id`.
 *
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export function answerManagedIdentity(entra: Entra, clock: Clock, request: WireRequest, url: URL): WireResponse {
  if (request.method !== "GET") return refused(405, "method_not_allowed", "Only GET is allowed");
  if (request.headers["metadata"]?.toLowerCase() !== "true")
    return refused(400, "invalid_request", "Required metadata header not specified");
  if (request.headers["x-forwarded-for"] !== undefined)
    return refused(400, "invalid_request", "Requests that were forwarded are refused");
  const query = url.searchParams;
  if (!/^20\d\d-\d\d-\d\d$/.test(query.get("api-version") ?? ""))
    return refused(400, "invalid_request", "Invalid or missing api-version");
  const resource = query.get("resource") ?? "";
  if (resource === "") return refused(400, "invalid_request", "Required audience parameter not specified");
  const principal = findIdentity(entra, query);
  if (principal === undefined) return refused(400, "invalid_request", "Identity not found");
  // Entra's version 1 tokens have the resource as it was asked for, without the slash at its end.
  const token = entra.accessToken(principal, resource.replace(/\/$/, ""));
  const seconds = 86_399;
  const now = Math.floor(clock.time() / 1000);
  return jsonResponse(200, {
    access_token: token,
    client_id: principal.clientId,
    expires_in: `${seconds}`,
    expires_on: `${now + seconds}`,
    ext_expires_in: `${seconds}`,
    not_before: `${now - 300}`,
    resource,
    token_type: "Bearer",
  });
}

function findIdentity(entra: Entra, query: URLSearchParams): Principal | undefined {
  const wanted = ["client_id", "object_id", "msi_res_id", "mi_res_id"].map(
    (name) => [name, query.get(name)?.toLowerCase()] as const,
  );
  const [name, value] = wanted.find(([, given]) => given !== undefined) ?? [];
  return entra.managedIdentities().find((principal) => {
    const { clientId, objectId, resourceId } = principal;
    const own = name === "client_id" ? clientId : name === "object_id" ? objectId : resourceId;
    return value !== undefined && own?.toLowerCase() === value;
  });
}

function refused(status: number, error: string, description: string): WireResponse {
  return jsonResponse(status, { error, error_description: description });
}
