import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "./user-config.ts";

export interface UserLogin {
  readonly username: string;
  readonly password: string;
}

/** What docker calls Docker Hub in its configuration. */
const HUB = ["https://index.docker.io/v1/", "index.docker.io", "docker.io"];

/**
 * The login that an earlier step (`docker/login-action`) left for a registry in docker's own configuration; undefined
 * when there is none, or a credential helper keeps it.
 *
 * @param mask registers the password before it is given away.
 */
export function findUserLogin(
  environment: Environment,
  homeFolder: string,
  host: string,
  mask: (secret: string) => void,
): UserLogin | undefined {
  const auths = recordOf(readSettings(environment, homeFolder)["auths"]);
  const names = host === "docker.io" ? HUB : [host, `https://${host}`];
  const entry = names.map((name) => auths[name]).find(isRecord);
  const auth = entry?.["auth"];
  if (typeof auth !== "string") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const login = { username: text.slice(0, colon), password: text.slice(colon + 1) };
  if (colon <= 0 || login.password === "") return undefined;
  mask(login.password);
  return login;
}

/** Whether docker has a login of the user's for a registry, in whatever way it keeps it. */
export function hasUserLogin(environment: Environment, homeFolder: string, host: string): boolean {
  const settings = readSettings(environment, homeFolder);
  const { [host]: auth, [`https://${host}`]: older } = recordOf(settings["auths"]);
  // A store for all does not tell which hosts it knows.
  return isRecord(auth) || isRecord(older) || host in recordOf(settings["credHelpers"]) || "credsStore" in settings;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = Readonly<Record<string, unknown>>;

function readSettings(environment: Environment, homeFolder: string): Settings {
  const path = join(environment["DOCKER_CONFIG"] || join(homeFolder, ".docker"), "config.json");
  try {
    return recordOf(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // No file, or one that docker could not read either.
    return {};
  }
}

function recordOf(value: unknown): Settings {
  return isRecord(value) ? value : {};
}
