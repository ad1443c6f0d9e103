import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packScript } from "../../../scripts/build/script.ts";
import { type PluginSettings, renderPluginSettings } from "../../../src/kubeconfig/plugin-settings.ts";
import { type Azure, createAzure } from "../../azure/azure.ts";
import { startProxy } from "../../azure/proxy.ts";
import { addTeam, type Team, type TeamOptions } from "../../azure/team.ts";

export const SCOPE = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

/** What one call of the plugin came to. */
export interface Called {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bundled plugin alone in a folder, and an Azure behind a proxy. */
export interface PluginScene extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  readonly folder: string;
  /** Where the plugin keeps its token. */
  readonly tokenFile: string;
  readonly settings: PluginSettings;
  /** Calls it as kubectl does. A variable that is undefined is not set. */
  call(change?: { readonly environment?: Environment; readonly killWhen?: () => boolean }): Promise<Called>;
  /** Questions to GitHub and to Entra so far. */
  asked(): { readonly github: number; readonly entra: number };
  keptToken(): { readonly token: string; readonly endsAtMs: number; readonly keptAtMs: number; readonly of: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

export async function openPluginScene(options: TeamOptions = {}): Promise<PluginScene> {
  const azure = createAzure();
  const team = addTeam(azure, options);
  const proxy = await startProxy(azure);
  const folder = mkdtempSync(join(tmpdir(), "mayfly-plugin-"));
  const script = join(folder, "plugin.cjs");
  packScript(join(import.meta.dirname, "../../../src/actions/aks-set-context/plugin.ts"), script);
  const settings: PluginSettings = {
    tenantId: team.tenantId,
    clientId: team.clientId,
    authorityHost: "https://login.microsoftonline.com",
    cloud: "public",
    audience: "api://AzureADTokenExchange",
    usualAudience: "api://AzureADTokenExchange",
    scope: SCOPE,
  };
  const base: Environment = {
    ...proxy.env,
    ...renderPluginSettings(settings),
    GITHUB_SERVER_URL: "https://github.com",
    ACTIONS_ID_TOKEN_REQUEST_URL: team.job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: team.job.requestToken,
  };
  const tokenFile = join(folder, "token.json");
  const count = (method: string, host: RegExp): number => azure.traffic.find({ method, host }).length;
  return {
    azure,
    team,
    folder,
    tokenFile,
    settings,
    call: ({ environment = {}, killWhen } = {}) => start(script, { ...base, ...environment }, killWhen),
    asked: () => ({
      github: count("GET", /\.actions\.githubusercontent\.com$/),
      entra: count("POST", /^login\.microsoftonline\.com$/),
    }),
    keptToken: () => JSON.parse(readFileSync(tokenFile, "utf8")),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(script: string, environment: Environment, killWhen: (() => boolean) | undefined): Promise<Called> {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined);
  const child = spawn(process.execPath, [script], { env: Object.fromEntries(given), cwd: tmpdir() });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk) => {
      said[name] += chunk;
    });
  }
  const watch = setInterval(() => {
    if (killWhen?.() === true) child.kill("SIGKILL");
  }, 20);
  return new Promise((resolve) =>
    child.on("close", (exitCode) => {
      clearInterval(watch);
      resolve({ exitCode, ...said });
    }),
  );
}
