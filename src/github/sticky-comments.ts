import { listClauses } from "../kit/error-chain.ts";
import { COMMENT_BUDGET } from "../kit/markdown.ts";
import { UserError } from "../kit/user-error.ts";
import { isSame, type Viewer } from "./author.ts";
import { type Comment, type CommentApi, connectComments } from "./comment-api.ts";
import { beginningWith, chooseComment, says } from "./decide-comment.ts";
import { explainRefusal, GitHubRefusal, GitHubSilence } from "./refusal.ts";
import type { StickyComment, StickyComments } from "./repository-api.ts";
import type { Session } from "./session.ts";

/** After so many looks the rest is left to the next write. */
const LOOKS = 5;

/**
 * Comments that are brought to what they should be by looking, doing what is missing, and looking again: nothing that
 * GitHub offers makes a comment only when there is none.
 */
export function connectStickyComments(session: Session): StickyComments {
  let known: Viewer | undefined;
  return {
    write: async (comment) => {
      const { repository, issue, marker } = comment;
      const body = comment.body.startsWith(marker) ? comment.body : `${marker}\n${comment.body}`;
      const place = `${repository}#${issue}`;
      if (body.length > COMMENT_BUDGET) throw tooLong(place, body.length);
      const api = connectComments(session, repository, issue);
      const viewer = async (): Promise<Viewer> => {
        known ??= await api.viewer();
        return known;
      };
      const writing = {
        ...session,
        api,
        viewer,
        // What the token has just made tells whose it is.
        made: ({ author }: Comment) => {
          known = author ?? known;
        },
      };
      try {
        return await settle({ ...comment, body }, writing);
      } catch (error) {
        throw explainRefusal({ clause: `Cannot comment on ${place}`, permission: "pull-requests: write" }, error);
      }
    },
  };
}

interface Writing extends Pick<Session, "warn" | "sleep"> {
  readonly api: CommentApi;
  viewer(): Promise<Viewer>;
  made(comment: Comment): void;
}

async function settle(wanted: StickyComment, writing: Writing): Promise<string | undefined> {
  const { api, warn } = writing;
  const { onlyExisting = false, body, marker } = wanted;
  /** The comment that holds our text: who changes it after us has news. */
  let written: Comment | undefined;
  let last: Comment | undefined;
  let failure: unknown;
  for (let look = 1; look <= LOOKS; look += 1) {
    const { keep, hide } = chooseComment(await listOurs(marker, writing, written));
    if (keep === undefined) {
      if (onlyExisting) return undefined;
      try {
        written = await api.create(body);
        writing.made(written);
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

/** Those of ours with the one that was just made, since a list may be a little behind; and which of them are hidden. */
async function listOurs(
  marker: string,
  { api, viewer }: Writing,
  written: Comment | undefined,
): Promise<readonly Comment[]> {
  const candidates = beginningWith(await api.list(), marker);
  const missing = written !== undefined && !candidates.some(({ id }) => id === written.id);
  const found = missing ? await api.find(written.id) : undefined;
  const all = found === undefined ? candidates : [...candidates, found];
  if (all.length === 0) return [];
  const whose = await viewer();
  const ours = all.filter(({ id, author }) => id === written?.id || isSame(whose, author));
  const untold = ours.filter(({ hidden }) => hidden === undefined).map(({ nodeId }) => nodeId);
  const hidden = untold.length === 0 ? new Set() : await api.listHidden(untold);
  return ours.map((each) => ({ ...each, hidden: each.hidden ?? hidden.has(each.nodeId) }));
}

/** Whether nobody knows what became of a request. */
function isUnsure(error: unknown): boolean {
  return error instanceof GitHubSilence || (error instanceof GitHubRefusal && error.answer.status >= 500);
}

function tooLong(place: string, length: number): UserError {
  const text = `Cannot comment on ${place}: the text has ${length} characters, and GitHub takes ${COMMENT_BUDGET}. Shorten it.`;
  return new UserError("comment-too-long", text);
}
