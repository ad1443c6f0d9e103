import { Readable } from "node:stream";
import type { Caller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { Entra } from "../entra/entra.ts";
import { readAll } from "../streams.ts";
import { asObject, asText, type Json, type StreamedResponse } from "../wire.ts";
import type { RegistryLogin } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import type { Ask } from "./registry-push.ts";
import type { RunRequest } from "./request.ts";

/** For whom a run logs in, and as whom. */
export interface LoginFacts {
  readonly registry: ResourceDocument;
  readonly request: RunRequest;
  readonly caller: Caller;
  readonly apiVersion: string;
}

export type RegistryLogins = (facts: LoginFacts) => Promise<readonly RegistryLogin[]>;

/** The user name that stands for "this password is a token". */
export const NULL_USER = "00000000-0000-0000-0000-000000000000";

export interface LoginOptions {
  readonly entra: Entra;
  readonly ask: Ask;
  /** What an agent of ACR Tasks has by itself, in registries of the older mode: it may do everything there. */
  readonly agentLogin: (host: string) => Omit<RegistryLogin, "host"> | undefined;
}

/**
 * In the older mode the agent has a token of its own. In a registry with repository permissions it has only what the
 * caller has, and only where the request says `identity: "[caller]"`, which 2019-06-01-preview does not know.
 */
export function registryLogins({ entra, ask, agentLogin }: LoginOptions): RegistryLogins {
  const callerToken = async (host: string, caller: Caller): Promise<string> => {
    const principal = entra.principal(caller.tenantId, caller.clientId);
    if (principal === undefined)
      throw new TaskFailure(`failed to login to ${host}: the caller is not in the directory`);
    const token = entra.accessToken(principal, "https://containerregistry.azure.net");
    const form = new URLSearchParams({ grant_type: "access_token", service: host, access_token: token });
    const response = await ask({
      method: "POST",
      url: `https://${host}/oauth2/exchange`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Readable.from([Buffer.from(`${form}`)]),
    });
    const { refresh_token: refresh } = await jsonOf(response);
    if (response.status !== 200 || typeof refresh !== "string") {
      throw new TaskFailure(`failed to login to ${host}, ran out of retries: unauthorized: authentication required`);
    }
    return refresh;
  };

  return async ({ registry, request, caller, apiVersion }) => {
    const { loginServer, roleAssignmentMode } = propertiesOf(registry.body);
    const host = asText(loginServer) ?? "";
    const { identity, loginMode } = request.sourceRegistry;
    const own = async (): Promise<Omit<RegistryLogin, "host"> | undefined> => {
      if (roleAssignmentMode === "AbacRepositoryPermissions") {
        const asCaller = identity === "[caller]" && apiVersion >= "2025-03-01-preview";
        return asCaller ? { username: NULL_USER, password: await callerToken(host, caller) } : undefined;
      }
      return loginMode === "None" || identity === "none" ? undefined : agentLogin(host);
    };
    const login = await own();
    const first = login === undefined ? [] : [{ host, ...login }];
    return [...first, ...Object.entries(request.customRegistries).flatMap(customLogin)];
  };
}

/** Only what is given as it is: vaults and identities of tasks are not emulated. */
function customLogin([host, given]: readonly [string, Json]): readonly RegistryLogin[] {
  const value = (name: string) => asText(asObject(given[name])?.["value"]);
  const [username, password] = [value("userName"), value("password")];
  return username === undefined || password === undefined ? [] : [{ host, username, password }];
}

async function jsonOf({ body }: StreamedResponse): Promise<Json> {
  const text = (body instanceof Readable ? await readAll(body) : body).toString();
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}
