import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectGitHub } from "../../github/connect-github.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolder } from "../../kit/scratch-folder.ts";
import { readEvent } from "../github-event.ts";
import { readJob } from "../read-job.ts";
import { connectAzure } from "./connect-azure.ts";
import { connectLateNamespaces } from "./connect-namespaces.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** The world of a preview's commands: GitHub with the job's token, Azure and a cluster as far as there is a login. */
export function connect(runner: Runner, inputs: InputsOf<typeof spec>): World {
  const { environment, cancelled, mask, log } = runner;
  const time = { ...runner, random: Math.random, left: () => Number.POSITIVE_INFINITY };
  const azure = connectAzure(runner, inputs);
  return {
    github: connectGitHub({ token: inputs.githubToken, environment, time, cancelled, mask, warn: log.warning }),
    azure: azure?.world,
    // A fork's run names the cluster, too, and has nothing to ask it with.
    namespaces: azure && connectLateNamespaces(inputs, azure),
    readJob: () => readJob(runner),
    readEvent: () => readEvent(environment["GITHUB_EVENT_PATH"]),
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: (milliseconds) => runner.sleep(milliseconds),
    cancelled,
    log,
    redact: runner.redact,
    summarize: runner.summarize,
    readFile: async (path, mostBytes) => {
      const found = await stat(path).catch(() => undefined);
      return found?.isFile() && found.size <= mostBytes ? readFile(path, "utf8") : undefined;
    },
    listFiles: async (folder) => {
      const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
      const names = found.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
      return names.toSorted().map((name) => join(folder, name));
    },
    writePreview: async (json) => {
      const folder = await makeScratchFolder({ prefix: "mayfly-preview-", maker: "preview" }, runner.tempFolder);
      const path = join(folder, "preview.json");
      await writeFile(path, runner.redact(json), { mode: 0o600 });
      return path;
    },
  };
}
