import { copyFile, lstat, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** docker's own configuration of the user who runs the job. */
export interface UserConfig {
  readonly folder: string;
  /** What `config.json` says, whole; empty when there is none. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where buildx keeps its builders. */
  readonly buildxFolder: string;
}

/**
 * Reads the user's configuration where docker would. One that cannot be read counts as empty, as it does for docker,
 * which only prints a warning: `warn` gets ours.
 */
export async function readUserConfig(
  environment: Environment,
  homeFolder: string,
  warn: (sentence: string) => void,
): Promise<UserConfig> {
  const folder = environment["DOCKER_CONFIG"] || join(homeFolder, ".docker");
  const buildxFolder = environment["BUILDX_CONFIG"] || join(folder, "buildx");
  const path = join(folder, "config.json");
  try {
    const text = await readFile(path, "utf8");
    const settings: unknown = JSON.parse(text);
    if (!isRecord(settings)) throw new Error("it is not a JSON object");
    return { folder, settings, buildxFolder };
  } catch (error) {
    const code = isRecord(error) ? error["code"] : undefined;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      // What JSON.parse says quotes the file, and a password may stand in it.
      const because = error instanceof SyntaxError ? "it is not JSON" : String(code ?? "it is not a JSON object");
      warn(`Docker's configuration ${path} is left out, logins and proxies in it too: ${because}.`);
    }
    return { folder, settings: {}, buildxFolder };
  }
}

/** Whether a value has named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The engines that the user named, docker's plugins, the keys of signed pushes. */
const FOLDERS = ["contexts", "cli-plugins", "trust"];
/** What docker shows an engine with `DOCKER_TLS_VERIFY` when no other folder is named. */
const FILES = ["ca.pem", "cert.pem", "key.pem"];

/** Makes what docker looks for beside its `config.json` known in another folder too, as links where there are links. */
export async function linkUserConfig({ folder }: UserConfig, target: string, platform: NodeJS.Platform): Promise<void> {
  for (const name of [...FOLDERS, ...FILES]) {
    const from = join(folder, name);
    if ((await lstat(from).catch(() => undefined)) === undefined) continue;
    // Windows lets only administrators link files; a junction of a folder is free.
    if (platform === "win32" && FILES.includes(name)) await copyFile(from, join(target, name));
    else await symlink(from, join(target, name), "junction");
  }
}
