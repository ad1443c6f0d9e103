import type { RunJob } from "../../github/run-jobs.ts";
import type { CommentState } from "../../preview/comment-state.ts";
import { type Deployed, readDeployed } from "../../preview/deployed.ts";
import type { Environment } from "../../preview/environment.ts";
import { findFailed, findOutput, type NeededJob, readNeeds } from "../../preview/needed-jobs.ts";
import { findSharedPlace, type SharedPlace } from "../../preview/shared-place.ts";
import { readSmokeRows } from "../../preview/smoke-rows.ts";
import { beginStory, type PreviewStory, type SmokeRow } from "../../preview/story.ts";
import { parseExpiry } from "../../ttl/expiry.ts";
import type { JobFacts } from "../job-facts.ts";
import { findEnvironments } from "./environments.ts";
import { listJobs, listParts, withFaults } from "./look-at-jobs.ts";
import { renderPreviewJson } from "./preview-json.ts";
import { explainDeployment, MOST_BYTES } from "./read-cause.ts";
import { readSweep } from "./read-sweep.ts";
import { redactStory } from "./redact-story.ts";
import type { Inputs, Outcome } from "./run.ts";
import { serverOf, type Target } from "./target.ts";
import { readState, writeSummary } from "./tell.ts";
import { tellPullRequest } from "./tell-pull-request.ts";
import type { World } from "./world.ts";

/**
 * Tells how a deployment went. The run's page and preview.json have it in any case; the pull request hears of it unless
 * a newer commit, a closed pull request or somebody's `/destroy` makes it untrue. What cannot be told is a warning: the
 * deployment stands, or failed, all the same.
 */
export async function reportDeployment(target: Target, inputs: Inputs, job: JobFacts, world: World): Promise<Outcome> {
  const needs = readNeeds(inputs.needs ?? {});
  const phase = phaseOf(inputs.outcome, needs);
  const outputs = { environment: target.environment, "pull-request": target.pullRequest };
  if (phase === undefined) {
    world.log.info("Nothing was to be deployed: there is nothing to tell.");
    return { outputs };
  }
  const place = { repository: job.repository, ...target };
  const [before, standing, jobs] = await Promise.all([
    readState(place, world),
    findStanding(target, job, world),
    listJobs(job, world),
  ]);
  const told = await tellStory(phase, { before, standing, jobs }, { target, inputs, job, needs }, world);
  const story = redactStory(told, world.redact);
  await writeSummary(story, world);
  const path = await world.writePreview(renderPreviewJson(story));
  const commentUrl = await tellPullRequest(story, { ...before, ...noteShared(story, standing, world) }, inputs, world);
  return { outputs: { ...outputs, "head-sha": story.headSha, "preview-path": path, "comment-url": commentUrl } };
}

type Told = "ready" | "failed";

/** Undefined where nothing was to be deployed: the gate has said why. */
function phaseOf(outcome: Inputs["outcome"], needs: readonly NeededJob[]): Told | undefined {
  if (outcome === "success") return "ready";
  if (outcome === "failure" || outcome === "cancelled" || findFailed(needs) !== undefined) return "failed";
  const decision = findOutput(needs, "decision");
  const meant = decision === "create" || decision === "update" || (decision === "" && outcome === "skipped");
  // It was to be deployed, and a step before came in between.
  return meant ? "failed" : undefined;
}

interface Facts {
  readonly target: Target;
  readonly inputs: Inputs;
  readonly job: JobFacts;
  readonly needs: readonly NeededJob[];
}

/** What stands of an environment, as far as it could be seen. */
interface Standing {
  readonly environment: Environment | undefined;
  readonly seen: boolean;
}

interface Before {
  readonly before: CommentState;
  readonly standing: Standing;
  readonly jobs: readonly RunJob[];
}

/** Where the teardown has to look; what was noted before stays where nobody knows better. */
function noteShared(
  { place }: PreviewStory,
  { environment, seen }: Standing,
  { namespaces }: Pick<World, "namespaces">,
): Partial<SharedPlace> {
  if (!seen) return {};
  return findSharedPlace(place, { given: namespaces !== undefined, groups: environment?.groups ?? [] }) ?? {};
}

async function tellStory(
  phase: Told,
  { before, standing, jobs }: Before,
  { target, inputs, job, needs }: Facts,
  world: World,
): Promise<PreviewStory> {
  const deployed = readDeployed(inputs.deployment ?? {});
  const expiresAt = latestOf(readEnd(deployed.expiresAt), standing.environment?.expiresAt);
  const explained = phase === "ready" ? undefined : await explainDeployment(deployed, inputs.outcome, needs, world);
  return beginStory({
    phase,
    now: world.now(),
    repository: job.repository,
    serverUrl: serverOf(job),
    ...target,
    headSha: (inputs.headSha ?? (findOutput(needs, "head-sha") || job.headSha)).toLowerCase(),
    url: deployed.url || (standing.environment === undefined ? "" : (before.url ?? "")),
    expiresAt,
    sweep: expiresAt === undefined ? undefined : readSweep(inputs.cleanupSchedule, expiresAt),
    place: { ...deployed.place, subscriptionId: world.azure?.subscriptionId ?? "" },
    release: deployed.release,
    images: deployed.images,
    smoke: await readSmoke(deployed, world),
    cause: explained && withFaults(explained, jobs),
    parts: listParts(jobs, world.now()),
    notes: noteRollback(deployed),
    durationMs: deployed.durationMs,
    runUrl: job.runUrl,
    state: "",
  });
}

/** What stands says itself when it ends: somebody may have extended it meanwhile. */
async function findStanding({ environment }: Target, { repositoryId }: JobFacts, world: World): Promise<Standing> {
  if (world.azure === undefined) return { environment: undefined, seen: false };
  const { environments, unseen } = await findEnvironments(repositoryId, world);
  if (unseen !== undefined) world.log.info(`When the environment ends could not be read: ${unseen.message}`);
  return { environment: environments.get(environment), seen: unseen === undefined };
}

function readEnd(text: string): Date | undefined {
  const expiry = parseExpiry(text);
  return "at" in expiry ? expiry.at : undefined;
}

function latestOf(one: Date | undefined, other: Date | undefined): Date | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}

async function readSmoke({ smokeReportPath, urlReportPath }: Deployed, world: World): Promise<readonly SmokeRow[]> {
  const rows: SmokeRow[] = [];
  for (const path of [smokeReportPath, urlReportPath]) {
    if (path === "") continue;
    const found = readSmokeRows((await world.readFile(path, MOST_BYTES)) ?? "");
    if (found === undefined) world.log.info(`${path} is no report of a smoke test, and left out.`);
    else rows.push(...found);
  }
  return rows;
}

function noteRollback({ release }: Deployed): readonly string[] {
  if (release?.status !== "rolled-back") return [];
  return [`The release ${release.name} went back to the revision that was deployed before: that one answers.`];
}
