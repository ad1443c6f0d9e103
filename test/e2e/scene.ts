import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Azure, createAzure } from "../azure/azure.ts";
import { type EmulatorProxy, type ProxyOptions, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team, type TeamOptions } from "../azure/team.ts";
import { expectNoSecret } from "../runner/expect-no-secret.ts";
import type { Job, JobResult, Step } from "../runner/job.ts";
import { runJob } from "../runner/run-job.ts";
import { type Tap, tapTokens } from "./tap.ts";

/** The repository whose committed `actions` and `dist` run. */
export const repositoryRoot = join(import.meta.dirname, "../..");

/** A job with its steps; what it needs of the runner and of Azure is the scene's. */
export type SceneJob = Partial<Job> & Pick<Job, "steps">;

/** A job that is over, and the files that it left in RUNNER_TEMP, by their path below it. */
export interface Played extends JobResult {
  readonly left: ReadonlyMap<string, string>;
}

/** An Azure behind a proxy with a team in it, and jobs that run there. */
export interface Scene extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  readonly proxy: EmulatorProxy;
  readonly tap: Tap;
  /** What every job here needs. */
  readonly base: Omit<Job, "steps">;
  /** Adds a group that expired two hours ago, unless its tags say otherwise. Returns its id. */
  add(name: string, tags?: Readonly<Record<string, string>>, subscriptionId?: string): string;
  /** Names of the groups that are there, sorted. */
  names(subscriptionId?: string): readonly string[];
  /** Names in the DELETEs that reached ARM, in order. */
  deletes(): readonly string[];
  /** Runs a job. No secret of any job of this scene may show in anything that it left. */
  play(job: SceneJob): Promise<Played>;
}

export interface SceneOptions extends TeamOptions {
  readonly proxy?: ProxyOptions;
  readonly deletionSeconds?: number;
}

/** Two hours ago: expired by any clock. */
export const past = (): string => hoursFromNow(-2);

/** RFC 3339 in UTC, to the second. */
export const hoursFromNow = (hours: number): string =>
  new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");

/** The tags of a group whose time has passed. */
export const expired = (): Readonly<Record<string, string>> => ({ "auto-destroy": "true", "expires-at": past() });

/** Sets up an Azure on the real clock, since real processes with clocks of their own come to it. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const azure = createAzure({ arm: { deletionSeconds: options.deletionSeconds ?? 1 } });
  const team = addTeam(azure, options);
  const tap = tapTokens(azure);
  const proxy = await startProxy(tap.azure, options.proxy);
  const base = {
    repositoryRoot,
    machineEnv: { PATH: process.env["PATH"] ?? "", ...proxy.env },
    permissions: { "id-token": "write" },
    idToken: team.job,
    github: { repository: "octo/shop", event_name: "schedule", repository_id: "599293758" },
  };
  return {
    azure,
    team,
    proxy,
    tap,
    base,
    add: (name, tags = expired(), subscriptionId = team.subscriptionId) =>
      azure.arm.addResourceGroup({ subscriptionId, name, tags }).id,
    names: (subscriptionId = team.subscriptionId) =>
      azure.arm
        .groups(subscriptionId)
        .map(({ id }) => nameOf(id))
        .sort(),
    deletes: () =>
      azure.traffic.find({ method: "DELETE", path: /\/resourcegroups\/[^/]+$/i }).map(({ path }) => nameOf(path)),
    play: async (job) => {
      const played = await playJob({ ...base, ...job });
      const secrets = new Set([...tap.tokens, team.job.requestToken, job.idToken?.requestToken ?? ""]);
      for (const secret of secrets) if (secret !== "") expectNoSecretIn(played, secret);
      return played;
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** The login of the scene's team as a step. */
export function login(team: Team, inputs: Step["with"] = {}): Step {
  const { clientId, tenantId, subscriptionId } = team;
  const ids = { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId };
  return { id: "login", uses: "$/actions/azure-login", with: { ...ids, ...inputs } };
}

/** A reap as a step: it deletes, and needs a login before it unless `inputs` say who. */
export function reap(inputs: Step["with"] = {}): Step {
  return { id: "reap", uses: "$/actions/ttl-reaper", with: { "all-names": true, "dry-run": false, ...inputs } };
}

/** A reap that needs no login before it, as inputs of `reap`. */
export function asTeam({ clientId, tenantId, subscriptionId }: Team): Readonly<Record<string, string>> {
  return { "client-id": clientId, "tenant-id": tenantId, "subscription-ids": subscriptionId };
}

export const nameOf = (path: string): string => path.split("/").at(-1) ?? "";

async function playJob(job: Job): Promise<Played> {
  let left: Played["left"] = new Map();
  const onEnd = (temp: string): void => {
    // The runner's own files of its steps come and go.
    left = new Map([...readFolder(temp)].filter(([path]) => !path.startsWith("_runner_file_commands")));
  };
  return { ...(await runJob({ ...job, onEnd })), left };
}

/**
 * The texts of all files below a folder, by path. No link is followed: what it leads to was not left here. Terraform links to
 * its provider, whose 200 megabytes took a second to read and another for each secret.
 */
export function readFolder(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = listFiles(folder).map((path) => relative(folder, path));
  return new Map(files.sort().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : entry.isFile() ? [path] : [];
  });
}

function expectNoSecretIn(played: Played, secret: string): void {
  expectNoSecret(played, secret);
  const holder = [...played.left].find(([, text]) => text.includes(secret));
  if (holder !== undefined) throw new Error(`A secret of ${secret.length} characters was left in ${holder[0]}`);
}
