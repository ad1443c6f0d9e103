/** How long something took, as GitHub writes it: `4s`, `1m 4s`. */
export function renderTook(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

/** The time of day in UTC, to the second. */
export function renderClock(date: Date): string {
  return date.toISOString().slice(11, 19);
}

/** A count with its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
