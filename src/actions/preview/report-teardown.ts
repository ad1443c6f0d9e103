import { listClauses } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import type { CommentState } from "../../preview/comment-state.ts";
import { findOutput, readNeeds } from "../../preview/needed-jobs.ts";
import { beginStory, type PreviewStory, type StoryCause } from "../../preview/story.ts";
import { findTeardownFault, listDone, listRemoved } from "../../preview/teardown-words.ts";
import type { JobFacts } from "../job-facts.ts";
import { attempt } from "./attempt.ts";
import { explainHidden } from "./hidden-namespace.ts";
import { renderPreviewJson } from "./preview-json.ts";
import { explainStanding, type Proof, proveGone } from "./prove-gone.ts";
import { redactStory } from "./redact-story.ts";
import type { Inputs, Outcome } from "./run.ts";
import { endDeployments, removeDeployments } from "./show-deployment.ts";
import { serverOf, type Target } from "./target.ts";
import { readState, writeComment, writeSummary } from "./tell.ts";
import type { World } from "./world.ts";

/**
 * Tells how a teardown went, by what Azure and the cluster say and not by what was tried: the receipt of what is gone, or
 * what stands and what mends that.
 */
export async function reportTeardown(
  target: Target,
  inputs: Inputs,
  teardown: Readonly<Record<string, unknown>>,
  job: JobFacts,
  world: World,
): Promise<Outcome> {
  const needs = readNeeds(inputs.needs ?? {});
  const before = await readState({ repository: job.repository, ...target }, world);
  const { proof, failure } = await lookForProof(target, before, inputs, job, world);
  const receipt = {
    done: [...listDone(teardown), ...listRemoved(findOutput(needs, "receipt"))],
    proofs: proof.proofs,
    standing: proof.standing,
  };
  const gone = failure === undefined;
  const { pullRequest } = target;
  const live =
    pullRequest === undefined
      ? undefined
      : await attempt("The pull request could not be read", world, () =>
          world.github.pulls.find(job.repository, pullRequest),
        );
  const told = beginStory({
    phase: gone ? "destroyed" : "not-gone",
    now: world.now(),
    repository: job.repository,
    serverUrl: serverOf(job),
    ...target,
    headSha: (inputs.headSha ?? findOutput(needs, "head-sha")).toLowerCase(),
    reason: findOutput(needs, "reason"),
    cause: gone ? undefined : findCause(teardown, failure, proof),
    receipt,
    notes: gone ? noteFault(teardown) : [],
    runUrl: job.runUrl,
    commands: live?.state === "open",
    state: "",
  });
  const story = redactStory(told, world.redact);
  await writeSummary(story, world);
  const path = await world.writePreview(renderPreviewJson(story));
  const commentUrl = await writeComment(story, before, { onlyExisting: true }, world);
  await showEnd(story, inputs, world);
  const outputs = {
    environment: target.environment,
    "pull-request": target.pullRequest,
    "preview-path": path,
    "comment-url": commentUrl,
    receipt: JSON.stringify(story.receipt),
  };
  return { outputs, failure };
}

interface Found {
  readonly proof: Proof;
  readonly failure: UserError | undefined;
}

/** Who cannot look tells that, too: nothing is proven then. */
async function lookForProof(
  { environment }: Target,
  before: CommentState,
  { deletionWait }: Inputs,
  job: JobFacts,
  world: World,
): Promise<Found> {
  const hidden = explainHidden(environment, before, world);
  if (hidden !== undefined) return { proof: { proofs: [], standing: [] }, failure: hidden };
  try {
    const proof = await proveGone(environment, job, deletionWait, world);
    const failure = proof.standing.length === 0 ? undefined : explainStanding(environment, proof.standing);
    return { proof, failure };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { proof: { proofs: [], standing: [] }, failure: error };
  }
}

function findCause(teardown: Readonly<Record<string, unknown>>, failure: UserError, { standing }: Proof): StoryCause {
  const fault = findTeardownFault(teardown);
  const first = standing.length === 0 ? listClauses(failure).join(": ") : "Something of it stands, as ARM says.";
  const text = fault === undefined || fault.code === "" ? first : `${first} ${fault.step} ended with ${fault.code}.`;
  return { code: failure.code, text, step: fault?.step ?? "", todo: [], log: undefined };
}

/** It is gone all the same: the fallback, or the reaper, has finished what the step left. */
function noteFault(teardown: Readonly<Record<string, unknown>>): readonly string[] {
  const fault = findTeardownFault(teardown);
  if (fault === undefined) return [];
  const told = fault.code === "" ? "" : ` (${fault.code})`;
  return [`${fault.step} failed${told} during the teardown. What it left is gone all the same.`];
}

async function showEnd(story: PreviewStory, { deploymentEnvironment }: Inputs, world: World): Promise<void> {
  if (story.pullRequest === undefined) return;
  const stage = { repository: story.repository, environment: deploymentEnvironment };
  const show = story.phase === "destroyed" ? removeDeployments : endDeployments;
  await attempt("The deployments could not be ended", world, () => show(story, stage, world));
}
