import type { RerunAnswer } from "../../github/preview-api.ts";
import { sortQueue } from "../../preview/queue.ts";
import { findEnvironments } from "./environments.ts";
import { readPolicy } from "./look.ts";
import { lookAtLine } from "./look-at-queue.ts";
import type { Command } from "./run.ts";

/** What comes of a run that cannot be started again, for people. */
const WORDS: Readonly<Record<Exclude<RerunAnswer, "started">, string>> = {
  forbidden: "the token lacks actions: write, so its next push, label or /preview starts it",
  "too-old": "its run is too old to be started again: its next push or /preview starts it",
  gone: "its run is gone: its next push or /preview starts it",
  running: "its run is not over yet, and may still find the place",
};

/**
 * Starts what is queued again, as many as there are free places, by running their runs again: each decides for itself
 * whether it may. Where the token may not, the next event does it.
 */
export const next: Command = async (inputs, world) => {
  const job = await world.readJob();
  const policy = readPolicy(inputs);
  const sight = await findEnvironments(job.repositoryId, world);
  if (sight.unseen !== undefined) return { outputs: { started: "[]" }, failure: sight.unseen };
  const line = await lookAtLine(undefined, { repository: job.repository, policy, sight }, world);
  const { queued } = line;
  const living = line.standing.length + line.started.length;
  const free = policy.maxPreviews - living;
  world.log.info(`${living} of at most ${policy.maxPreviews} previews stand, ${queued.length} are queued.`);
  const started: number[] = [];
  for (const { pullRequest, runId } of sortQueue(queued)) {
    if (started.length >= free) break;
    const answer = await world.github.reruns.start(job.repository, runId);
    if (answer === "started") {
      started.push(pullRequest);
      world.log.info(`#${pullRequest}: run ${runId} was started again.`);
      continue;
    }
    world.log.notice(`#${pullRequest} stays queued: ${WORDS[answer]}.`);
    // What one run may not, the next may not either.
    if (answer === "forbidden") break;
  }
  return { outputs: { started: JSON.stringify(started) } };
};
