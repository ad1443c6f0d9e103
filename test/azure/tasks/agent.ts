import { randomUUID } from "node:crypto";
import type { Builder, RegistryLogin } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import type { RunLog } from "./log.ts";
import { inOrder } from "./order.ts";
import { renderDependencies } from "./render-dependencies.ts";
import { imageParts } from "./scan.ts";
import type { TaskSettings } from "./settings.ts";
import { type Results, runStep } from "./steps.ts";
import type { Task } from "./task.ts";

/** What an agent works with. */
export interface Agent {
  readonly settings: TaskSettings;
  readonly log: RunLog;
  readonly builder: Builder;
  readonly workspace: string;
  /** Milliseconds of the emulator's clock. */
  readonly time: () => number;
  readonly signal: AbortSignal;
  /** A signal that is aborted with the run's, or after so many seconds of the clock. */
  readonly within: (seconds: number) => AbortSignal;
}

/** An image as `outputImages` of a run shows it. */
export interface OutputImage {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest: string;
}

/**
 * Runs a task as acb does (acr-builder's `RunTask`), step after step, and says so in its words.
 * @throws TaskFailure with the text that ends the log
 */
export async function runTask(
  agent: Agent,
  task: Task,
  logins: readonly RegistryLogin[],
): Promise<readonly OutputImage[]> {
  const { log, builder, time } = agent;
  log.say(`Using acb_vol_${randomUUID()} as the home volume`);
  if (task.fromYaml) {
    log.say("Creating Docker network: acb_default_network, driver: 'bridge'");
    log.say("Successfully set up Docker network: acb_default_network");
  }
  log.say("Setting up Docker configuration...");
  log.say("Successfully set up Docker configuration");
  for (const login of logins) {
    log.say(`Logging in to registry: ${login.host}`);
    await builder.login(login);
    log.say(`Successfully logged into ${login.host}`);
  }
  const results: Results = { pushed: new Map(), scanned: new Map() };
  const seconds = new Map<string, number>();
  for (const step of inOrder(task.steps)) {
    const started = time();
    try {
      await runStep(agent, step, task.fromYaml, results);
    } catch (failure) {
      agent.signal.throwIfAborted();
      if (!(failure instanceof TaskFailure)) throw failure;
      if (!step.ignoreErrors) throw new TaskFailure(`failed to run step ID: ${step.id}: ${failure.message}`);
      log.say(
        `Step ID: ${step.id} encountered an error: ${failure.message}, but is set to ignore errors. Continuing...`,
      );
    }
    seconds.set(step.id, (time() - started) / 1000);
  }
  for (const { id } of task.steps) {
    log.say(`Step ID: ${id} marked as successful (elapsed time in seconds: ${(seconds.get(id) ?? 0).toFixed(6)})`);
    if (!results.scanned.has(id)) continue;
    log.say(`Populating digests for step ID: ${id}...`);
    log.say(`Successfully populated digests for step ID: ${id}`);
  }
  const found = [...results.scanned.values()].flatMap(({ fields, dependencies }) =>
    fields.tags.map((tag) => renderDependencies(tag, dependencies, results.pushed.get(tag))),
  );
  if (found.length > 0) {
    log.say("The following dependencies were found:");
    log.print(`${found.join("")}\n`);
  }
  return [...results.pushed].map(([image, { digest }]) => ({ ...imageParts(image), digest }));
}
