import { parseState, renderState } from "../../preview/comment-state.ts";
import { markerOf, type Sweep } from "../../preview/story.ts";
import { renderExpiryLine } from "./render-when.ts";
import type { World } from "./world.ts";

/** A new end, and whose. */
export interface NewEnd {
  readonly repository: string;
  readonly pullRequest: number | undefined;
  readonly environment: string;
  readonly expiresAt: Date;
  readonly sweep: Sweep | undefined;
  readonly now: Date;
}

/** Writes the new end into the comment, and leaves all else in it. Nothing where there is none. */
export async function changeExpiry(told: NewEnd, { github }: Pick<World, "github">): Promise<string | undefined> {
  const { repository, pullRequest, environment } = told;
  if (pullRequest === undefined) return undefined;
  const marker = markerOf(environment);
  const comment = await github.ownComments.find(repository, pullRequest, marker);
  if (comment === undefined) return undefined;
  const body = replaceExpiry(comment.body, told);
  return github.comments.write({ repository, issue: pullRequest, marker, body, onlyExisting: true });
}

const EXPIRY_LINE = /^Expire[sd] \*\*.*$/m;
const HEADLINE = /^#{2,3} .*$/m;

/** A body with another end in its text and in its state. A line that somebody has taken out comes back. */
export function replaceExpiry(text: string, told: NewEnd): string {
  const body = text.replaceAll("\r\n", "\n");
  const line = renderExpiryLine(told);
  const state = parseState(body);
  // Functions, since a replacement text reads "$&" as what was found.
  const kept =
    state === undefined
      ? body
      : body.replace(/<!-- mayfly:state .*? -->/, () => renderState({ ...state, expiresAt: told.expiresAt }));
  return EXPIRY_LINE.test(kept)
    ? kept.replace(EXPIRY_LINE, () => line)
    : kept.replace(HEADLINE, (headline) => `${headline}\n\n${line}`);
}
