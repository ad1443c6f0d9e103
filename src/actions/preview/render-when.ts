import { renderDuration } from "../../kit/duration.ts";
import type { PreviewStory } from "../../preview/story.ts";

/** `22 Nov 2026, 14:20 UTC`. */
function renderDate(at: Date): string {
  const [, day, month, year, clock = ""] = at.toUTCString().split(" ");
  return `${day} ${month} ${year}, ${clock.slice(0, 5)} UTC`;
}

/** `22 Nov 2026, 14:20 UTC (in 5h)`. */
function renderEnd(at: Date, now: Date): string {
  const span = renderDuration(at.getTime() - now.getTime());
  return `**${renderDate(at)}** (${at > now ? `in ${span}` : `${span} ago`})`;
}

type End = Pick<PreviewStory, "expiresAt" | "sweep" | "now" | "pullRequest">;

/**
 * When it ends, and when it is really gone: nothing happens at the end itself, but in the reaper's next sweep. Empty
 * without an end.
 */
export function renderExpiryLine(end: End): string {
  const { expiresAt, now } = end;
  return expiresAt === undefined ? "" : `${expiresAt > now ? "Expires" : "Expired"} ${renderExpiryWords(end)}`;
}

/** The same without its verb. */
export function renderExpiryWords({ expiresAt, sweep, now, pullRequest }: End): string {
  if (expiresAt === undefined) return "";
  const head = `${renderEnd(expiresAt, now)}.`;
  if (sweep === undefined) return head;
  const closed = pullRequest === undefined ? "" : ", and at once when the pull request is closed";
  const [day, clock] = renderDate(sweep.at).split(", ");
  return `${head} Deleted by the sweep of ${clock} on ${day} (GitHub may start it late)${closed}.`;
}
