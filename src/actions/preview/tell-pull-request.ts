import type { CommentState } from "../../preview/comment-state.ts";
import type { PreviewStory } from "../../preview/story.ts";
import { attempt } from "./attempt.ts";
import { CHECK } from "./look-at-queue.ts";
import { sayHeadline } from "./render-headline.ts";
import { readAddress } from "./render-link.ts";
import { renderSummary } from "./render-summary.ts";
import type { Inputs } from "./run.ts";
import { showDeployment } from "./show-deployment.ts";
import { writeComment } from "./tell.ts";
import type { World } from "./world.ts";

/**
 * Tells the pull request of a deployment: comment, deployment and check, unless a newer commit, a close or somebody's
 * `/destroy` has made it untrue. Returns the comment's address.
 */
export async function tellPullRequest(
  story: PreviewStory,
  before: CommentState,
  { deploymentEnvironment }: Pick<Inputs, "deploymentEnvironment">,
  world: World,
): Promise<string | undefined> {
  const { pullRequest, repository } = story;
  if (pullRequest === undefined) return undefined;
  const silence = await findSilence(story, before, world);
  if (silence !== undefined) {
    world.log.notice(`${story.environment}: ${silence}. The comment is left to the run that knows better.`);
    return undefined;
  }
  const url = await writeComment(story, before, { onlyExisting: false }, world);
  const stage = { repository, environment: deploymentEnvironment };
  // One after the other, as GitHub wants it of those who write.
  await attempt("The deployment could not be shown", world, () => showDeployment(story, stage, world));
  await attempt("The check could not be written", world, () => writeCheck(story, url, world));
  return url;
}

/** Why our words would be untrue by now; undefined while they are true, as far as anybody knows. */
async function findSilence(
  { pullRequest, repository, headSha }: PreviewStory,
  before: CommentState,
  world: World,
): Promise<string | undefined> {
  const number = pullRequest ?? 0;
  const live = await attempt("The pull request could not be read", world, () =>
    world.github.pulls.find(repository, number),
  );
  if (live?.state === "closed") return "the pull request was closed meanwhile";
  if (live !== undefined && headSha !== "" && live.headSha.toLowerCase() !== headSha) {
    return `the pull request has moved on to ${live.headSha.slice(0, 7)}`;
  }
  return before.destroyAskedAt === undefined ? undefined : "somebody has asked for its end meanwhile";
}

/** The gate's check says "started", and holds a place; by now there is more to say. */
async function writeCheck(story: PreviewStory, commentUrl: string | undefined, { github }: World) {
  if (story.headSha === "") return;
  const ready = story.phase === "ready";
  const details = ready && readAddress(story.url) !== undefined ? story.url : commentUrl;
  await github.checks.write(story.repository, {
    name: CHECK,
    headSha: story.headSha,
    conclusion: ready ? "success" : "failure",
    title: sayHeadline(story),
    summary: renderSummary(story, CHECK_BUDGET),
    externalId: "",
    ...(details === undefined ? {} : { detailsUrl: details }),
  });
}

/** "Only 65535 characters are allowed". */
const CHECK_BUDGET = 60_000;
