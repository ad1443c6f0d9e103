/** A date that was read without doubt, or what is wrong with the text. */
export type Expiry = { readonly at: Date } | { readonly problem: string };

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;
const EARLIEST_YEAR = 2020;
/** UTC+14:00 (Kiribati) and UTC-12:00 are the ends of the inhabited world. */
const EASTERNMOST_MINUTES = 14 * 60;
const WESTERNMOST_MINUTES = 12 * 60;

/**
 * Reads an expiry strictly: RFC 3339 with seconds and an offset, a day that is on the calendar, and not before 2020.
 *
 * `Date.parse` is no parser for something that deletes: it reads "12" as December 2001 and 30 February as 2 March.
 * Leap seconds, 24:00 and the offset -00:00 ("local time unknown", RFC 3339 section 4.3) are refused as doubts.
 */
export function parseExpiry(text: string): Expiry {
  const found = RFC3339.exec(text.trim());
  if (found === null) return { problem: explainForm(text.trim()) };
  const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = found;
  const [y, mo, d] = [Number(year), Number(month), Number(day)];
  const [h, mi, s] = [Number(hour), Number(minute), Number(second)];
  if (y < EARLIEST_YEAR) return { problem: `the year ${year} is before ${EARLIEST_YEAR}` };
  if (!onCalendar(y, mo, d)) return { problem: `${year}-${month}-${day} is not on the calendar` };
  if (h > 23 || mi > 59 || s > 59) return { problem: `${hour}:${minute}:${second} is not a time of day` };
  const offset = offsetMinutes(sign, offsetHour, offsetMinute);
  if (offset === undefined) return { problem: `${sign}${offsetHour}:${offsetMinute} is not an offset in use` };
  const milliseconds = Number((fraction ?? "").padEnd(3, "0").slice(0, 3));
  return { at: new Date(Date.UTC(y, mo - 1, d, h, mi, s, milliseconds) - offset * 60_000) };
}

/** RFC 3339 in UTC with whole seconds, as the tag is written. */
export function renderExpiry(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

function onCalendar(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function offsetMinutes(sign: string | undefined, hours: string | undefined, minutes: string | undefined) {
  if (sign === undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59) return undefined;
  if (sign === "-") return size === 0 || size > WESTERNMOST_MINUTES ? undefined : -size;
  return size > EASTERNMOST_MINUTES ? undefined : size;
}

function explainForm(text: string): string {
  if (text === "") return "it is empty";
  if (/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?$/.test(text)) return "it has no offset (Z or +hh:mm)";
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return "it is a day without a time";
  if (/^\d{4}-\d{2}-\d{2} /.test(text)) return "it has a space where RFC 3339 has a T";
  if (/^\d{1,2}[./-]\d{1,2}[./-]\d{4}/.test(text)) return "its day and month cannot be told apart";
  return "it is not RFC 3339";
}
