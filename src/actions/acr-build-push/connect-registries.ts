import { homedir } from "node:os";
import type { ArmConnection } from "../../azure/arm-connection.ts";
import type { RegistryFacts } from "../../azure/registry-facts.ts";
import { type Credential, IDENTITY_TOKEN } from "../../docker/credential.ts";
import { findUserLogin } from "../../docker/user-login.ts";
import type { Need } from "../../image/registry-roles.ts";
import { abortLater } from "../../kit/cancel.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { oncePer } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { connectRegistry } from "../../registry/connect-registry.ts";
import type { RegistryCredentials } from "../../registry/credentials.ts";
import type { Registry } from "../../registry/registry.ts";
import type { Asked } from "../explain-registry-fault.ts";
import { connectRegistryAccess } from "../registry-access.ts";
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
  /** A request to one of them, for whoever explains its refusal. */
  asked(host: string, repository: string, need: Need): Asked;
}

/** How long tags that have begun to move are still seen through after a cancel. */
const LAST_TAGS_MS = 4_500;
/** How long they may then go back, until shortly before the runner's second signal. */
const RESTORED_TAGS_MS = 7_000;
const GHCR = "ghcr.io";

/** Nothing is asked yet. */
export function connectRunRegistries(runner: Runner, inputs: Inputs): RunRegistries {
  const ids = { ...inputs, clientId: inputs.clientId ?? "", tenantId: inputs.tenantId ?? "" };
  const access = connectRegistryAccess(runner, ids, { left: () => Number.MAX_SAFE_INTEGER });
  let facts: RegistryFacts | undefined;
  let loginServer: string | undefined;

  const require = async (wanted: string): Promise<RegistryFacts> => {
    const found = facts ?? (await access.require(wanted));
    facts = found;
    return found;
  };

  const isOurs = (host: string): boolean =>
    inputs.clientId !== undefined && (host === loginServer || (access.hasSuffix && access.isAzureHost(host)));
  const actor = runner.environment["GITHUB_ACTOR"] || "x-access-token";
  const credentialsOf = (host: string): RegistryCredentials => {
    if (isOurs(host)) return access.login.credentials(host);
    if (host === GHCR && inputs.ghcrToken !== undefined) {
      return { kind: "password", username: actor, password: inputs.ghcrToken };
    }
    const found = findUserLogin(runner.environment, homedir(), host, runner.mask);
    return found === undefined ? { kind: "anonymous" } : { kind: "password", ...found };
  };
  const open = (cancelled: AbortSignal) =>
    oncePer((host) => connectRegistry(access.session(host, credentialsOf(host), cancelled)));

  return {
    signIn: () => {
      if (inputs.clientId === undefined || inputs.registry === undefined) return;
      access.signIn();
    },
    findLoginServer: async (registry) => {
      const isHost = registry.includes(".") && !registry.startsWith("/");
      loginServer = isHost ? registry.toLowerCase() : (await require(registry)).loginServer;
      return loginServer;
    },
    facts: () => facts,
    requireFacts: () => require(inputs.registry ?? ""),
    loginServer: () => loginServer,
    listOurs: (hosts) => {
      const all = [...hosts, ...(inputs.ghcrToken === undefined ? [] : [GHCR])];
      return [...new Set(all)].filter((host) => isOurs(host) || (host === GHCR && inputs.ghcrToken !== undefined));
    },
    arm: access.arm,
    registry: open(runner.cancelled),
    lastingRegistry: open(abortLater(runner.cancelled, LAST_TAGS_MS)),
    restoringRegistry: open(abortLater(runner.cancelled, RESTORED_TAGS_MS)),
    findCredential: async (host) => {
      if (isOurs(host)) return { username: IDENTITY_TOKEN, secret: (await access.login.refreshToken(host)).token };
      return host === GHCR && inputs.ghcrToken !== undefined
        ? { username: actor, secret: inputs.ghcrToken }
        : undefined;
    },
    asked: (host, repository, need) => {
      const ours = isOurs(host);
      return {
        host,
        repository,
        need,
        facts: host === loginServer ? facts : undefined,
        principalId: async () => (ours ? access.principalId() : undefined),
        isAbac: async () => (ours ? (await access.login.refreshToken(host)).abac : undefined),
      };
    },
  };
}
