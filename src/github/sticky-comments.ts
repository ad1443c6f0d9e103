import { listClauses } from "../kit/error-chain.ts";
import { COMMENT_BUDGET } from "../kit/markdown.ts";
import { UserError } from "../kit/user-error.ts";
import { type Comment, type CommentApi, connectComments } from "./comment-api.ts";
import { chooseComment, says } from "./decide-comment.ts";
import type { Identity } from "./identity.ts";
import { isUnsure } from "./make-once.ts";
import { listOurs } from "./own-comments.ts";
import { explainRefusal } from "./refusal.ts";
import type { StickyComment, StickyComments } from "./repository-api.ts";
import type { Session } from "./session.ts";

/** After so many looks the rest is left to the next write. */
const LOOKS = 5;

/**
 * Comments that are brought to what they should be by looking, doing what is missing, and looking again: nothing that
 * GitHub offers makes a comment only when there is none.
 */
export function connectStickyComments(session: Session, identity: Identity): StickyComments {
  return {
    write: async (comment) => {
      const { repository, issue, marker } = comment;
      const body = comment.body.startsWith(marker) ? comment.body : `${marker}\n${comment.body}`;
      const place = `${repository}#${issue}`;
      if (body.length > COMMENT_BUDGET) throw tooLong(place, body.length);
      const api = connectComments(session, repository, issue);
      try {
        return await settle({ ...comment, body }, { ...session, api, identity });
      } catch (error) {
        throw explainRefusal({ clause: `Cannot comment on ${place}`, permission: "pull-requests: write" }, error);
      }
    },
  };
}

interface Writing extends Pick<Session, "warn" | "sleep"> {
  readonly api: CommentApi;
  readonly identity: Identity;
}

async function settle(wanted: StickyComment, writing: Writing): Promise<string | undefined> {
  const { api, identity, warn } = writing;
  const { onlyExisting = false, body, marker } = wanted;
  /** The comment that holds our text: who changes it after us has news. */
  let written: Comment | undefined;
  let last: Comment | undefined;
  let failure: unknown;
  for (let look = 1; look <= LOOKS; look += 1) {
    const { keep, hide } = chooseComment(await listOurs(marker, api, identity, written));
    if (keep === undefined) {
      if (onlyExisting) return undefined;
      try {
        written = await api.create(body);
        // What the token has just made tells whose it is.
        identity.learn(written.author);
      } catch (error) {
        if (!isUnsure(error)) throw error;
        // It may stand there all the same: the next look tells.
        failure = error;
        await writing.sleep(look * 1_000);
      }
      continue;
    }
    last = keep;
    if (keep.id !== written?.id && !says(keep, body) && !(await api.edit(keep.id, body))) continue;
    written = keep;
    try {
      if (keep.hidden === true && !onlyExisting) await api.show(keep.nodeId);
      for (const { nodeId } of hide) await api.hide(nodeId);
    } catch (error) {
      // What had to be said is said.
      warn(
        `Comments of ours on ${wanted.repository}#${wanted.issue} stay as they are: ${listClauses(error).join(": ")}`,
      );
      break;
    }
    if (hide.length === 0) break;
  }
  const found = last ?? written;
  if (found === undefined) throw failure;
  return found.url;
}

function tooLong(place: string, length: number): UserError {
  const text = `Cannot comment on ${place}: the text has ${length} characters, and GitHub takes ${COMMENT_BUDGET}. Shorten it.`;
  return new UserError("comment-too-long", text);
}
