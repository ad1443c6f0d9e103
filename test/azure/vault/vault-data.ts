import type { Arm } from "../arm/arm.ts";
import { type Caller, proveCaller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { Clock } from "../clock.ts";
import { asText, bearerToken, type WireRequest, type WireResponse } from "../wire.ts";
import { answerSecrets, createSecrets, type Secrets, secretAction } from "./secrets.ts";
import { vaultRefusal } from "./vault-failure.ts";
import { VAULT } from "./vault-type.ts";

export const VAULT_HOST = /\.vault\.azure\.net$/;
const RESOURCE = "https://vault.azure.net";

export interface VaultData {
  /** Answers a vault's host; undefined where there is no such vault. */
  answer(request: WireRequest, url: URL): Promise<WireResponse | undefined>;
  /** Throws the contents of a vault away, by its key in the store: it was purged. */
  forget(vault: string): void;
}

/**
 * The data of vaults: what terraform asks of one, and secrets. Roles say who may what; a vault without public access
 * lets nobody in from here.
 */
export function createVaultData(arm: Arm, clock: Clock): VaultData {
  const secrets = new Map<string, Secrets>();
  const answer: VaultData["answer"] = async (request, url) => {
    arm.settle();
    const vault = arm.store
      .list(VAULT, "/")
      .find(({ body }) => asText(propertiesOf(body)["vaultUri"]) === `https://${url.hostname}/`);
    if (vault === undefined) return undefined;
    const caller = await callerOf(request, clock);
    if (caller === undefined) return challenge(vault);
    if (propertiesOf(vault.body)["publicNetworkAccess"] === "Disabled") return notPublic();
    const path = url.pathname.split("/").filter((part) => part !== "");
    if (path.join("/") === "certificates/contacts") {
      return vaultRefusal(404, "ContactsNotFound", "Contacts not found");
    }
    const action = secretAction(request, path);
    if (action === undefined) return vaultRefusal(404, "NotFound", `The emulated vault has nothing at ${url.pathname}`);
    const dataAction = `${VAULT}/secrets/${action}`;
    if (!arm.world.authorization.allowedData(caller, dataAction, vault.id)) return forbidden(caller, dataAction, vault);
    const own = secrets.get(vault.key) ?? createSecrets();
    secrets.set(vault.key, own);
    return answerSecrets(request, path, vault, own, clock);
  };
  return { answer, forget: (vault) => void secrets.delete(vault) };
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
  const response = vaultRefusal(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
  return { ...response, headers: { ...response.headers, "www-authenticate": header } };
}

function notPublic(): WireResponse {
  const message =
    "Public network access is disabled and request is not from a trusted service nor via an approved private link.";
  return vaultRefusal(403, "Forbidden", message, "ForbiddenByConnection");
}

function forbidden({ clientId, objectId }: Caller, action: string, { id, name, body }: ResourceDocument): WireResponse {
  const message = [
    "Caller is not authorized to perform action on resource.",
    "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
    `Caller: appid=${clientId};oid=${objectId}`,
    `Action: '${action}'`,
    `Resource: '${id}'`,
    "Assignment: (not found)",
    "DecisionReason: 'DeniedWithNoValidRBAC' ",
    `Vault: ${name};location=${body["location"]}`,
  ].join("\r\n");
  return vaultRefusal(403, "Forbidden", message, "ForbiddenByRbac");
}
