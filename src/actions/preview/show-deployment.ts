import type { Deployment, DeploymentStatus } from "../../github/preview-api.ts";
import type { PreviewStory } from "../../preview/story.ts";
import { sayHeadline } from "./render-headline.ts";
import { readAddress } from "./render-link.ts";
import type { World } from "./world.ts";

/** Where GitHub shows deployments. */
export interface Stage {
  readonly repository: string;
  /** The one static GitHub environment. */
  readonly environment: string;
}

/** More than these are inactive since an earlier run. */
const MOST_INACTIVATED = 5;

/**
 * Shows the deployment on the commit, with its address; a run that is started again says it of the one that is there.
 * Older ones of the same preview become inactive, unless this one failed: then what was there before may still run.
 */
export async function showDeployment(
  story: PreviewStory,
  { repository, environment }: Stage,
  { github }: Pick<World, "github">,
): Promise<void> {
  const { headSha } = story;
  if (headSha === "") return;
  const task = taskOf(story);
  const all = await github.deployments.list(repository, environment, task);
  const own =
    all.find(({ sha }) => sha.toLowerCase() === headSha.toLowerCase()) ??
    (await github.deployments.create(repository, { sha: headSha, environment, task, payload: payloadOf(story) }));
  await github.deployments.setStatus(repository, own.id, statusOf(story));
  if (story.phase === "ready")
    await endOthers(
      all.filter(({ id }) => id !== own.id),
      repository,
      github,
    );
}

function payloadOf({ pullRequest, environment }: PreviewStory): object {
  return { mayfly: 1, environment, pullRequest };
}

function statusOf(story: PreviewStory): DeploymentStatus {
  const { url, runUrl } = story;
  return {
    state: story.phase === "ready" ? "success" : "failure",
    description: sayHeadline(story),
    ...(readAddress(url) === undefined ? {} : { environmentUrl: url }),
    ...(readAddress(runUrl) === undefined ? {} : { logUrl: runUrl }),
  };
}

async function endOthers(
  others: readonly Deployment[],
  repository: string,
  { deployments }: World["github"],
): Promise<void> {
  for (const { id } of others.slice(0, MOST_INACTIVATED)) {
    await deployments.setStatus(repository, id, { state: "inactive", description: "" });
  }
}

/** Takes the deployments of a preview that is gone off the pull request and the environment's page. */
export async function removeDeployments(
  story: PreviewStory,
  { repository, environment }: Stage,
  { github }: Pick<World, "github">,
): Promise<void> {
  for (const { id } of await github.deployments.list(repository, environment, taskOf(story))) {
    await github.deployments.delete(repository, id);
  }
}

/** Nobody should follow an address that is half gone. */
export async function endDeployments(
  story: PreviewStory,
  { repository, environment }: Stage,
  { github }: Pick<World, "github">,
): Promise<void> {
  await endOthers(await github.deployments.list(repository, environment, taskOf(story)), repository, github);
}

function taskOf({ environment }: PreviewStory): string {
  return `mayfly:${environment}`;
}
