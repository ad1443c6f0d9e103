import { COMMENT_BUDGET, SUMMARY_BUDGET_BYTES } from "../../kit/markdown.ts";
import { type CommentState, NO_STATE, parseState, renderState } from "../../preview/comment-state.ts";
import { markerOf, type PreviewPhase, type PreviewStory } from "../../preview/story.ts";
import { attempt } from "./attempt.ts";
import { renderComment } from "./render-comment.ts";
import { renderSummary } from "./render-summary.ts";
import type { World } from "./world.ts";

const GONE: ReadonlySet<PreviewPhase> = new Set(["destroyed"]);

/** What the pull request's comment keeps; nothing is known where there is none, or it cannot be read. */
export async function readState(
  { repository, pullRequest, environment }: Pick<PreviewStory, "repository" | "pullRequest" | "environment">,
  world: Pick<World, "github" | "log" | "redact">,
): Promise<CommentState> {
  if (pullRequest === undefined) return NO_STATE;
  const comment = await attempt("The comment could not be read", world, () =>
    world.github.ownComments.find(repository, pullRequest, markerOf(environment)),
  );
  return (comment && parseState(comment.body)) ?? NO_STATE;
}

/**
 * Writes the pull request's comment, with what it keeps for the next run. Returns its address.
 *
 * @param before what the comment kept: somebody's wish for an end stays in it
 * @param onlyExisting where nobody heard of a preview, nobody has to hear of its end
 */
export async function writeComment(
  story: PreviewStory,
  before: CommentState,
  { onlyExisting }: { readonly onlyExisting: boolean },
  world: Pick<World, "github" | "log" | "redact">,
): Promise<string | undefined> {
  const { repository, pullRequest, environment } = story;
  if (pullRequest === undefined) return undefined;
  const gone = GONE.has(story.phase);
  const state = renderState({
    ...before,
    phase: story.phase,
    headSha: story.headSha === "" ? before.headSha : story.headSha,
    url: gone ? undefined : story.url || before.url,
    expiresAt: gone ? undefined : story.expiresAt,
    queuedAt: undefined,
    cluster: gone ? undefined : before.cluster,
    namespace: gone ? undefined : before.namespace,
  });
  const body = renderComment({ ...story, state }, COMMENT_BUDGET);
  const comment = { repository, issue: pullRequest, marker: markerOf(environment), body, onlyExisting };
  return attempt("The comment could not be written", world, () => world.github.comments.write(comment));
}

/** Writes the run's page. */
export async function writeSummary(story: PreviewStory, world: Pick<World, "summarize">): Promise<void> {
  await world.summarize(renderSummary(story, SUMMARY_BUDGET_BYTES));
}
