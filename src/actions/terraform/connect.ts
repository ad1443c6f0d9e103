import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connectGitHub } from "../../github/connect-github.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolderSync } from "../../kit/scratch-folder.ts";
import { readJob } from "../read-job.ts";
import { connectAzure, type LateAzure } from "./connect-azure.ts";
import { connectFiles } from "./connect-files.ts";
import { connectRecord } from "./connect-record.ts";
import { connectTool } from "./connect-tool.ts";
import type { spec } from "./spec.ts";
import { FOLDER_STATE } from "./state.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** The world of main: a scratch folder that post finds, terraform, Azure and GitHub as far as there is a login. */
export function connect(runner: Runner, inputs: Inputs): World {
  const folder = makeScratchFolderSync({ prefix: "mayfly-terraform-" }, runner.tempFolder);
  runner.saveState(FOLDER_STATE, folder);
  return connectIn(runner, inputs, { folder, prefix: "" });
}

/** The same in a folder that is there already. */
export function connectIn(
  runner: Runner,
  inputs: Inputs,
  { folder, prefix }: { readonly folder: string; readonly prefix: string },
): World {
  const azure = connectAzure(runner, inputs);
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
    openTool: connectTool({ runner, logFolder: folder, prefix, whileItRuns: () => loadTheRest(azure, inputs) }),
    startRelay: async () => (await import("./start-relay.ts")).startRelay(runner, folder),
    dataFolder: (key) => {
      const name = createHash("sha256").update(key).digest("hex").slice(0, 16);
      const data = join(runner.tempFolder, `mayfly-terraform-data-${name}`);
      mkdirSync(data, { recursive: true, mode: 0o700 });
      return data;
    },
    record: connectRecord(folder, runner, prefix !== ""),
    azure,
    github: connectTo(runner, inputs),
  };
}

/** What the first call of terraform does not need comes while it runs. Who needs it gets the fault, if there is one. */
function loadTheRest(azure: LateAzure | undefined, { environment, ttl, backendConfig }: Inputs): void {
  const soon = { groups: environment !== undefined && ttl !== undefined, state: backendConfig.length > 0 };
  for (const loaded of [import("./after-init.ts"), azure?.prepare(soon)]) loaded?.catch(() => undefined);
}

function connectTo(runner: Runner, { githubToken }: Inputs): World["github"] {
  if (githubToken === undefined) return undefined;
  const { environment, cancelled, mask, log } = runner;
  const time = { ...runner, random: Math.random, left: () => Number.POSITIVE_INFINITY };
  return connectGitHub({ token: githubToken, environment, time, cancelled, mask, warn: log.warning });
}
