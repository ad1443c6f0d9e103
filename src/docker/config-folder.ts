import { writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { type FolderKind, makeScratchFolder, removeScratchFolder } from "../kit/scratch-folder.ts";
import { dropFromAuthVariable, withHelper, withLogins } from "./config-settings.ts";
import type { Credential, FindCredential } from "./credential.ts";
import { HELPER_NODE, installHelper, socketPathOf } from "./credential-helper.ts";
import { type CredentialService, serveCredentials } from "./credential-service.ts";
import { linkUserConfig, readUserConfig } from "./user-config.ts";

const FOLDERS: FolderKind = { prefix: "mayfly-docker-", maker: "acr-build-push" };

export interface DockerConfigOptions {
  /** The job's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly tempFolder: string;
  readonly platform: NodeJS.Platform;
  /** The node that the helper runs on: `process.execPath`. */
  readonly node: string;
  /** The registries that docker gets credentials for from us, as they stand in an image's name. */
  readonly hosts: readonly string[];
  readonly findCredential: FindCredential;
  /** Told why a credential could not be had, while docker says only that it failed. */
  readonly onFault: (host: string, error: unknown) => void;
  /** Told of the folder before anything is in it, so that post finds it whatever happens. */
  readonly onFolder: (folder: string) => void;
  readonly warn: (sentence: string) => void;
}

/** A configuration of docker for one step. */
export interface DockerConfig {
  readonly folder: string;
  /** The whole environment for docker. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether docker asks us each time; otherwise it reads what `ensureCredentials` wrote last. */
  readonly asks: boolean;
  /**
   * To be awaited before docker is called: throws what `findCredential` throws, and renews what stands in the file.
   * `docker push` itself says nothing of a helper that failed: it goes on without a credential, and tries for a minute.
   */
  ensureCredentials(): Promise<void>;
  /** Removes it all, once or twice. Returns why the folder was left, or undefined when it is gone. */
  remove(): Promise<string | undefined>;
}

/**
 * Makes a docker configuration (folder 0700, files 0600) that is the user's own plus credentials for some registries:
 * logins and proxies that an earlier step set up still count, builders are found where the user's are, and nothing of
 * ours is left for a later step. Credentials come from a helper that asks this process each time, so one is fresh
 * whenever docker asks, however long a build takes, and none is on disk.
 *
 * Where the helper cannot work (see `installHelper`, on Windows above all) they stand in the file, for the time that
 * the registry gives them. No header for Azure's statistics is set: docker would send it to every other registry too.
 *
 * Docker asks at each push. buildx keeps an answer for five minutes (since 0.25; 0.21 to 0.24: ten), older ones for
 * the whole build (https://github.com/moby/buildkit/blob/master/session/auth/authprovider/authprovider.go).
 *
 * @throws UserError `runner-files` when the runner's scratch folder cannot be written; and what `findCredential` threw
 *   where credentials stand in the file.
 */
export async function openDockerConfig(options: DockerConfigOptions): Promise<DockerConfig> {
  const folder = await makeScratchFolder(FOLDERS, options.tempFolder);
  options.onFolder(folder);
  const user = await readUserConfig(options.environment, options.homeFolder, options.warn);
  await linkUserConfig({ ...user, folder: resolve(user.folder) }, folder, options.platform);
  const helperFolder = join(folder, "helper");
  const service = await startHelper(helperFolder, options);
  const save = async (): Promise<void> => {
    const settings =
      service === undefined
        ? withLogins(user.settings, await findAll(options))
        : withHelper(user.settings, options.hosts);
    await writeFile(join(folder, "config.json"), JSON.stringify(settings, undefined, 2), { mode: 0o600 });
  };
  await save();
  return {
    folder,
    asks: service !== undefined,
    environment: {
      ...listVariables(options),
      DOCKER_CONFIG: folder,
      BUILDX_CONFIG: resolve(user.buildxFolder),
      ...(service === undefined ? {} : listHelperVariables(helperFolder, options)),
    },
    ensureCredentials: async () => {
      if (service === undefined) await save();
      else await findAll(options);
    },
    remove: async () => {
      await service?.close();
      return removeDockerConfig(folder, options.tempFolder);
    },
  };
}

/** Removes a folder that `openDockerConfig` made, for post. Returns why it was left, or undefined when it is gone. */
export function removeDockerConfig(folder: string, tempFolder: string): Promise<string | undefined> {
  return removeScratchFolder(folder, FOLDERS, tempFolder);
}

async function startHelper(folder: string, options: DockerConfigOptions): Promise<CredentialService | undefined> {
  if (!(await installHelper(folder, options.platform))) return undefined;
  const { findCredential: find, onFault } = options;
  return serveCredentials({ socketPath: socketPathOf(folder), find, onFault });
}

async function findAll(options: DockerConfigOptions): Promise<Readonly<Record<string, Credential | undefined>>> {
  const found = options.hosts.map(async (host) => [host, await options.findCredential(host)] as const);
  return Object.fromEntries(await Promise.all(found));
}

/**
 * The job's own variables, without credentials that would go before ours, and without the action's inputs: a token may be
 * among them, which is for us alone.
 */
function listVariables({ environment, hosts }: DockerConfigOptions): Readonly<Record<string, string>> {
  const all = { ...environment, DOCKER_AUTH_CONFIG: dropFromAuthVariable(environment["DOCKER_AUTH_CONFIG"], hosts) };
  const kept = Object.entries(all).filter(([name]) => !/^INPUT_/i.test(name));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function listHelperVariables(folder: string, { environment, node }: DockerConfigOptions): Record<string, string> {
  const path = environment["PATH"] || undefined;
  return { PATH: path === undefined ? folder : `${folder}${delimiter}${path}`, [HELPER_NODE]: node };
}
