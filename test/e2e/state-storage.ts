import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectStateContainer } from "../../src/azure/connect-state-container.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import type { StateContainer } from "../../src/azure/state-container.ts";
import { sleep } from "../../src/kit/cancel.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team } from "../azure/team.ts";
import { startAzurite } from "../terraform/azurite.ts";

/** What keeps the blobs behind the account's name. */
export type StorageKind = "the emulator" | "Azurite";

export const ACCOUNT = "mayflystate";
export const CONTAINER = "tfstate";

/** An Azure behind a proxy with a team and a storage account, which the team may write to. */
export interface StateStorage extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  readonly proxy: EmulatorProxy;
  /** Our own way to the container, through the real SDK and the team's login. */
  readonly container: StateContainer;
  /** What terraform has asked storage since the last call: `PUT <path>?comp=lease 201`. */
  takeWire(): readonly string[];
}

/** Opens it on the real clock, since real programs with clocks of their own come to it. */
export async function openStateStorage(kind: StorageKind): Promise<StateStorage> {
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-state-"));
  const azure = createAzure();
  const team = addTeam(azure);
  const { subscriptionId, tenantId, clientId, job } = team;
  const storage = azure.blobs.addAccount({ name: ACCOUNT, subscriptionId, containers: [CONTAINER] });
  team.assign("Storage Blob Data Contributor", storage.containerId(CONTAINER));
  const azurite = kind === "Azurite" ? await startAzurite({ scratch, accounts: [ACCOUNT] }) : undefined;
  if (azurite !== undefined) azure.blobs.forward(ACCOUNT, azurite);
  const proxy = await startProxy(azure);
  const cancelled = new AbortController().signal;
  const time = { now: () => new Date(), random: Math.random, sleep: (ms: number) => sleep(ms, cancelled) };
  const inputs = {
    cloud: "public",
    authorityHost: undefined,
    resourceManager: undefined,
    audience: undefined,
  } as const;
  const world = { ...time, cloud: chooseCloud(inputs), httpClient: azure.httpClient() };
  const idToken = async (audience: string) => azure.github.idToken(job, audience);
  const credential = connectCredential({ ...world, tenantId, clientId, idToken, mask: () => undefined });
  const place = { account: ACCOUNT, container: CONTAINER };
  return {
    azure,
    team,
    proxy,
    container: connectStateContainer({ ...world, ...place, time, credential, cancelled, environment: {} }),
    takeWire: () => {
      const asked = azure.traffic
        .find({ host: `${ACCOUNT}.blob.core.windows.net` })
        .filter(({ headers }) => !`${headers["user-agent"]}`.startsWith("azsdk-js"))
        .map(({ method, path, query, status }) => {
          const comp = query["comp"] === undefined ? "" : `?comp=${query["comp"]}`;
          return `${method} ${decodeURIComponent(path)}${comp} ${status}`;
        });
      azure.traffic.clear();
      return asked;
    },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await azure.blobs[Symbol.asyncDispose]();
      await azurite?.[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
