import { connectAcrLogin } from "../../src/azure/acr-token.ts";
import { connectArmConnection } from "../../src/azure/arm-connection.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import { connectAcrMetadata } from "../../src/registry/acr-metadata.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import type { RegistryCredentials } from "../../src/registry/credentials.ts";
import { connectSession } from "../../src/registry/session.ts";
import type { AddRegistryOptions } from "../azure/acr/acr.ts";
import { addRegistry } from "../azure/acr/add-registry.ts";
import { createAzure } from "../azure/azure.ts";
import { addTeam } from "../azure/team.ts";

export const NOW = new Date("2026-11-21T09:17:00Z");

/** A team with a registry in the emulator, and our adapters through the real SDK pipelines, on a clock that only moves when somebody waits. */
export function stage(options: Partial<AddRegistryOptions> & { readonly teamRoles?: readonly string[] } = {}) {
  const azure = createAzure({ now: NOW, frozen: true });
  const team = addTeam(azure);
  const { teamRoles = ["AcrPush"], ...given } = options;
  const acr = addRegistry(azure, { name: "mayfly", subscriptionId: team.subscriptionId, ...given });
  for (const role of teamRoles) team.assign(role, acr);
  const cancel = new AbortController();
  const waits: number[] = [];
  const masked: string[] = [];
  const { clock } = azure;
  const startedAt = clock.time();
  const time = {
    now: () => clock.now(),
    monotonic: () => clock.time(),
    sleep: async (milliseconds: number) => {
      await Promise.resolve();
      waits.push(milliseconds);
      if (!cancel.signal.aborted) clock.advance(milliseconds);
    },
    left: () => startedAt + 4 * 3_600_000 - clock.time(),
    random: () => 0.5,
  };
  const world = {
    ...time,
    cancelled: cancel.signal,
    environment: {},
    httpClient: azure.httpClient(),
    mask: (secret: string) => void masked.push(secret),
  };
  const cloud = chooseCloud({
    cloud: "public",
    authorityHost: undefined,
    resourceManager: undefined,
    audience: undefined,
  });
  const { tenantId, clientId, job } = team;
  const idToken = async (audience: string) => azure.github.idToken(job, audience);
  const credential = connectCredential({ ...world, cloud, tenantId, clientId, idToken });
  const login = connectAcrLogin({ ...world, cloud, tenantId, credential });
  const arm = connectArmConnection({ ...world, cloud, credential, time });
  /** A registry of any host, with our identity where nobody else is named. */
  const open = (host: string, credentials: RegistryCredentials = login.credentials(host)) => {
    const session = connectSession({ ...world, host, credentials, time });
    const registry = connectRegistry(session);
    return { session, registry, metadata: connectAcrMetadata(session, registry) };
  };
  return {
    azure,
    team,
    acr,
    world,
    time,
    cloud,
    credential,
    login,
    arm,
    cancel,
    waits,
    masked,
    open,
    ...open(acr.loginServer),
  };
}

/** Method and path of what reached a host, in order. */
export function linesTo(azure: ReturnType<typeof createAzure>, host: string): readonly string[] {
  return azure.traffic.find({ host }).map(({ method, path }) => `${method} ${path}`);
}
