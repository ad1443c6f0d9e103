import { type AcrLogin, connectAcrLogin } from "../azure/acr-token.ts";
import { type ArmConnection, connectArmConnection } from "../azure/arm-connection.ts";
import { type CloudInputs, chooseCloud } from "../azure/cloud.ts";
import { connectCredential } from "../azure/credential.ts";
import { loadIdentity } from "../azure/exchange.ts";
import { connectRegistries, type Registries } from "../azure/registries.ts";
import type { RegistryFacts } from "../azure/registry-facts.ts";
import type { Runner } from "../kit/runner.ts";
import { UserError } from "../kit/user-error.ts";
import { decodePayload } from "../oidc/claims.ts";
import { readIdentity } from "../oidc/identity-kind.ts";
import type { RegistryCredentials } from "../registry/credentials.ts";
import { connectSession, type RegistrySession, type SessionOptions } from "../registry/session.ts";
import { connectIdToken } from "./github-id-token.ts";

export interface AccessInputs extends CloudInputs {
  readonly clientId: string;
  readonly tenantId: string;
  readonly subscriptionId: string | undefined;
}

export type AccessRunner = Pick<
  Runner,
  "environment" | "cancelled" | "idToken" | "mask" | "now" | "monotonic" | "sleep" | "log"
>;

export interface AccessOptions {
  /** Milliseconds until the run has to be over. */
  left(): number;
  /** Only tests give one. */
  readonly httpClient?: SessionOptions["httpClient"];
}

/** The registries of Azure, and those of others, with the job's identity. */
export interface RegistryAccess {
  readonly arm: ArmConnection;
  readonly login: AcrLogin;
  /** Begins to sign in to registries, so that it is done when it is wanted. What fails is told by whoever asks. */
  signIn(): void;
  /** Whether registries of this cloud are known by their names. */
  readonly hasSuffix: boolean;
  /** Whether a host can be a registry of Azure at all. */
  isAzureHost(host: string): boolean;
  /** By name or login server in the subscription, or by resource id anywhere. */
  find(nameOrId: string): Promise<RegistryFacts | undefined>;
  /** The same. @throws UserError `registry-not-found`, `subscription-missing` */
  require(nameOrId: string): Promise<RegistryFacts>;
  /** One session with a host. Nothing is asked yet. */
  session(host: string, credentials: RegistryCredentials, cancelled?: AbortSignal): RegistrySession;
  /** What somebody of another tenant, or a registry itself, gave as a token for a registry of Azure. */
  credentialsOfToken(host: string, token: string): RegistryCredentials;
  /** The object id of our identity in Entra. */
  principalId(): Promise<string | undefined>;
}

/** Builds the adapters. Nothing is asked, and no SDK loaded, before the first request. */
export function connectRegistryAccess(
  runner: AccessRunner,
  inputs: AccessInputs,
  options: AccessOptions,
): RegistryAccess {
  const cloud = chooseCloud(inputs);
  const { clientId, tenantId, subscriptionId } = inputs;
  const world = { ...runner, random: Math.random, debug: runner.log.debug };
  const only = options.httpClient === undefined ? {} : { httpClient: options.httpClient };
  const idToken = connectIdToken(world);
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken, ...only });
  const login = connectAcrLogin({ ...world, cloud, tenantId, credential, ...only });
  const arm = connectArmConnection({ ...world, cloud, credential, time: { ...world, left: options.left }, ...only });
  const registries: Registries = connectRegistries(arm);
  const places = subscriptionId === undefined ? [] : [subscriptionId];

  return {
    arm,
    login,
    signIn: () => {
      void credential.getToken(cloud.registryScope).catch(() => {});
      void loadIdentity().catch(() => {});
    },
    hasSuffix: cloud.registrySuffix !== undefined,
    isAzureHost: (host) => cloud.registrySuffix === undefined || host.endsWith(cloud.registrySuffix),
    find: (nameOrId) => registries.find(nameOrId, places),
    require: async (nameOrId) => {
      if (subscriptionId !== undefined || nameOrId.startsWith("/")) return registries.require(nameOrId, places);
      const text = `subscription-id: expected the subscription of the registry "${nameOrId}", got nothing. Give it, or the registry's login server or resource id: az acr show --name ${nameOrId.split(".")[0]} --query "{login:loginServer, id:id}"`;
      throw new UserError("subscription-missing", text);
    },
    session: (host, credentials, cancelled = runner.cancelled) =>
      connectSession({ ...world, host, credentials, time: world, cancelled, ...only }),
    credentialsOfToken: (host, token) => {
      const claims = decodePayload(token) ?? {};
      // A registry's own token (az acr login --expose-token) needs no exchange.
      if (claims["iss"] === "Azure Container Registry") {
        return claims["grant_type"] === "access_token"
          ? { kind: "password", username: NOBODY, password: token }
          : { kind: "refresh-token", refreshToken: async () => token };
      }
      const theirs = typeof claims["tid"] === "string" ? claims["tid"] : tenantId;
      // When it ends, the registry says so: there is no other one to ask for.
      const given = { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
      return connectAcrLogin({ ...world, cloud, tenantId: theirs, credential: given, ...only }).credentials(host);
    },
    principalId: async () => {
      const token = await credential.getToken(cloud.registryScope);
      return token === null ? undefined : readIdentity(token.token).objectId;
    },
  };
}

/** The user that registries of Azure know behind a token. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
