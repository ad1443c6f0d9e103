import type { Clock } from "../clock.ts";
import type { Blob } from "./blob.ts";

/** What an account keeps of blobs that were overwritten or deleted. */
export interface Keeping {
  readonly versions: boolean;
  /** Days that what was deleted can be brought back; 0 where deletion is final. */
  readonly softDeleteDays: number;
}

/** A state of a blob that is not its current one. */
export interface Kept {
  readonly kind: "snapshot" | "version" | "deleted";
  /** What it is asked for by: a time with seven digits behind the second. */
  readonly at: string;
  readonly blob: Blob;
  /** When it was deleted softly; it can still be brought back. */
  readonly deletedAt?: Date;
  readonly untilMs?: number;
}

/** Earlier states of blobs, by the blob's key. */
export interface History {
  /** Oldest first; with those that were deleted softly, until their days are over. */
  list(key: string): readonly Kept[];
  snapshot(key: string, blob: Blob): string;
  /** A blob is about to be replaced. */
  replaced(key: string, blob: Blob, keeping: Keeping): void;
  /** A blob is about to be deleted; its snapshots go with it. */
  deleted(key: string, blob: Blob, keeping: Keeping): void;
  /** Deletes snapshots, or one of them, or a version. */
  remove(key: string, which: (kept: Kept) => boolean, keeping: Keeping): void;
  /** What a deleted blob was; its snapshots are back, too. Undefined where nothing was deleted. */
  restore(key: string): Blob | undefined;
  forget(key: string): void;
}

const DAY_MS = 24 * 3_600_000;

export function createHistory(clock: Clock): History {
  const all = new Map<string, readonly Kept[]>();
  const list = (key: string) =>
    (all.get(key) ?? []).filter(({ untilMs }) => untilMs === undefined || clock.time() < untilMs);
  const softly = (kept: Kept, { softDeleteDays }: Keeping): readonly Kept[] =>
    softDeleteDays === 0 ? [] : [{ ...kept, deletedAt: clock.now(), untilMs: clock.time() + softDeleteDays * DAY_MS }];
  return {
    list,
    snapshot: (key, blob) => {
      const at = stampOf(clock.now());
      all.set(key, [...list(key), { kind: "snapshot", at, blob }]);
      return at;
    },
    replaced: (key, blob, keeping) => {
      const kept = { at: blob.version, blob };
      const more = keeping.versions
        ? [{ ...kept, kind: "version" as const }]
        : softly({ ...kept, kind: "snapshot" }, keeping);
      all.set(key, [...list(key), ...more]);
    },
    deleted: (key, blob, keeping) => {
      const before = list(key).flatMap((kept) =>
        kept.kind === "snapshot" && kept.deletedAt === undefined ? softly(kept, keeping) : [kept],
      );
      const kept = { at: blob.version, blob };
      const more = keeping.versions
        ? [{ ...kept, kind: "version" as const }]
        : softly({ ...kept, kind: "deleted" }, keeping);
      all.set(key, [...before, ...more]);
    },
    remove: (key, which, keeping) => {
      all.set(
        key,
        list(key).flatMap((kept) => (which(kept) && kept.deletedAt === undefined ? softly(kept, keeping) : [kept])),
      );
    },
    restore: (key) => {
      const before = list(key);
      const blob = before.findLast(({ kind }) => kind === "deleted")?.blob;
      all.set(
        key,
        before.flatMap(({ deletedAt: _, untilMs: __, ...kept }) => (kept.kind === "deleted" ? [] : [kept])),
      );
      return blob;
    },
    forget: (key) => {
      all.delete(key);
    },
  };
}

let stamps = 0;

/** A time as snapshots and versions are called by: never twice the same, also where the clock stands. */
export function stampOf(now: Date): string {
  stamps = (stamps + 1) % 10_000;
  return now.toISOString().replace("Z", `${`${stamps}`.padStart(4, "0")}Z`);
}
