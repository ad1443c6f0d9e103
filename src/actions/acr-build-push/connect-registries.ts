import { homedir } from "node:os";
import { connectAcrLogin } from "../../azure/acr-token.ts";
import { type ArmConnection, connectArmConnection } from "../../azure/arm-connection.ts";
import { chooseCloud } from "../../azure/cloud.ts";
import { connectCredential } from "../../azure/credential.ts";
import { loadIdentity } from "../../azure/exchange.ts";
import { connectRegistries } from "../../azure/registries.ts";
import type { RegistryFacts } from "../../azure/registry-facts.ts";
import { type Credential, IDENTITY_TOKEN } from "../../docker/credential.ts";
import { findUserLogin } from "../../docker/user-login.ts";
import { abortLater } from "../../kit/cancel.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { readIdentity } from "../../oidc/identity-kind.ts";
import { connectRegistry } from "../../registry/connect-registry.ts";
import type { RegistryCredentials } from "../../registry/credentials.ts";
import type { Registry } from "../../registry/registry.ts";
import { connectSession } from "../../registry/session.ts";
import { connectIdToken } from "../github-id-token.ts";
import type { spec } from "./spec.ts";

type Inputs = InputsOf<typeof spec>;

/** The registries of a run, each with the identity that we have there. */
export interface RunRegistries {
  /** Begins to sign in, so that it is done when it is wanted. */
  signIn(): void;
  findLoginServer(registry: string): Promise<string>;
  /** What ARM says of the registry that was named; undefined when only a login server is known. */
  facts(): RegistryFacts | undefined;
  /** The same, asked of ARM where that was not needed before. @throws UserError */
  requireFacts(): Promise<RegistryFacts>;
  loginServer(): string | undefined;
  /** The hosts among these where docker is given credentials of ours. */
  listOurs(hosts: readonly string[]): readonly string[];
  readonly arm: ArmConnection;
  registry(host: string): Registry;
  lastingRegistry(host: string): Registry;
  restoringRegistry(host: string): Registry;
  /** What docker is given for a host. */
  findCredential(host: string): Promise<Credential | undefined>;
  /** The object id of our identity in Entra. */
  principalId(): Promise<string | undefined>;
  /** Whether the registry decides by conditions on repositories, as its token says. */
  isAbac(): Promise<boolean | undefined>;
}

/** How long tags that have begun to move are still seen through after a cancel. */
const LAST_TAGS_MS = 4_500;
/** How long they may then go back, until shortly before the runner's second signal. */
const RESTORED_TAGS_MS = 7_000;
const GHCR = "ghcr.io";

/** Nothing is asked yet. */
export function connectRunRegistries(runner: Runner, inputs: Inputs): RunRegistries {
  const cloud = chooseCloud(inputs);
  const world = { ...runner, random: Math.random };
  const tenantId = inputs.tenantId ?? "";
  const identity = { cloud, clientId: inputs.clientId ?? "", tenantId, idToken: connectIdToken(world) };
  const credential = connectCredential({ ...world, ...identity, debug: runner.log.debug });
  const login = connectAcrLogin({ ...world, cloud, tenantId, credential, debug: runner.log.debug });
  const time = { ...world, left: () => Number.MAX_SAFE_INTEGER };
  const arm = connectArmConnection({ ...world, cloud, credential, time });
  const registries = connectRegistries(arm);
  let facts: RegistryFacts | undefined;
  let loginServer: string | undefined;

  const require = async (wanted: string): Promise<RegistryFacts> => {
    if (facts !== undefined) return facts;
    if (inputs.subscriptionId === undefined) {
      throw new UserError(
        "subscription-missing",
        `subscription-id: expected the subscription of the registry "${wanted}", got nothing. Give it, or registry: <login server>, which needs no look at ARM.`,
      );
    }
    facts = await registries.require(wanted, [inputs.subscriptionId]);
    return facts;
  };

  const isOurs = (host: string): boolean =>
    inputs.clientId !== undefined &&
    (host === loginServer || (cloud.registrySuffix !== undefined && host.endsWith(cloud.registrySuffix)));
  const actor = runner.environment["GITHUB_ACTOR"] || "x-access-token";
  const credentialsOf = (host: string): RegistryCredentials => {
    if (isOurs(host)) return login.credentials(host);
    if (host === GHCR && inputs.ghcrToken !== undefined) {
      return { kind: "password", username: actor, password: inputs.ghcrToken };
    }
    const found = findUserLogin(runner.environment, homedir(), host, runner.mask);
    return found === undefined ? { kind: "anonymous" } : { kind: "password", ...found };
  };
  const open = (cancelled: AbortSignal) =>
    remember((host) =>
      connectRegistry(connectSession({ ...world, host, credentials: credentialsOf(host), time: world, cancelled })),
    );

  return {
    signIn: () => {
      if (inputs.clientId === undefined || inputs.registry === undefined) return;
      // What fails is told by whoever asks for the token.
      void credential.getToken(cloud.registryScope).catch(() => {});
      void loadIdentity().catch(() => {});
    },
    findLoginServer: async (registry) => {
      loginServer = registry.includes(".") ? registry.toLowerCase() : (await require(registry)).loginServer;
      return loginServer;
    },
    facts: () => facts,
    requireFacts: () => require(inputs.registry ?? ""),
    loginServer: () => loginServer,
    listOurs: (hosts) => {
      const all = [
        ...(loginServer === undefined ? [] : [loginServer]),
        ...hosts,
        ...(inputs.ghcrToken === undefined ? [] : [GHCR]),
      ];
      return [...new Set(all)].filter((host) => isOurs(host) || (host === GHCR && inputs.ghcrToken !== undefined));
    },
    arm,
    registry: open(runner.cancelled),
    lastingRegistry: open(abortLater(runner.cancelled, LAST_TAGS_MS)),
    restoringRegistry: open(abortLater(runner.cancelled, RESTORED_TAGS_MS)),
    findCredential: async (host) => {
      if (isOurs(host)) return { username: IDENTITY_TOKEN, secret: (await login.refreshToken(host)).token };
      return host === GHCR && inputs.ghcrToken !== undefined
        ? { username: actor, secret: inputs.ghcrToken }
        : undefined;
    },
    principalId: async () => {
      if (inputs.clientId === undefined) return undefined;
      const token = await credential.getToken(cloud.registryScope);
      return token === null ? undefined : readIdentity(token.token).objectId;
    },
    isAbac: async () => {
      if (facts !== undefined) return facts.abac;
      return loginServer === undefined ? undefined : (await login.refreshToken(loginServer)).abac;
    },
  };
}

function remember<T>(make: (host: string) => T): (host: string) => T {
  const made = new Map<string, T>();
  return (host) => {
    const known = made.get(host) ?? make(host);
    made.set(host, known);
    return known;
  };
}
