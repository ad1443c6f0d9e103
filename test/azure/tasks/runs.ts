import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Caller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import type { Blobs } from "../blobs/blobs.ts";
import type { Json } from "../wire.ts";
import { type OutputImage, runTask } from "./agent.ts";
import type { BuilderFactory, RegistryLogin } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import type { RunLog } from "./log.ts";
import type { RunRequest } from "./request.ts";
import { type FinalStatus, isFinal, type RunStatus, type TaskSettings } from "./settings.ts";
import type { Task } from "./task.ts";
import { unpack } from "./unpack.ts";

/** What one run is made of. */
export interface RunPlan {
  readonly runId: string;
  /** `mayfly.azurecr.io`. */
  readonly loginServer: string;
  readonly registry: ResourceDocument;
  readonly request: RunRequest;
  readonly caller: Caller;
  readonly log: RunLog;
  /** @throws TaskFailure where the request is no task */
  readonly task: (workspace: string) => Promise<Task>;
  readonly logins: () => Promise<readonly RegistryLogin[]>;
}

export interface RunWorld {
  readonly world: ArmWorld;
  readonly blobs: Blobs;
  readonly settings: TaskSettings;
  readonly builder: () => BuilderFactory;
}

export interface Run {
  readonly plan: RunPlan;
  readonly status: RunStatus;
  /** Ends it where it has not ended: at once while it waits, else when its builder has stopped. */
  stop(status: "Canceled" | "Timeout"): void;
  /** Settles when nothing of it works any more. */
  readonly finished: Promise<void>;
}

/** Why a run's signal is aborted. */
class RunStopped extends Error {
  readonly status: "Canceled" | "Timeout";
  constructor(status: "Canceled" | "Timeout") {
    super(`the run was stopped: ${status}`);
    this.name = "RunStopped";
    this.status = status;
  }
}

/** Lets a run go from Queued to its end, by the clock and by its builder. Its document shows where it is. */
export function startRun(plan: RunPlan, document: ResourceDocument, given: RunWorld): Run {
  const { world, settings } = given;
  const { clock, timeline } = world;
  const controller = new AbortController();
  const { promise: finished, resolve: settle } = Promise.withResolvers<void>();
  let status: RunStatus = "Queued";
  let ending = false;
  let startedAt = clock.time();

  const show = (properties: Json) => {
    const before = propertiesOf(document.body);
    const now = clock.now().toISOString();
    document.body = { ...document.body, properties: { ...before, lastUpdatedTime: now, ...properties } };
  };
  const move = (to: RunStatus, properties: Json = {}) => {
    status = to;
    show({ status: to, ...properties });
  };
  const end = (outcome: FinalStatus, error: string | undefined, outputImages: readonly OutputImage[]) => {
    if (ending) return;
    ending = true;
    const seconds = Math.round((clock.time() - startedAt) / 1000);
    plan.log.print(`\n${lastLine(plan.runId, outcome, seconds, error)}\n`);
    plan.log.complete(settings.completeName, settings.completeValues[outcome]);
    const finishTime = clock.now().toISOString();
    timeline.at(clock.time() + settings.statusLagSeconds * 1000, () =>
      move(outcome, {
        finishTime,
        ...(outputImages.length === 0 ? {} : { outputImages }),
        ...(error === undefined ? {} : { runErrorMessage: error }),
      }),
    );
    settle();
  };
  const stop: Run["stop"] = (how) => {
    if (isFinal(status) || ending) return;
    if (status === "Running") controller.abort(new RunStopped(how));
    else {
      ending = true;
      move(how, { finishTime: clock.now().toISOString() });
      settle();
    }
  };
  const begin = async () => {
    startedAt = clock.time();
    move("Running", { startTime: clock.now().toISOString() });
    timeline.at(startedAt + settings.logDelaySeconds * 1000, plan.log.open);
    timeline.at(startedAt + plan.request.timeoutSeconds * 1000, () => stop("Timeout"));
    try {
      const images = await work(plan, given, controller.signal);
      end("Succeeded", undefined, images);
    } catch (failure) {
      if (failure instanceof RunStopped) end(failure.status, stopped(failure.status), []);
      else if (failure instanceof TaskFailure) {
        plan.log.print(`${failure.message}\n`);
        end("Failed", "failed during run, err: exit status 1", []);
      } else {
        plan.log.print(`${failure instanceof Error ? failure.stack : failure}\n`);
        end("Error", "internal error", []);
      }
    }
  };
  // Both from the start, so that one move of a frozen clock can pass both.
  const startsAt = clock.time() + settings.queuedSeconds * 1000;
  timeline.at(startsAt, () => {
    if (status === "Queued") move("Started");
  });
  timeline.at(startsAt + settings.startedSeconds * 1000, () => {
    if (status === "Started") void begin();
  });
  return {
    plan,
    get status() {
      return status;
    },
    stop,
    finished,
  };
}

/** What the agent does from the moment that it has the run. */
async function work(plan: RunPlan, given: RunWorld, signal: AbortSignal): Promise<readonly OutputImage[]> {
  const { blobs, settings, world } = given;
  const { log, request, runId, loginServer } = plan;
  const workspace = await mkdtemp(join(tmpdir(), "mayfly-run-"));
  try {
    if (request.sourceLocation !== undefined) {
      log.say("Downloading source code...");
      const { account, container } = log.address;
      const source = blobs.read({ account, container, name: request.sourceLocation });
      if (source === undefined)
        throw new TaskFailure("failed to download context: response status code: 404 BlobNotFound");
      await unpack(source, workspace);
      log.say("Finished downloading source code");
    }
    if (settings.agentFails) throw new Error("the agent went away");
    const task = await plan.task(workspace);
    const job = {
      ...{ runId, registry: loginServer, workspace, platform: request.platform, signal },
      now: () => world.clock.now(),
      print: (text: string) => log.print(text),
    };
    await using builder = await given.builder()(job);
    const within = (seconds: number) => {
      const step = new AbortController();
      world.timeline.at(world.clock.time() + seconds * 1000, () =>
        step.abort(new TaskFailure("context deadline exceeded")),
      );
      return AbortSignal.any([signal, step.signal]);
    };
    const time = () => world.clock.time();
    const agent = { settings, log, builder, workspace, time, signal, within };
    const images = await runTask(agent, task, await plan.logins());
    signal.throwIfAborted();
    return images;
  } catch (failure) {
    signal.throwIfAborted();
    throw failure;
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

function lastLine(runId: string, outcome: FinalStatus, seconds: number, error = ""): string {
  if (outcome === "Succeeded") return `Run ID: ${runId} was successful after ${seconds}s`;
  if (outcome === "Canceled") return `Run ID: ${runId} was canceled after ${seconds}s`;
  return `Run ID: ${runId} failed after ${seconds}s. Error: ${error}`;
}

function stopped(status: "Canceled" | "Timeout"): string {
  return status === "Timeout" ? "failed during run, err: timed out" : "the run was canceled";
}
