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
const NOTHING = Buffer.alloc(0);

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
    // One for all reads: a new one for each look would be most of what this process throws away.
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      // Looked at before the read: what was written before the end is then read after it.
      const last = over.signal.aborted;
      await readNew(file, chunk, lines.write);
      if (last) break;
      await sleep(options.everyMs ?? EVERY_MS, over.signal);
    }
    lines.end();
  } finally {
    await file.close();
  }
}

async function readNew(file: FileHandle, chunk: Buffer, take: (bytes: Buffer) => void): Promise<void> {
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead > 0) take(chunk.subarray(0, bytesRead));
    if (bytesRead < chunk.length) return;
  }
}

/**
 * Cuts bytes, not text: no byte of a longer UTF-8 character is a line feed, so that no character is parted. What it is
 * given is read at once, or copied.
 */
function cutLines(onLine: (line: string) => void): { write(bytes: Buffer): void; end(): void } {
  let parts: Buffer[] = [];
  let held = 0;
  const give = (bytes: Buffer): void => {
    const whole = held === 0 ? bytes : Buffer.concat([...parts, bytes]);
    parts = [];
    held = 0;
    for (const line of whole.toString("utf8").split("\n")) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  return {
    write: (bytes) => {
      const feed = bytes.lastIndexOf(LINE_FEED);
      if (feed >= 0) give(bytes.subarray(0, feed));
      if (feed + 1 < bytes.length) parts.push(Buffer.from(bytes.subarray(feed + 1)));
      held += bytes.length - feed - 1;
      if (held >= LONGEST_LINE_BYTES) give(NOTHING);
    },
    end: () => {
      if (held > 0) give(NOTHING);
    },
  };
}
