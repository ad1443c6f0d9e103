import { renderDuration } from "../../kit/duration.ts";
import type { PreviewStory } from "../../preview/story.ts";

/** `22 Nov 2026, 14:20 UTC`. */
export function renderDate(at: Date): string {
  const [, day, month, year, clock = ""] = at.toUTCString().split(" ");
  return `${day} ${month} ${year}, ${clock.slice(0, 5)} UTC`;
}

/** `22 Nov 2026, 14:20 UTC (in 5h)`. */
export function renderEnd(at: Date, now: Date): string {
  const span = renderDuration(at.getTime() - now.getTime());
  return `**${renderDate(at)}** (${at > now ? `in ${span}` : `${span} ago`})`;
}

/**
 * When it ends, and when it is really gone: nothing happens at the end itself, but in the reaper's next sweep. Empty
 * without an end.
 */
export function renderExpiryLine({
  expiresAt,
  sweep,
  now,
  pullRequest,
}: Pick<PreviewStory, "expiresAt" | "sweep" | "now" | "pullRequest">): string {
  if (expiresAt === undefined) return "";
  const closed = pullRequest === undefined ? "" : ", and as soon as the pull request is closed";
  const head = `${expiresAt > now ? "Expires" : "Expired"} ${renderEnd(expiresAt, now)}.`;
  if (sweep === undefined) return head;
  const [day, clock] = renderDate(sweep.at).split(", ");
  return `${head} Deleted by the sweep of ${clock} on ${day}, which GitHub may start late${closed}.`;
}
