/** Who logs in, and for what: what a kubeconfig tells its credential plugin. Nothing of it is secret. */
export interface PluginSettings {
  readonly tenantId: string;
  readonly clientId: string;
  /** `https://login.microsoftonline.com`. */
  readonly authorityHost: string;
  readonly cloud: string;
  /** Of the ID token. */
  readonly audience: string;
  /** The audience that the cloud's federated credentials have unless somebody chose another; empty where none is usual. */
  readonly usualAudience: string;
  /** Of the access token. */
  readonly scope: string;
}

/** Names of our own: a step may set AZURE_CLIENT_ID for something else. */
const VARIABLES: Readonly<Record<keyof PluginSettings, string>> = {
  tenantId: "MAYFLY_AKS_LOGIN_TENANT",
  clientId: "MAYFLY_AKS_LOGIN_CLIENT",
  authorityHost: "MAYFLY_AKS_LOGIN_AUTHORITY",
  cloud: "MAYFLY_AKS_LOGIN_CLOUD",
  audience: "MAYFLY_AKS_LOGIN_AUDIENCE",
  usualAudience: "MAYFLY_AKS_LOGIN_USUAL_AUDIENCE",
  scope: "MAYFLY_AKS_LOGIN_SCOPE",
};

/** The settings as variables of the plugin's environment. */
export function renderPluginSettings(settings: PluginSettings): Readonly<Record<string, string>> {
  return Object.fromEntries(keys().map((key) => [VARIABLES[key], settings[key]]));
}

/** The settings as the plugin finds them. @throws Error naming the variables that are not set */
export function readPluginSettings(environment: Readonly<Record<string, string | undefined>>): PluginSettings {
  const missing = keys().filter((key) => environment[VARIABLES[key]] === undefined);
  if (missing.length > 0) {
    const names = missing.map((key) => VARIABLES[key]).join(", ");
    throw new Error(`${names} is not set: only a kubeconfig of aks-set-context starts this`);
  }
  const read = (key: keyof PluginSettings): string => environment[VARIABLES[key]] ?? "";
  return {
    tenantId: read("tenantId"),
    clientId: read("clientId"),
    authorityHost: read("authorityHost"),
    cloud: read("cloud"),
    audience: read("audience"),
    usualAudience: read("usualAudience"),
    scope: read("scope"),
  };
}

function keys(): readonly (keyof PluginSettings)[] {
  return Object.keys(VARIABLES) as (keyof PluginSettings)[];
}
