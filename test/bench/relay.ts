import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRelay } from "../../src/actions/terraform/connect-relay.ts";
import { leadToRelay } from "../../src/actions/terraform/relay-environment.ts";
import { createAzure } from "../azure/azure.ts";
import { startProxy } from "../azure/proxy.ts";
import { addTeam } from "../azure/team.ts";
import { QUICK_STACK } from "../terraform/quick-stack.ts";
import { createTerraformFolder } from "../terraform/terraform-folder.ts";
import { type Measured, measure, medians } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import { jobEnvironment, type Stage } from "./stage.ts";

const ROUNDS = 5;
const STARTS = 15;
const GITHUB_MS = 150;
const ARM_MS = 30;

/** An apply of a stack with the real azurerm provider: raw, and through the relay with its start and its end. */
export async function benchRelay(stage: Stage, ledger: Ledger): Promise<void> {
  const azure = createAzure();
  const team = addTeam(azure, { role: "Owner" });
  await using proxy = await startProxy(azure);
  const github = { host: /\.actions\.githubusercontent\.com$/ };
  azure.faults.add({ name: "far", when: github }, { kind: "slow", milliseconds: GITHUB_MS });
  azure.faults.add({ name: "near", when: { host: "management.azure.com" } }, { kind: "slow", milliseconds: ARM_MS });
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  const runner = { environment: { ...proxy.env, ...jobEnvironment(team) }, mask: () => undefined };
  const relays = connectRelay(runner, stage.script("terraform"));
  let count = 0;
  const startRelay = async () => {
    const relay = await relays.start({ folder: await mkdtemp(join(scratch, "relay-")) });
    if (relay === undefined) throw new Error("The job has no ID tokens");
    return relay;
  };
  /** A new stack each time; what it takes to write it down and to look it up is not measured. */
  const apply = async (relayed: boolean): Promise<Measured> => {
    count += 1;
    const startedAt = performance.now();
    const relay = relayed ? await startRelay() : undefined;
    const startMs = performance.now() - startedAt;
    const led = relay === undefined ? {} : leadToRelay(runner.environment, relay);
    const env = { GO_AZURE_SDK_SKIP_POLLING_DELAY: "true", ...led };
    await using folder = await createTerraformFolder({ proxy, team, files: { "main.tf": QUICK_STACK }, env });
    await folder.must("init");
    const applied = await folder.must("apply", "-auto-approve", "-var", `name=bench${count}`);
    const appliedAt = performance.now();
    await relay?.stop();
    const stopMs = performance.now() - appliedAt;
    return {
      milliseconds: startMs + applied.milliseconds + stopMs,
      peakMegabytes: 0,
      exitCode: 0,
      output: "",
    };
  };
  const times = await medians(ROUNDS, { raw: () => apply(false), relayed: () => apply(true) });
  console.log(
    `      raw terraform ${(times.raw / 1000).toFixed(2)} s, through the relay ${(times.relayed / 1000).toFixed(2)} s`,
  );
  ledger.atMost("apply of an azurerm stack through the relay, against raw", times.relayed / times.raw, 0.8, "x");

  const start = async (): Promise<Measured> => {
    const startedAt = performance.now();
    const relay = await startRelay();
    const milliseconds = performance.now() - startedAt;
    await relay.stop();
    return { milliseconds, peakMegabytes: 0, exitCode: 0, output: "" };
  };
  const bare = (): Promise<Measured> => measure(["-e", "0"], { PATH: "/usr/bin:/bin" }, stage.folder);
  const starts = await medians(STARTS, { bare, relay: start });
  ledger.atMost("the relay's start until it answers, over bare node", starts.relay - starts.bare, 60, "ms");
  await rm(scratch, { recursive: true, force: true });
}
