/** What the neutral check of a pull request notes for other runs: it waits since then, or it was started then. */
export interface Mark {
  readonly kind: "queued" | "started";
  readonly at: Date;
  /** The run that did it: to be started again. */
  readonly runId: number;
}

/** A pull request that waits for a free place. */
export interface Queued {
  readonly pullRequest: number;
  readonly at: Date;
  readonly runId: number;
}

/** `mayfly-queued:2026-11-22T05:00:00Z:4711`, the external id of a check. */
export function renderMark({ kind, at, runId }: Mark): string {
  return `mayfly-${kind}:${at.toISOString()}:${runId}`;
}

/** Undefined for any other text. */
export function parseMark(externalId: string): Mark | undefined {
  const form = /^mayfly-(queued|started):(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z):(\d{1,15})$/;
  const [, kind, time = "", runId] = form.exec(externalId) ?? [];
  const at = new Date(time);
  if ((kind !== "queued" && kind !== "started") || Number.isNaN(at.getTime())) return undefined;
  return { kind, at, runId: Number(runId) };
}

/** Who waits longest comes first; of two since the same moment, the older pull request. */
export function sortQueue(queued: readonly Queued[]): readonly Queued[] {
  return queued.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.pullRequest - b.pullRequest);
}

/** How many of the queue come before this one. */
export function countAhead(queued: readonly Queued[], own: Pick<Queued, "pullRequest" | "at">): number {
  const all = sortQueue([...queued.filter(({ pullRequest }) => pullRequest !== own.pullRequest), { ...own, runId: 0 }]);
  return all.findIndex(({ pullRequest }) => pullRequest === own.pullRequest);
}

/** As long as a start holds a place although nothing of it stands: images are built first. */
export const START_HOLDS_MS = 30 * 60_000;

/** Whether a started preview still holds its place, before anything of it stands. */
export function holdsPlace(mark: Mark | undefined, now: Date): boolean {
  return mark?.kind === "started" && now.getTime() - mark.at.getTime() < START_HOLDS_MS;
}
