const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const FORM = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Milliseconds of a duration such as `90s`, `30m`, `8h`, `1h30m` or `7d`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const found = FORM.exec(text.trim());
  if (found === null || found[0] === "") return undefined;
  const [, days, hours, minutes, seconds] = found;
  const total =
    Number(days ?? 0) * UNIT_MS.d +
    Number(hours ?? 0) * UNIT_MS.h +
    Number(minutes ?? 0) * UNIT_MS.m +
    Number(seconds ?? 0) * UNIT_MS.s;
  return Number.isSafeInteger(total) ? total : undefined;
}

/** The two largest units of a span in milliseconds, as people say it: `3d4h`, `5h`, `1m30s`, `0s`. */
export function renderDuration(milliseconds: number): string {
  let rest = Math.round(Math.abs(milliseconds) / 1000) * 1000;
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"] as const) {
    const count = Math.floor(rest / UNIT_MS[unit]);
    rest -= count * UNIT_MS[unit];
    if (count > 0) parts.push(`${count}${unit}`);
    // Two neighbouring units are enough: 3d4h, never 3d2s.
    if (parts.length > 0 && (parts.length === 2 || count === 0)) break;
  }
  return parts.length === 0 ? "0s" : parts.join("");
}
