import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Cloud } from "../../azure/cloud.ts";
import type { CommandOutcome, Commands } from "../../kit/command.ts";
import { type FolderKind, makeScratchFolder, removeScratchFolder } from "../../kit/scratch-folder.ts";

export interface AzLogin {
  readonly tenantId: string;
  readonly clientId: string;
  readonly cloud: Cloud;
  readonly subscriptionId: string | undefined;
}

export type AzOutcome =
  | { readonly kind: "in"; readonly configFolder: string }
  /** `step` is the command that failed, without its values. */
  | { readonly kind: "failed"; readonly step: string; readonly said: string };

export interface AzOptions extends AzLogin {
  readonly commands: Commands;
  readonly tempFolder: string;
  /** A fresh ID token, masked. */
  idToken(): Promise<string>;
  /** Told of the folder before anything is in it, so that post finds it whatever happens. */
  onFolder(folder: string): void;
}

const AZ_FOLDERS: FolderKind = { prefix: "mayfly-az-", maker: "azure-login" };

/**
 * Logs the az CLI in, in a configuration folder of its own (0700) below the runner's scratch folder, so that neither
 * the runner's own az login nor another job's is touched. Undefined when there is no az.
 *
 * The ID token goes in by a file that only this user can read (`@file`, which az takes for every value) and that is
 * gone when az is: `ps` shows a command line to everybody.
 */
export async function loginAz(options: AzOptions): Promise<AzOutcome | undefined> {
  const az = await options.commands.find("az");
  if (az === undefined) return undefined;
  const folder = await makeScratchFolder(AZ_FOLDERS, options.tempFolder);
  options.onFolder(folder);
  const call = (parameters: readonly string[]): Promise<CommandOutcome> =>
    options.commands.run(az, [...parameters, "--only-show-errors", "--output", "json"], {
      AZURE_CONFIG_DIR: folder,
      AZURE_CORE_COLLECT_TELEMETRY: "no",
      AZURE_CORE_LOGIN_EXPERIENCE_V2: "off",
    });

  for (const [step, parameters] of listCloudSteps(options.cloud)) {
    const outcome = await call(parameters);
    if (outcome.exitCode !== 0) return fail(step, outcome);
  }
  const login = await withTokenFile(folder, options.idToken, (file) => call(renderLogin(options, file)));
  if (login.exitCode !== 0) return fail("az login", login);
  const { subscriptionId } = options;
  if (subscriptionId !== undefined && !isDefault(login.stdout, subscriptionId)) {
    const outcome = await call(["account", "set", "--subscription", subscriptionId]);
    if (outcome.exitCode !== 0) return fail("az account set", outcome);
  }
  return { kind: "in", configFolder: folder };
}

function fail(step: string, outcome: CommandOutcome): AzOutcome {
  return { kind: "failed", step, said: outcome.stderr.trim() || `exit code ${outcome.exitCode}` };
}

/** Each start of az takes a second, so the public cloud, its default, needs none. */
function listCloudSteps(cloud: Cloud): readonly (readonly [string, readonly string[]])[] {
  if (cloud.azCloudName === "AzureCloud") return [];
  if (cloud.azCloudName !== undefined) return [["az cloud set", ["cloud", "set", "--name", cloud.azCloudName]]];
  const endpoints = [
    ["--endpoint-active-directory", cloud.authorityHost],
    ["--endpoint-resource-manager", cloud.resourceManager],
    ["--endpoint-active-directory-resource-id", `${cloud.resourceManager}/`],
  ];
  return [
    ["az cloud register", ["cloud", "register", "--name", "Mayfly", ...endpoints.flat()]],
    ["az cloud set", ["cloud", "set", "--name", "Mayfly"]],
  ];
}

function renderLogin(login: AzLogin, tokenFile: string): readonly string[] {
  return [
    ...["login", "--service-principal", "--username", login.clientId, "--tenant", login.tenantId],
    ...["--federated-token", `@${tokenFile}`],
    ...(login.subscriptionId === undefined ? ["--allow-no-subscriptions"] : []),
  ];
}

async function withTokenFile<T>(
  folder: string,
  idToken: () => Promise<string>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const token = await idToken();
  const path = join(folder, "assertion");
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await file.writeFile(token).finally(() => file.close());
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** Whether az has chosen the subscription by itself; one more start of az is saved then. */
function isDefault(stdout: string, subscriptionId: string): boolean {
  try {
    const accounts: unknown = JSON.parse(stdout);
    const same = (id: unknown): boolean => String(id).toLowerCase() === subscriptionId.toLowerCase();
    return Array.isArray(accounts) && accounts.some((account) => account?.isDefault === true && same(account?.id));
  } catch {
    return false;
  }
}

/** Removes the folder that `loginAz` made, and nothing else. Returns why it was left, or undefined when it is gone. */
export function removeAzFolder(folder: string, tempFolder: string): Promise<string | undefined> {
  return removeScratchFolder(folder, AZ_FOLDERS, tempFolder);
}
