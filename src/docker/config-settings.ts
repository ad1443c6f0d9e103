import { type Credential, IDENTITY_TOKEN } from "./credential.ts";
import { HELPER } from "./credential-helper.ts";
import { isRecord } from "./user-config.ts";

/** What a `config.json` of docker says. */
export type Settings = Readonly<Record<string, unknown>>;

/** The name that Azure Container Registry wants beside a token. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Settings under which docker asks our helper for these hosts, and everything else stays. */
export function withHelper(settings: Settings, hosts: readonly string[]): Settings {
  const ours = Object.fromEntries(hosts.map((host) => [host, HELPER]));
  return {
    ...settings,
    auths: without(settings["auths"], hosts),
    credHelpers: { ...recordOf(settings["credHelpers"]), ...ours },
  };
}

/** Settings that hold the credentials of these hosts; a host without one is asked for nothing. */
export function withLogins(
  settings: Settings,
  credentials: Readonly<Record<string, Credential | undefined>>,
): Settings {
  const hosts = Object.keys(credentials);
  const logins = Object.entries(credentials).flatMap(([host, credential]) =>
    credential === undefined ? [] : [[host, renderLogin(credential)] as const],
  );
  return {
    ...settings,
    auths: { ...without(settings["auths"], hosts), ...Object.fromEntries(logins) },
    // A store that is named for all hosts is not asked for one whose own helper has an empty name.
    credHelpers: { ...recordOf(settings["credHelpers"]), ...Object.fromEntries(hosts.map((host) => [host, ""])) },
  };
}

/**
 * The value of `DOCKER_AUTH_CONFIG` without these hosts: since 28.3 docker asks it before any helper, and what stands
 * there for our registry is older than what we have. Undefined when nothing is left.
 */
export function dropFromAuthVariable(value: string | undefined, hosts: readonly string[]): string | undefined {
  if (value === undefined) return undefined;
  try {
    const settings: unknown = JSON.parse(value);
    if (!isRecord(settings) || !isRecord(settings["auths"])) return value;
    const auths = without(settings["auths"], hosts);
    if (Object.keys(auths).length === Object.keys(settings["auths"]).length) return value;
    return Object.keys(auths).length === 0 ? undefined : JSON.stringify({ ...settings, auths });
  } catch {
    // Docker says what is wrong with it.
    return value;
  }
}

/** As `docker login` writes it. */
function renderLogin({ username, secret }: Credential): Settings {
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  if (username === IDENTITY_TOKEN) return { auth: encode(`${NOBODY}:`), identitytoken: secret };
  return { auth: encode(`${username}:${secret}`) };
}

function recordOf(value: unknown): Settings {
  return isRecord(value) ? value : {};
}

function without(logins: unknown, hosts: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(recordOf(logins)).filter(([host]) => !hosts.includes(host)));
}
