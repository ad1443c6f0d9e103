import { randomUUID } from "node:crypto";
import type { Arm } from "../arm/arm.ts";
import { type Caller, proveCaller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { Clock } from "../clock.ts";
import {
  asText,
  bearerToken,
  bodyJson,
  type Json,
  jsonResponse,
  type WireRequest,
  type WireResponse,
} from "../wire.ts";
import { VAULT } from "./vault-type.ts";

export const VAULT_HOST = /\.vault\.azure\.net$/;
const RESOURCE = "https://vault.azure.net";

interface Secret {
  readonly value: string;
  readonly version: string;
  readonly at: number;
}

/**
 * The data of vaults: what terraform asks of one, and secrets. Who may what is a question of roles; a vault without
 * public access answers nobody here.
 */
export function createVaultData(arm: Arm, clock: Clock) {
  const secrets = new Map<string, Map<string, Secret[]>>();

  const answer = async (request: WireRequest, url: URL): Promise<WireResponse | undefined> => {
    arm.settle();
    const vault = arm.store
      .list(VAULT, "/")
      .find(({ body }) => asText(propertiesOf(body)["vaultUri"])?.includes(`//${url.hostname}/`));
    if (vault === undefined) return undefined;
    const caller = await callerOf(request, clock);
    if (caller === undefined) return challenge(vault);
    if (propertiesOf(vault.body)["publicNetworkAccess"] === "Disabled") {
      return refusal(
        403,
        "Forbidden",
        "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
        "ForbiddenByConnection",
      );
    }
    const [, kind = "", name = "", version = ""] = url.pathname.split("/");
    if (kind === "certificates" && name === "contacts") {
      return refusal(404, "ContactsNotFound", "Contacts not found");
    }
    if (kind !== "secrets") return refusal(404, "NotFound", `The emulated vault has nothing at ${url.pathname}`);
    const verb = SECRET_ACTIONS[request.method];
    if (verb === undefined) return refusal(405, "MethodNotAllowed", `${request.method} is not emulated`);
    const action = `${VAULT}/secrets/${name === "" ? "readMetadata/action" : verb}`;
    if (!arm.world.authorization.allowedData(caller, action, vault.id)) return forbidden(caller, action, vault);
    const own = secrets.get(vault.key) ?? new Map<string, Secret[]>();
    secrets.set(vault.key, own);
    return answerSecret(request, vault, own, { name, version }, clock);
  };
  /** A vault that is purged has no secrets any more; one that is recovered has. */
  return { answer, forget: (key: string) => void secrets.delete(key) };
}

const SECRET_ACTIONS: Readonly<Record<string, string>> = {
  GET: "getSecret/action",
  PUT: "setSecret/action",
  DELETE: "delete",
};

function answerSecret(
  request: WireRequest,
  vault: ResourceDocument,
  own: Map<string, Secret[]>,
  { name, version }: { readonly name: string; readonly version: string },
  clock: Clock,
): WireResponse {
  const uri = `${asText(propertiesOf(vault.body)["vaultUri"])}secrets/`;
  const shown = (each: Secret): Json => ({
    id: `${uri}${name}/${each.version}`,
    value: each.value,
    attributes: { enabled: true, created: each.at, updated: each.at, recoveryLevel: "Recoverable+Purgeable" },
  });
  if (name === "") return jsonResponse(200, { value: [...own.keys()].map((each) => ({ id: `${uri}${each}` })) });
  const versions = own.get(name.toLowerCase()) ?? [];
  if (request.method === "PUT") {
    const made = {
      value: `${bodyJson(request)?.["value"]}`,
      version: randomUUID().replaceAll("-", ""),
      at: Math.floor(clock.time() / 1000),
    };
    own.set(name.toLowerCase(), [made, ...versions]);
    return jsonResponse(200, shown(made));
  }
  const found = version === "" ? versions[0] : versions.find((each) => each.version === version);
  if (found === undefined) {
    return refusal(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
  }
  if (request.method === "DELETE") own.delete(name.toLowerCase());
  return jsonResponse(200, shown(found));
}

async function callerOf(request: WireRequest, clock: Clock): Promise<Caller | undefined> {
  const token = bearerToken(request);
  const caller = token === undefined ? undefined : await proveCaller(token);
  if (caller === undefined || caller.audience.replace(/\/$/, "") !== RESOURCE) return undefined;
  return clock.time() / 1000 < caller.expires ? caller : undefined;
}

/** Clients ask once without a token, to be told where to get one. */
function challenge({ body }: ResourceDocument): WireResponse {
  const tenant = propertiesOf(body)["tenantId"];
  const header = `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${RESOURCE}"`;
  const response = refusal(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
  return { ...response, headers: { ...response.headers, "www-authenticate": header } };
}

function forbidden({ clientId, objectId }: Caller, action: string, vault: ResourceDocument): WireResponse {
  return refusal(
    403,
    "Forbidden",
    `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid=${clientId};oid=${objectId}\r\nAction: '${action}'\r\nResource: '${vault.id}'\r\nAssignment: (not found)\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: ${vault.name};location=${vault.body["location"]}\r\n`,
    "ForbiddenByRbac",
  );
}

function refusal(status: number, code: string, message: string, inner?: string): WireResponse {
  return jsonResponse(status, {
    error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) },
  });
}
