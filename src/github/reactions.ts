import { makeOnce } from "./make-once.ts";
import type { Reactions } from "./preview-api.ts";
import { explainRefusal, strangeAnswer } from "./refusal.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

/** Reactions to comments of issues and pull requests. */
export function connectReactions(session: Session): Reactions {
  return {
    add: async (repository, commentId, reaction) => {
      const attempted = {
        clause: `Cannot react to comment ${commentId} of ${repository}`,
        permission: "pull-requests: write",
      };
      const place = splitRepository(repository);
      const react = async () => {
        const { rest } = await session.octokit();
        const wanted = { ...place, comment_id: commentId, content: reaction };
        const { data } = await rest.reactions.createForIssueComment(wanted);
        if (data.content !== reaction) throw strangeAnswer();
      };
      try {
        // The same reaction of the same account stays one, so there is nothing to look for before another try.
        await makeOnce(session, react, async () => undefined);
      } catch (error) {
        throw explainRefusal(attempted, error);
      }
    },
  };
}
