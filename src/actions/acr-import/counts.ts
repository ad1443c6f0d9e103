import { TALLY, type Tally } from "./outcome.ts";
import type { ImageRecord } from "./record.ts";

/** How many images ended how, each counted once for each registry. */
export function countRecords(records: readonly ImageRecord[]): Readonly<Record<Tally, number>> {
  const counts = { imported: 0, skipped: 0, failed: 0, unfinished: 0, planned: 0 };
  for (const { outcome } of records) counts[TALLY[outcome.kind]] += 1;
  return counts;
}
