import { Cron } from "croner";
import type { Sweep } from "./story.ts";

const SECOND_MS = 1_000;
/** GitHub's schedules have five fields, and none of croner's own words and signs. */
const FIVE_FIELDS = /^[\d*/,A-Za-z-]+(?: +[\d*/,A-Za-z-]+){4}$/;
const CRONERS_OWN = /(?:^|[ ,])(?:\d*[LW]|L\d*)(?=$|[ ,])/i;

/**
 * The first sweep at or after a moment, of a schedule as GitHub reads it: five fields, UTC. Undefined where none ever
 * comes (30 February).
 *
 * GitHub starts schedules late when it is busy, and at times leaves one out: this is the earliest, not a promise.
 *
 * @throws Error for what is no schedule, with the reason for people
 */
export function findNextSweep(schedule: string, from: Date): Sweep | undefined {
  const text = schedule.trim();
  if (!FIVE_FIELDS.test(text) || CRONERS_OWN.test(text)) {
    throw new Error('expected a cron of five fields, such as "17 9 * * *"');
  }
  // croner's own default mixes day of month and day of week as POSIX does (either), which is GitHub's rule, too.
  // Without a zone by name, node does not have to load what it knows of zones: 30 ms.
  const cron = new Cron(text, { utcOffset: 0, paused: true });
  const wholeMs = Math.ceil(from.getTime() / SECOND_MS) * SECOND_MS;
  const at = cron.nextRun(new Date(wholeMs - SECOND_MS));
  return at === null ? undefined : { at, schedule: text };
}
