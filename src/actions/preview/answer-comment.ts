import { listClauses } from "../../kit/error-chain.ts";
import { COMMENT_BUDGET } from "../../kit/markdown.ts";
import { addNote } from "../../preview/comment-note.ts";
import { NO_STATE, renderState } from "../../preview/comment-state.ts";
import { environmentOf } from "../../preview/pull-request.ts";
import { beginStory, markerOf } from "../../preview/story.ts";
import { words } from "../render-text.ts";
import { renderComment } from "./render-comment.ts";
import type { World } from "./world.ts";

/** Says something in the pull request's comment, and leaves all else there. What cannot be said is said in the log. */
export async function answerComment(pullRequest: number, text: string, world: World): Promise<void> {
  const { github, log } = world;
  const job = await world.readJob();
  const environment = environmentOf(pullRequest);
  const { repository } = job;
  const marker = markerOf(environment);
  try {
    const stands = await github.ownComments.find(repository, pullRequest, marker);
    const story = beginStory({
      phase: "kept",
      now: world.now(),
      repository,
      serverUrl: job.environment["GITHUB_SERVER_URL"] ?? "https://github.com",
      pullRequest,
      environment,
      reason: text,
      runUrl: job.runUrl,
      state: renderState(NO_STATE),
    });
    const body =
      stands === undefined ? renderComment(story, COMMENT_BUDGET) : addNote(stands.body, words(text), COMMENT_BUDGET);
    if (body !== undefined) await github.comments.write({ repository, issue: pullRequest, marker, body });
  } catch (error) {
    log.notice(`The answer could not be written: ${listClauses(error).join(": ")}`);
  }
}
