import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Azure } from "../azure/azure.ts";
import type { EmulatorProxy } from "../azure/proxy.ts";
import type { Team } from "../azure/team.ts";
import { findAz } from "../witness/ensure-az.ts";
import { type Measured, measureCommand, medians } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";

interface Peer {
  readonly azure: Azure;
  readonly team: Team;
  readonly proxy: EmulatorProxy;
  readonly stage: Stage;
  /** The median of our own login in the same run. */
  readonly loginMs: number;
}

const ROUNDS = 5;

/** Our login against the one command of az that the usual login action starts, of five. */
export async function benchAzLogin({ azure, team, proxy, stage, loginMs }: Peer, ledger: Ledger): Promise<void> {
  const az = await findAz();
  if (az === undefined) {
    console.log("LEFT OUT  our login against az login: az is not installed. npm run witness installs it.");
    return;
  }
  const tokenFile = join(stage.folder, "assertion");
  const login = async (): Promise<Measured> => {
    const idToken = azure.github.idToken(team.job, "api://AzureADTokenExchange");
    await writeFile(tokenFile, idToken, { mode: 0o600 });
    const environment = {
      PATH: `${az.bin}:/usr/bin:/bin`,
      HOME: stage.folder,
      AZURE_CORE_COLLECT_TELEMETRY: "no",
      ...proxy.env,
    };
    const parameters = ["login", "--service-principal", "--username", team.clientId, "--tenant", team.tenantId];
    const measured = await measureCommand(
      join(az.bin, "az"),
      [...parameters, "--federated-token", `@${tokenFile}`, "--output", "none"],
      environment,
      stage.folder,
    );
    if (measured.exitCode !== 0) throw new Error(`az login failed:\n${measured.output}`);
    return measured;
  };
  await login();
  const { az: azMs } = await medians(ROUNDS, { az: login });
  ledger.atMost(`our whole login, of one az login (${az.version}, ${azMs.toFixed(0)} ms)`, loginMs / azMs, 0.5, "x");
}
