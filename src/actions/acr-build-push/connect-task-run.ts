import { renderSourceRegistry } from "../../azure/acr-tasks.ts";
import { tailLog } from "../../azure/tail-log.ts";
import { isOver, type TaskRun } from "../../azure/task-run.ts";
import { type BuildLog, createBuildLog } from "../../image/build-log.ts";
import type { BuildRequest, BuildStep } from "../../image/build-request.ts";
import { parsePlatform } from "../../image/make-index.ts";
import { classifyPushFault } from "../../image/push-fault.ts";
import { renderTask } from "../../image/task-definition.ts";
import { renderDuration } from "../../kit/duration.ts";
import { renderError } from "../../kit/error-chain.ts";
import { BuildFault } from "./builder.ts";
import { relativeTo } from "./connect-docker-log.ts";
import type { TaskSource } from "./connect-task-source.ts";
import type { TasksSite } from "./connect-tasks.ts";
import { takeValue } from "./take-value.ts";

export interface TaskOrder {
  readonly request: BuildRequest;
  readonly source: TaskSource;
  readonly name: string;
  readonly tag: string;
  readonly platform: string | undefined;
}

export interface FinishedRun {
  readonly runId: string;
  readonly platform: string | undefined;
  readonly digest: string;
  readonly steps: readonly BuildStep[];
}

/**
 * One build on ACR Tasks, its log as it comes. A cancelled job cancels the run.
 *
 * @throws BuildFault for a run that did not succeed
 */
export async function runTask(order: TaskOrder, site: TasksSite): Promise<FinishedRun> {
  const { runner, tasks } = site;
  const scheduled = await tasks.scheduleRun(renderRequest(order, site));
  runner.log.info(`Run ${scheduled.id}${order.platform === undefined ? "" : ` (${order.platform})`} is scheduled`);
  const log = createBuildLog();
  const startedAt = runner.monotonic();
  const prefix = order.request.platforms.length > 1 ? `${order.platform} | ` : "";
  let cancelling: Promise<void> | undefined;
  const cancel = (): void => {
    cancelling = tasks.cancelRun(scheduled.id).catch((error: unknown) => runner.log.warning(renderError(error)));
  };
  runner.cancelled.addEventListener("abort", cancel, { once: true });
  if (runner.cancelled.aborted) cancel();
  try {
    const run = await followRun(scheduled.id, site, (line) => {
      log.read(line, runner.monotonic() - startedAt);
      runner.log.info(`${prefix}${line}`);
    });
    if (run?.status !== "Succeeded") throw explainEnd(scheduled.id, run, log, order, site);
    return { runId: run.id, platform: order.platform, digest: await findDigest(run, order, site), steps: log.steps() };
  } finally {
    runner.cancelled.removeEventListener("abort", cancel);
    await cancelling;
  }
}

const POLL_MS = 2_000;

/** Prints a run's log and waits for its end: the log is whole some seconds before. Undefined when the job is cancelled. */
async function followRun(
  runId: string,
  { runner, tasks, blobs }: TasksSite,
  onLine: (line: string) => void,
): Promise<TaskRun | undefined> {
  const find = async (): Promise<TaskRun> => {
    const run = await tasks.findRun(runId);
    if (run === undefined) throw new BuildFault("failed", `Run ${runId} of ACR Tasks is not there any more.`);
    return run;
  };
  const { cancelled } = runner;
  const end = await tailLog({
    blobs,
    time: runner,
    cancelled,
    onLine,
    findUrl: () => tasks.findLogUrl(runId),
    isOver: async () => isOver((await find()).status),
  });
  if (end.kind === "lost")
    runner.log.warning(`The log of run ${runId} cannot be read, the build goes on: ${end.because}`);
  while (!cancelled.aborted) {
    const run = await find();
    if (isOver(run.status)) return run;
    await runner.sleep(POLL_MS);
  }
  return undefined;
}

function renderRequest(order: TaskOrder, { inputs, facts }: TasksSite) {
  const timeoutSeconds = Math.round(inputs.tasksTimeout / 1000);
  const { name, tag, platform, source } = order;
  const task = takeValue(
    renderTask(order.request, { name, tag, platform, dockerfile: source.dockerfile, timeoutSeconds }),
  );
  return {
    type: "EncodedTaskRunRequest",
    encodedTaskContent: Buffer.from(task).toString("base64"),
    sourceLocation: source.location,
    platform: platform === undefined ? { os: "linux", architecture: "amd64" } : parsePlatform(platform),
    timeout: timeoutSeconds,
    isArchiveEnabled: false,
    credentials: { sourceRegistry: renderSourceRegistry(facts) },
    ...(inputs.agentPool === undefined ? {} : { agentPoolName: inputs.agentPool }),
  } as const;
}

/** The digest that the run says that it pushed, or what its tag stands on. */
async function findDigest(run: TaskRun, { name, tag }: TaskOrder, { registries, facts }: TasksSite): Promise<string> {
  const told = run.images.find((image) => image.repository === name && image.tag === tag)?.digest;
  const digest = told ?? (await registries.registry(facts.loginServer).findManifest(name, tag))?.digest;
  if (digest === undefined)
    throw new BuildFault("transient", `Run ${run.id} succeeded, and ${name}:${tag} is not in the registry.`);
  return digest;
}

function explainEnd(
  runId: string,
  run: TaskRun | undefined,
  log: BuildLog,
  { request }: TaskOrder,
  { runner, workspace, inputs }: TasksSite,
): BuildFault {
  const steps = log.steps();
  if (run === undefined || runner.cancelled.aborted)
    return new BuildFault("cancelled", "The job was cancelled.", { steps });
  if (run.status === "Timeout") {
    const text = `Run ${runId} of ACR Tasks took longer than tasks-timeout (${renderDuration(inputs.tasksTimeout)}). Give it more: tasks-timeout: 2h`;
    return new BuildFault("failed", text, { steps });
  }
  if (run.status === "Canceled")
    return new BuildFault("failed", `Run ${runId} of ACR Tasks was cancelled by somebody else.`, { steps });
  const fault = log.fault();
  const said = [fault.message, run.error ?? ""].filter((text) => text !== "").join("; ");
  if (run.status === "Error")
    return new BuildFault("transient", `The agent of run ${runId} broke down: ${said}`, { steps });
  if (/unable to understand line FROM/.test([...fault.lastLines, said].join("\n"))) {
    const text = `ACR Tasks cannot read a FROM with --platform or quotes (Azure/acr#697): ${said}\nUse builder: buildx.`;
    return new BuildFault("failed", text, { steps });
  }
  const place = fault.line === undefined ? undefined : { file: relativeTo(workspace, request.file), line: fault.line };
  const text = `Run ${runId} of ACR Tasks failed: ${[said, ...fault.lastLines.slice(-5)].join("\n")}`;
  return new BuildFault(place === undefined ? classifyPushFault(said).kind : "failed", text, { place, steps });
}
