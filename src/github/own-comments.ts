import { isSame } from "./author.ts";
import { type Comment, type CommentApi, connectComments } from "./comment-api.ts";
import { beginningWith, chooseComment } from "./decide-comment.ts";
import type { Identity } from "./identity.ts";
import type { OwnComments } from "./preview-api.ts";
import { explainRefusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/** Comments of ours as they stand: what a sticky comment holds, for whoever goes on from there. */
export function connectOwnComments(session: Session, identity: Identity): OwnComments {
  return {
    find: async (repository, issue, marker) => {
      const attempted = {
        clause: `Cannot read the comments of ${repository}#${issue}`,
        permission: "pull-requests: read",
      };
      const api = connectComments(session, repository, issue);
      try {
        const { keep } = chooseComment(await listOurs(marker, api, identity));
        return keep && { id: keep.id, body: keep.body, url: keep.url };
      } catch (error) {
        throw explainRefusal(attempted, error);
      }
    },
  };
}

/**
 * The comments of ours that begin with the marker, and which of them are hidden. With the one that was just made, since
 * a list may be a little behind.
 */
export async function listOurs(
  marker: string,
  api: Pick<CommentApi, "list" | "find" | "listHidden">,
  identity: Identity,
  written?: Comment,
): Promise<readonly Comment[]> {
  const candidates = beginningWith(await api.list(), marker);
  const missing = written !== undefined && !candidates.some(({ id }) => id === written.id);
  const found = missing ? await api.find(written.id) : undefined;
  const all = found === undefined ? candidates : [...candidates, found];
  if (all.length === 0) return [];
  const whose = await identity.viewer();
  const ours = all.filter(({ id, author }) => id === written?.id || isSame(whose, author));
  const untold = ours.filter(({ hidden }) => hidden === undefined).map(({ nodeId }) => nodeId);
  const hidden = untold.length === 0 ? new Set() : await api.listHidden(untold);
  return ours.map((each) => ({ ...each, hidden: each.hidden ?? hidden.has(each.nodeId) }));
}
