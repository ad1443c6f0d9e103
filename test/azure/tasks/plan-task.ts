import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asObject, type Json } from "../wire.ts";
import { hasAliases } from "./aliases.ts";
import { dockerBuildTask } from "./docker-build.ts";
import { TaskFailure } from "./failure.ts";
import type { RunLog } from "./log.ts";
import type { EncodedTaskRunRequest, FileTaskRunRequest, RunRequest } from "./request.ts";
import type { Task } from "./task.ts";
import { parseTask } from "./task-yaml.ts";

/** What a template may ask of the run it is in. */
export interface RunFacts {
  readonly runId: string;
  readonly loginServer: string;
  readonly now: Date;
  readonly log: RunLog;
}

/** Makes the task that a request asks for, in the folder with its source. @throws TaskFailure where it is none */
export async function planTask(request: RunRequest, workspace: string, facts: RunFacts): Promise<Task> {
  const { runId, loginServer, now, log } = facts;
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  const run = {
    ...{
      ID: runId,
      Commit: "",
      Repository: "",
      Branch: "",
      GitTag: "",
      TriggeredBy: "Manual",
      SharedVolume: "acb_vol",
    },
    ...{
      Registry: loginServer,
      RegistryName: loginServer.split(".")[0],
      Date: `${stamp}z`,
      OS: "linux",
      OSVersion: "",
    },
    ...{ Architecture: request.platform.architecture, TaskName: "quickrun" },
  };
  const base = { Run: run, Build: { ID: runId } };
  if (request.type === "DockerBuildRequest") return dockerBuildTask(request, loginServer, { ...base, Values: {} });
  const { text, values } =
    request.type === "EncodedTaskRunRequest" ? encoded(request) : await files(request, workspace);
  if (hasAliases(text)) {
    log.say(
      "Alias support enabled for version >= 1.1.0, please see https://aka.ms/acr/tasks/task-aliases for more information.",
    );
  }
  return parseTask(text, { ...base, Values: await readValues(values, request.values) });
}

interface TaskText {
  readonly text: string;
  /** YAML, empty where there is none. */
  readonly values: string;
}

function encoded({ task, valuesFile }: EncodedTaskRunRequest): TaskText {
  return { text: task, values: valuesFile };
}

async function files({ taskFilePath, valuesFilePath }: FileTaskRunRequest, workspace: string): Promise<TaskText> {
  const read = (path: string) =>
    readFile(join(workspace, path), "utf8").catch(() => {
      throw new TaskFailure(`unable to load task: open ${path}: no such file or directory`);
    });
  return { text: await read(taskFilePath), values: valuesFilePath === undefined ? "" : await read(valuesFilePath) };
}

async function readValues(
  file: string,
  given: readonly { readonly name: string; readonly value: string }[],
): Promise<Json> {
  const { parse } = await import("yaml");
  const fromFile = file === "" ? {} : asObject(parse(file));
  if (fromFile === undefined) throw new TaskFailure("failed to override values: the values file is no mapping");
  return { ...fromFile, ...Object.fromEntries(given.map(({ name, value }) => [name, value])) };
}
