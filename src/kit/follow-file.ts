import { type FileHandle, open } from "node:fs/promises";
import { sleep } from "./cancel.ts";

export interface FollowOptions {
  /** Settles when nobody writes any more, as the end of the process that writes. What stands there then is still read. */
  readonly until: Promise<unknown>;
  /** How long to wait after the end of the file was met. */
  readonly everyMs?: number;
}

const EVERY_MS = 100;
const CHUNK_BYTES = 262_144;
/** A line that never ends is given out in parts of this size: far above what terraform prints as one line of JSON. */
const LONGEST_LINE_BYTES = 16_777_216;
const LINE_FEED = 0x0a;

/**
 * Reads a file that another process writes, from its beginning, and gives out each line as soon as it is whole,
 * without its break; the last one also without a break. Lines are given as they stand: what is printed of them goes
 * through `harmless` first. Resolves when `until` has settled and all is read.
 *
 * @throws what opening or reading the file throws, and whatever `onLine` threw.
 */
export async function followFile(path: string, onLine: (line: string) => void, options: FollowOptions): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  void options.until.then(end, end);
  const file = await open(path, "r");
  try {
    const lines = cutLines(onLine);
    for (;;) {
      // Looked at before the read: what was written before the end is then read after it.
      const last = over.signal.aborted;
      await readNew(file, lines.write);
      if (last) break;
      await sleep(options.everyMs ?? EVERY_MS, over.signal);
    }
    lines.end();
  } finally {
    await file.close();
  }
}

async function readNew(file: FileHandle, take: (bytes: Buffer) => void): Promise<void> {
  for (;;) {
    // A chunk of its own each time: lines are cut out of it without a copy.
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    take(buffer.subarray(0, bytesRead));
  }
}

/** Cuts bytes, not text: no byte of a longer UTF-8 character is a line feed, so that no character is parted. */
function cutLines(onLine: (line: string) => void): { write(bytes: Buffer): void; end(): void } {
  let parts: Buffer[] = [];
  let held = 0;
  const give = (): void => {
    const line = Buffer.concat(parts).toString("utf8");
    parts = [];
    held = 0;
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  const hold = (bytes: Buffer): void => {
    parts.push(bytes);
    held += bytes.length;
  };
  return {
    write: (bytes) => {
      let from = 0;
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
        hold(bytes.subarray(from, at));
        give();
        from = at + 1;
      }
      if (from < bytes.length) hold(bytes.subarray(from));
      if (held >= LONGEST_LINE_BYTES) give();
    },
    end: () => {
      if (held > 0) give();
    },
  };
}
