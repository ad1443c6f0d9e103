import type { RetryWorld } from "../kit/retry.ts";
import { BlobRefusal, type Blobs } from "./blobs.ts";

/** A log that grows in a blob while a run of ACR Tasks works. */
export interface TailedLog {
  readonly blobs: Pick<Blobs, "find" | "read">;
  /** An address that reads the log. Asked for again before it ends, and when it is refused. */
  findUrl(): Promise<string>;
  /** Whether the run has ended: its log may never say so. Asked when nothing new has come for some time. */
  isOver(): Promise<boolean>;
  /** Each line, whole and without its end. */
  onLine(line: string): void;
  readonly time: Pick<RetryWorld, "now" | "sleep">;
  readonly cancelled: AbortSignal;
}

/** How the reading of a log came to an end. */
export type TailEnd =
  /** The log says that it is whole. `outcome` is the service's word for the run: `successful`, `failed` … */
  | { readonly kind: "complete"; readonly outcome: string }
  /** The run has ended, and nothing more came. */
  | { readonly kind: "over" }
  /** The log cannot be read; the run may go on. */
  | { readonly kind: "lost"; readonly because: string }
  | { readonly kind: "cancelled" };

const LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 4_000;
/** Silence after which the run is asked for, and how often it has to be over without a word from the log. */
const SILENCE_MS = 10_000;
const MOST_LAST_LOOKS = 3;
/** A log that is not even there is waited for longer: about half a minute. */
const MOST_LAST_LOOKS_FOR_NONE = 8;
/** One read holds this much; a log of a large build has tens of megabytes. */
const READ_BYTES = 1024 * 1024;
/** A link is given up so long before its end. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * Hands on a log's lines as they come, until the log is whole or the run has ended. The storage's faults end in `lost`;
 * what `findUrl` and `isOver` throw comes through as it is.
 */
export async function tailLog(log: TailedLog): Promise<TailEnd> {
  const lines = createLines(log.onLine);
  const link = createLink(log);
  let [offset, silentMs, pauseMs, lastLooks] = [0, 0, LOOK_MS, 0];
  for (;;) {
    if (log.cancelled.aborted) return { kind: "cancelled" };
    const seen = await readOn(log, link, offset, lines).catch((error: unknown) => {
      if (log.cancelled.aborted || error instanceof BlobRefusal) return error;
      throw error;
    });
    if (log.cancelled.aborted || !isSeen(seen)) return giveUp(log, seen);
    const grown = seen.offset > offset;
    offset = seen.offset;
    if (seen.outcome !== undefined) {
      lines.end();
      return { kind: "complete", outcome: seen.outcome };
    }
    if (seen.more) continue;
    pauseMs = grown ? LOOK_MS : Math.min(pauseMs * 1.5, LONGEST_LOOK_MS);
    silentMs = grown ? 0 : silentMs + pauseMs;
    if (silentMs >= SILENCE_MS) {
      lastLooks = (await log.isOver()) ? lastLooks + 1 : 0;
      if (lastLooks >= (offset === 0 ? MOST_LAST_LOOKS_FOR_NONE : MOST_LAST_LOOKS)) {
        lines.end();
        return { kind: "over" };
      }
    }
    await log.time.sleep(Math.round(pauseMs));
  }
}

interface Seen {
  readonly offset: number;
  /** What the log's end says, once all before it has been read. */
  readonly outcome?: string | undefined;
  /** There is more than one read takes. */
  readonly more: boolean;
}

function isSeen(seen: unknown): seen is Seen {
  return !(seen instanceof Error);
}

function giveUp({ cancelled }: TailedLog, fault: unknown): TailEnd {
  if (cancelled.aborted) return { kind: "cancelled" };
  return { kind: "lost", because: fault instanceof Error ? fault.message : String(fault) };
}

async function readOn(log: TailedLog, link: Link, offset: number, lines: Lines): Promise<Seen> {
  // First how much there is, and whether that is all: what is read after that is whole.
  const facts = await link.use((url) => log.blobs.find(url));
  if (facts === undefined) return { offset, more: false };
  const count = Math.min(READ_BYTES, facts.size - offset);
  if (count > 0) lines.take(await link.use((url) => log.blobs.read(url, offset, count)));
  const at = Math.max(offset, offset + count);
  const more = at < facts.size;
  return { offset: at, more, outcome: more ? undefined : facts.metadata["complete"] };
}

interface Link {
  use<T>(work: (url: string) => Promise<T>): Promise<T>;
}

function createLink(log: TailedLog): Link {
  let current: { readonly url: string; readonly until: number } | undefined;
  const fresh = async (): Promise<string> => {
    const url = await log.findUrl();
    const end = Date.parse(new URL(url).searchParams.get("se") ?? "");
    const now = log.time.now().getTime();
    // A link that lives shortly is used for most of its life all the same.
    const until = Number.isNaN(end) ? Number.POSITIVE_INFINITY : end - Math.min(RENEW_BEFORE_MS, (end - now) / 4);
    current = { url, until };
    return url;
  };
  return {
    use: async (work) => {
      const known = current !== undefined && log.time.now().getTime() < current.until ? current.url : await fresh();
      try {
        return await work(known);
      } catch (error) {
        if (!(error instanceof BlobRefusal) || error.status !== 403) throw error;
        return work(await fresh());
      }
    },
  };
}

interface Lines {
  take(bytes: Buffer): void;
  /** Hands on what has no end of line yet. */
  end(): void;
}

/** A line that has no end is handed on in pieces of this many characters. */
const LONGEST_LINE = 256 * 1024;

function createLines(onLine: (line: string) => void): Lines {
  const decoder = new TextDecoder();
  let rest = "";
  const take = (text: string): void => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""));
    if (rest.length > LONGEST_LINE) end();
  };
  const end = (): void => {
    if (rest !== "") onLine(rest.replace(/\r$/, ""));
    rest = "";
  };
  return {
    take: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end: () => {
      take(decoder.decode());
      end();
    },
  };
}
