import { createAzure } from "../azure/azure.ts";
import { startProxy } from "../azure/proxy.ts";
import { addTeam } from "../azure/team.ts";
import { benchAzLogin } from "./az-login.ts";
import { type Measured, measure, medians } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import { jobEnvironment, type Stage } from "./stage.ts";

const ROUNDS = 15;
const ACTIONS = [
  "azure-login",
  "ttl-reaper",
  "acr-build-push",
  "acr-import",
  "acr-purge",
  "image-list",
  "terraform",
  "aks-set-context",
  "helm-deploy",
  "smoke-test",
] as const;

/** Cold starts of every stage against bare node, and a whole login against bare node. */
export async function benchStartUp(stage: Stage, ledger: Ledger): Promise<void> {
  const bare = (): Promise<Measured> => measure(["-e", "0"], { PATH: "/usr/bin:/bin" }, stage.folder);
  const stages = await Promise.all(ACTIONS.map(async (name) => [name, await startOf(stage, name)] as const));
  const starts: Readonly<Record<string, number>> = await medians(ROUNDS, { bare, ...Object.fromEntries(stages) });
  const bareMs = starts["bare"] ?? Number.NaN;
  for (const name of ACTIONS) {
    const startMs = starts[name] ?? Number.NaN;
    ledger.atMost(`start of ${name}, over bare node`, startMs - bareMs, 80, "ms");
    ledger.atMost(`start of ${name}, as a ratio to bare node (${bareMs.toFixed(0)} ms)`, startMs / bareMs, 6, "x");
  }

  const azure = createAzure();
  const team = addTeam(azure);
  await using proxy = await startProxy(azure);
  const inputs = {
    "client-id": team.clientId,
    "tenant-id": team.tenantId,
    "subscription-id": team.subscriptionId,
    cloud: "public",
    export: "terraform",
  };
  const login = async (): Promise<Measured> => {
    const environment = await stage.environment(inputs, { ...proxy.env, ...jobEnvironment(team) });
    const measured = await measure([stage.script("azure-login")], environment, stage.folder);
    if (measured.exitCode !== 0) throw new Error(`the login failed:\n${measured.output}`);
    return measured;
  };
  await login();
  const logins = await medians(ROUNDS, { bare, login });
  ledger.atMost("a whole login on the emulator, over bare node", logins.login - logins.bare, 150, "ms");
  await benchAzLogin({ azure, team, proxy, stage, loginMs: logins.login }, ledger);
}

/** A start that ends where inputs are read: everything that every run loads, and nothing else. */
async function startOf(stage: Stage, action: string): Promise<() => Promise<Measured>> {
  const environment = await stage.environment({});
  return () => measure([stage.script(action)], environment, stage.folder);
}
