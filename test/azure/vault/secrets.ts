import { randomUUID } from "node:crypto";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { Clock } from "../clock.ts";
import {
  asObject,
  asText,
  bodyJson,
  emptyResponse,
  type Json,
  jsonResponse,
  type WireRequest,
  type WireResponse,
} from "../wire.ts";
import { vaultRefusal } from "./vault-failure.ts";

interface Version {
  readonly value: string;
  readonly version: string;
  readonly at: number;
  readonly rest: Json;
}

/** The secrets of one vault, newest version first; what is deleted can be recovered until it is purged. */
export interface Secrets {
  readonly live: Map<string, readonly Version[]>;
  readonly deleted: Map<string, readonly Version[]>;
}

export function createSecrets(): Secrets {
  return { live: new Map(), deleted: new Map() };
}

/** The data action that a request needs; undefined for what a vault does not have. */
export function secretAction({ method }: WireRequest, path: readonly string[]): string | undefined {
  const [kind = "", name = "", last = ""] = path;
  if (kind === "deletedsecrets") {
    if (method === "POST" && last === "recover") return "recover/action";
    return { GET: "readMetadata/action", DELETE: "purge/action" }[method];
  }
  if (kind !== "secrets") return undefined;
  if (method === "GET") return name === "" || last === "versions" ? "readMetadata/action" : "getSecret/action";
  return { PUT: "setSecret/action", PATCH: "update/action", DELETE: "delete" }[method];
}

/** Answers what an allowed caller asks. @see https://learn.microsoft.com/rest/api/keyvault/secrets */
export function answerSecrets(
  request: WireRequest,
  [kind = "", name = "", last = ""]: readonly string[],
  vault: ResourceDocument,
  { live, deleted }: Secrets,
  clock: Clock,
): WireResponse {
  const uri = asText(propertiesOf(vault.body)["vaultUri"]) ?? "";
  const key = name.toLowerCase();
  const shown = ({ value, version, at, rest }: Version): Json => ({
    value,
    ...rest,
    id: `${uri}secrets/${name}/${version}`,
    attributes: {
      enabled: true,
      ...asObject(rest["attributes"]),
      created: at,
      updated: at,
      recoveryLevel: "Recoverable+Purgeable",
    },
  });
  const from = kind === "secrets" ? live : deleted;
  if (name === "")
    return jsonResponse(200, { value: [...from.keys()].map((each) => ({ id: `${uri}secrets/${each}` })) });
  const versions = from.get(key) ?? [];
  if (kind === "secrets" && request.method === "PUT") {
    if (deleted.has(key)) {
      return vaultRefusal(
        409,
        "Conflict",
        `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
        "ObjectIsDeletedButRecoverable",
      );
    }
    const { value, ...rest } = bodyJson(request) ?? {};
    const version = randomUUID().replaceAll("-", "");
    const made = { value: `${value}`, version, at: Math.floor(clock.time() / 1000), rest };
    live.set(key, [made, ...versions]);
    return jsonResponse(200, shown(made));
  }
  if (last === "versions")
    return jsonResponse(200, { value: versions.map(({ value: _, ...each }) => shown({ value: "", ...each })) });
  const isVersion = kind === "secrets" && last !== "";
  const found = isVersion ? versions.find(({ version }) => version === last) : versions[0];
  if (found === undefined) {
    return vaultRefusal(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
  }
  if (request.method === "GET") return jsonResponse(200, shown(found));
  from.delete(key);
  if (kind === "secrets") deleted.set(key, versions);
  else if (last === "recover") live.set(key, versions);
  else return emptyResponse(204);
  return jsonResponse(200, { ...shown(found), recoveryId: `${uri}deletedsecrets/${name}` });
}
