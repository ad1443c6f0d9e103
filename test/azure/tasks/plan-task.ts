import { asObject, type Json } from "../wire.ts";
import { hasAliases } from "./aliases.ts";
import { dockerBuildTask } from "./docker-build.ts";
import { TaskFailure } from "./failure.ts";
import type { RunLog } from "./log.ts";
import type { RunRequest } from "./request.ts";
import type { Task } from "./task.ts";
import { parseTask } from "./task-yaml.ts";

/** What a template may ask of the run it is in. */
export interface RunFacts {
  readonly runId: string;
  readonly loginServer: string;
  readonly now: Date;
  readonly log: RunLog;
}

/** Makes the task that a request asks for. @throws TaskFailure where it is none */
export async function planTask(request: RunRequest, { runId, loginServer, now, log }: RunFacts): Promise<Task> {
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
  if (hasAliases(request.task)) {
    log.say(
      "Alias support enabled for version >= 1.1.0, please see https://aka.ms/acr/tasks/task-aliases for more information.",
    );
  }
  return parseTask(request.task, { ...base, Values: await readValues(request.valuesFile, request.values) });
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
