import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { connectRelay, type Relay } from "../../src/actions/terraform/connect-relay.ts";
import { leadToRelay } from "../../src/actions/terraform/relay-environment.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team } from "../azure/team.ts";
import { QUICK_STACK } from "../terraform/quick-stack.ts";
import { createTerraformFolder, type TerraformFolder } from "../terraform/terraform-folder.ts";

jest.setTimeout(180_000);

const STAGE = join(import.meta.dirname, "../../src/actions/terraform/index.ts");
const GITHUB = { host: /\.actions\.githubusercontent\.com$/ };

let azure: Azure;
let team: Team;
let proxy: EmulatorProxy;
let scratch: string;
let relay: Relay;
let relayed: TerraformFolder;

beforeEach(async () => {
  azure = createAzure();
  team = addTeam(azure, { role: "Owner" });
  proxy = await startProxy(azure);
  scratch = mkdtempSync(join(tmpdir(), "token-relay-"));
  const environment = {
    ...proxy.env,
    ACTIONS_ID_TOKEN_REQUEST_URL: team.job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: team.job.requestToken,
  };
  const started = await connectRelay({ environment, mask: () => undefined }, STAGE).start({ folder: scratch });
  if (started === undefined) throw new Error("The job has no ID tokens");
  relay = started;
  relayed = await createFolder(leadToRelay(environment, relay));
});

afterEach(async () => {
  await relay.stop();
  await relayed[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true });
});

function createFolder(env: Readonly<Record<string, string>> = {}): Promise<TerraformFolder> {
  const more = { GO_AZURE_SDK_SKIP_POLLING_DELAY: "true", ...env };
  return createTerraformFolder({ proxy, team, files: { "main.tf": QUICK_STACK }, env: more });
}

const fetched = (): number => azure.traffic.find(GITHUB).length;
const exchanged = (): number => azure.traffic.find({ host: "login.microsoftonline.com", method: "POST" }).length;

describe("the real azurerm provider through the relay", () => {
  test("makes, sees and destroys a stack with one ID token, where by itself it fetches one for each request", async () => {
    await relayed.must("init");
    await relayed.must("apply", "-auto-approve");
    expect((await relayed.run("plan", "-detailed-exitcode")).code).toBe(0);
    expect(fetched()).toBe(1);
    const exchanges = exchanged();
    await relayed.must("destroy", "-auto-approve");
    expect(azure.arm.groups(team.subscriptionId)).toEqual([]);
    expect(fetched()).toBe(1);
    // Every exchange at Entra still gets an ID token from somebody.
    expect(exchanges).toBeGreaterThan(1);
    const counters = await relay.stop();
    expect(counters).toMatchObject({ fetched: 1, retried: 0, failed: 0 });

    azure.traffic.clear();
    await using alone = await createFolder();
    await alone.must("init");
    await alone.must("apply", "-auto-approve", "-var", "name=alone");
    expect(fetched()).toBeGreaterThan(20);
    expect(counters?.asked).toBeGreaterThan(fetched());
  });

  test("does not die of what GitHub goes through, also when the token it has is over in mid-run", async () => {
    // Tokens that are taken for old as soon as they come: each request has to fetch.
    azure.faults.add(
      { name: "old", when: GITHUB },
      {
        kind: "rewrite",
        answer: (response) => ({
          ...response,
          headers: { ...response.headers, date: new Date(azure.clock.time() + 299_000).toUTCString() },
        }),
      },
    );
    for (const [after, status] of [
      [1, 403],
      [4, 503],
      [8, 429],
      [12, 403],
    ] as const)
      azure.faults.add(
        { name: `${status} after ${after}`, when: GITHUB, after, times: 1 },
        { kind: "respond", status, body: { message: "as ordered" } },
      );
    azure.faults.add({ name: "reset", when: GITHUB, after: 16, times: 1 }, { kind: "reset" });
    await relayed.must("init");
    await relayed.must("apply", "-auto-approve");
    expect([...azure.faults.struck.values()].filter((times) => times === 1)).toHaveLength(5);
    const counters = await relay.stop();
    expect(counters).toMatchObject({ failed: 0 });
    expect(counters?.retried).toBeGreaterThanOrEqual(5);
  });
});
