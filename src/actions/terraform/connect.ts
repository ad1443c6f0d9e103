import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { connectArm } from "../../azure/arm.ts";
import { chooseCloud } from "../../azure/cloud.ts";
import { connectStateContainer } from "../../azure/connect-state-container.ts";
import { connectCredential } from "../../azure/credential.ts";
import { connectEnvironmentGroups } from "../../azure/environment-groups.ts";
import { connectResourceGroups } from "../../azure/resource-groups.ts";
import { connectGitHub } from "../../github/connect-github.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import type { RelayCounters } from "../../oidc/relay/counters.ts";
import { connectIdToken } from "../github-id-token.ts";
import { connectFiles } from "./connect-files.ts";
import { readJob } from "./connect-job.ts";
import { connectRecord } from "./connect-record.ts";
import { connectRelay } from "./connect-relay.ts";
import { connectTool } from "./connect-tool.ts";
import { leadToRelay } from "./relay-environment.ts";
import type { spec } from "./spec.ts";
import { FOLDER_STATE } from "./state.ts";
import type { TokenRelay, World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** The world of main: a scratch folder that post finds, terraform, Azure and GitHub as far as there is a login. */
export function connect(runner: Runner, inputs: Inputs): World {
  const folder = makeFolder(runner.tempFolder);
  runner.saveState(FOLDER_STATE, folder);
  return connectIn(runner, inputs, { folder, prefix: "" });
}

/** The same in a folder that is there already. */
export function connectIn(
  runner: Runner,
  inputs: Inputs,
  { folder, prefix }: { readonly folder: string; readonly prefix: string },
): World {
  return {
    log: runner.log,
    cancelled: runner.cancelled,
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    mask: runner.mask,
    redact: runner.redact,
    summarize: runner.summarize,
    readJob: () => readJob(runner),
    files: connectFiles(folder),
    openTool: connectTool({ runner, logFolder: folder, prefix }),
    startRelay: () => startRelay(runner, folder),
    dataFolder: (key) => {
      const name = createHash("sha256").update(key).digest("hex").slice(0, 16);
      const data = join(runner.tempFolder, `mayfly-terraform-data-${name}`);
      mkdirSync(data, { recursive: true, mode: 0o700 });
      return data;
    },
    record: connectRecord(folder, runner, prefix !== ""),
    azure: connectAzure(runner, inputs),
    github: connectTo(runner, inputs),
  };
}

/** @throws UserError `bad-input` when only one of the two ids is there */
function connectAzure(runner: Runner, inputs: Inputs): World["azure"] {
  const { clientId, tenantId, subscriptionId } = inputs;
  if (clientId === undefined && tenantId === undefined) return undefined;
  if (clientId === undefined || tenantId === undefined) {
    const missing = clientId === undefined ? "client-id" : "tenant-id";
    const text = `${missing}: expected a value beside the other id, got nothing; run azure-login in an earlier step of this job: it exports both ids`;
    throw new UserError("bad-input", text);
  }
  const cloud = chooseCloud(inputs);
  const world = { ...runner, random: Math.random };
  const idToken = connectIdToken(world);
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken });
  const time = { ...world, left: () => Number.POSITIVE_INFINITY };
  const { cancelled, environment } = runner;
  const mayAsk = Boolean(environment["ACTIONS_ID_TOKEN_REQUEST_URL"] && environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]);
  const arm = connectArm({ cloud, credential, time, cancelled, environment });
  const groups = { ...connectEnvironmentGroups(arm), find: connectResourceGroups(arm).find };
  return {
    // Without the address nothing is asked, and the reason is told.
    requireIdToken: async () => {
      if (!mayAsk) await idToken(cloud.audience);
    },
    subscriptionId,
    groups,
    stateContainer: (account, container) =>
      connectStateContainer({ clientId, cloud, credential, account, container, time, cancelled, environment }),
  };
}

function connectTo(runner: Runner, { githubToken }: Inputs): World["github"] {
  if (githubToken === undefined) return undefined;
  const { environment, cancelled, mask, log } = runner;
  const time = { ...runner, random: Math.random, left: () => Number.POSITIVE_INFINITY };
  return connectGitHub({ token: githubToken, environment, time, cancelled, mask, warn: log.warning });
}

/** A relay in the job's folder, as far as the job may ask for ID tokens at all. Nothing depends on it but speed. */
async function startRelay(runner: Runner, folder: string): Promise<TokenRelay | undefined> {
  const relay = await connectRelay(runner)
    .start({ folder })
    .catch((error: unknown) => {
      runner.log.warning(error instanceof Error ? error.message : String(error));
      return undefined;
    });
  if (relay === undefined) return undefined;
  return {
    environment: leadToRelay(runner.environment, relay),
    stop: async () => {
      const counters = await relay.stop();
      return counters === undefined ? "The token relay has ended." : renderCounters(counters);
    },
  };
}

function renderCounters({ asked, fetched, failed }: RelayCounters): string {
  const vain = failed === 0 ? "" : `, ${failed} in vain`;
  return `Token relay: terraform asked for ${asked} ${asked === 1 ? "ID token" : "ID tokens"}, GitHub was asked for ${fetched}${vain}.`;
}

/** The folder comes first: what cannot be written down is not done. */
function makeFolder(tempFolder: string): string {
  try {
    return mkdtempSync(join(tempFolder, "mayfly-terraform-"));
  } catch (cause) {
    const text = `Nothing was done: RUNNER_TEMP (${tempFolder}) cannot be written. Mend the runner.`;
    throw new UserError("runner-files", text, { cause });
  }
}
