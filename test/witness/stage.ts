import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type AzOutcome, loginAz } from "../../src/actions/azure-login/az.ts";
import { connectArm } from "../../src/azure/arm.ts";
import { type BarrierLists, connectBarriers } from "../../src/azure/barriers.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import { connectResourceGroups, type ResourceGroups } from "../../src/azure/resource-groups.ts";
import { connectSubscriptions, type Subscriptions } from "../../src/azure/subscriptions.ts";
import { type Commands, connectCommands } from "../../src/kit/command.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { addFleet, type Fleet } from "../azure/fleet.ts";
import type { Job } from "../azure/github/issuer.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team } from "../azure/team.ts";
import { type Az, connectAz, pathWith } from "./az.ts";

/** One fleet, and the two that look at it: az and our adapters, both through the emulator's proxy. */
export interface Stage extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  readonly fleet: Fleet;
  /** `/subscriptions/<id>` */
  readonly subscription: string;
  /** Adds a group and returns its name. */
  add(name: string, tags?: Readonly<Record<string, string>>): string;
  idOf(group: string): string;
  /** Logs az in as azure-login does, with a job's ID token, in a configuration folder of its own. */
  loginAz(who: Who): Promise<AzOutcome>;
  /** The adapters, logged in with a job's ID token. */
  connect(who: Who): Adapters;
  /** az as the first who has logged in, or as the one whose login made the folder. @throws Error before it */
  az(configFolder?: string): Az;
  readonly adapters: Adapters;
}

/** A job, and the identity that it logs in as: the team's where none is named. */
export interface Who {
  readonly job: Job;
  readonly clientId?: string;
}

export interface Adapters {
  readonly groups: ResourceGroups;
  readonly barriers: BarrierLists;
  readonly subscriptions: Subscriptions;
  /** An access token for ARM. */
  token(): Promise<string>;
}

/** Real time, and as much of it as they want. */
const time = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
  left: () => 60_000,
  random: Math.random,
};

const cloud = chooseCloud({
  cloud: "public",
  authorityHost: undefined,
  resourceManager: undefined,
  audience: undefined,
});

/** Starts the emulator with a fleet, and its proxy. Everything is gone when it is disposed of. */
export async function openStage(bin: string): Promise<Stage> {
  // Short operations, and small pages so that every list has several.
  const arm = { deletionSeconds: 1, initialRetryAfterSeconds: 1, retryAfterSeconds: 1, pageSize: 7 };
  const azure = createAzure({ arm });
  const team = addTeam(azure, { role: "Owner" });
  // A new configuration folder makes az look for a newer az: there is none.
  azure.serve("azcliprod.blob.core.windows.net", async () => ({ status: 404, headers: {}, body: "" }));
  const { subscriptionId } = team;
  const fleet = addFleet(azure, { subscriptionId, groups: 24, expired: 3, odd: 17, seed: 7 });
  const proxy = await startProxy(azure);
  await trust(proxy);
  const folder = await mkdtemp(join(tmpdir(), "mayfly-witness-"));
  const commands = connectCommands({
    HOME: folder,
    PATH: pathWith(bin),
    LANG: "C.UTF-8",
    ...proxy.env,
    AZURE_CORE_COLLECT_TELEMETRY: "no",
    AZURE_CORE_NO_COLOR: "yes",
  });
  const { find, ...rest } = commands;
  // The toolkit looks for tools on this process's PATH.
  const ours: Commands = { ...rest, find: async (tool) => (tool === "az" ? join(bin, "az") : find(tool)) };
  let firstFolder: string | undefined;

  const connect = (who: Who): Adapters => connectAdapters(azure, team, who, proxy);
  return {
    azure,
    team,
    fleet,
    subscription: `/subscriptions/${subscriptionId}`,
    add: (name, tags) => {
      azure.arm.addResourceGroup({ subscriptionId, name, ...(tags === undefined ? {} : { tags }) });
      return name;
    },
    idOf: (group) => `/subscriptions/${subscriptionId}/resourceGroups/${group}`,
    loginAz: async ({ job, clientId = team.clientId }) => {
      const { tenantId } = team;
      const idToken = async () => azure.github.idToken(job, cloud.audience);
      const options = { tenantId, clientId, subscriptionId, cloud, commands: ours, tempFolder: folder, idToken };
      const outcome = await loginAz({ ...options, onFolder: () => undefined });
      if (outcome?.kind === "in") firstFolder ??= outcome.configFolder;
      return outcome ?? { kind: "failed", step: "finding az", said: `there is none in ${bin}` };
    },
    connect,
    az: (configFolder = firstFolder) => {
      if (configFolder === undefined) throw new Error("az is not logged in");
      return connectAz(
        { ...ours, run: (tool, ...others) => ours.run(tool === "az" ? join(bin, "az") : tool, ...others) },
        { AZURE_CONFIG_DIR: configFolder },
      );
    },
    adapters: connect(team),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function connectAdapters(azure: Azure, team: Team, who: Who, proxy: EmulatorProxy): Adapters {
  const { job, clientId = team.clientId } = who;
  const { tenantId } = team;
  const idToken = async (audience: string) => azure.github.idToken(job, audience);
  const credential = connectCredential({ ...time, cloud, tenantId, clientId, idToken, mask: () => undefined });
  const cancelled = new AbortController().signal;
  const arm = connectArm({ cloud, credential, time, cancelled, environment: proxy.env });
  return {
    groups: connectResourceGroups(arm),
    barriers: connectBarriers(arm),
    subscriptions: connectSubscriptions({ ...time, cloud, credential }),
    token: async () => (await credential.getToken(cloud.armScope))?.token ?? "",
  };
}

/** This process, too, goes through the proxy and takes its certificates: the adapters run as on a runner. */
async function trust(proxy: EmulatorProxy): Promise<void> {
  Object.assign(process.env, proxy.env);
  setDefaultCACertificates([...getCACertificates("default"), await readFile(proxy.caFile, "utf8")]);
}
