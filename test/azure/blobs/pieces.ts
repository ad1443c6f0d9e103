import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

/** Bytes that came in at once: a block, a whole small blob, a line of a log. They never change. */
export interface Piece {
  readonly bytes: number;
  /** Themselves, or the file that holds them. */
  readonly at: Buffer | string;
}

/** A piece that came over the wire. */
export interface ReceivedPiece extends Piece {
  readonly md5: Buffer;
}

export interface Pieces extends AsyncDisposable {
  /** Reads a stream to its end. @throws what it ends with */
  take(stream: Readable): Promise<ReceivedPiece>;
  /** What stands from `start` up to `end` (not included) of pieces one after the other. */
  read(pieces: readonly Piece[], start: number, end: number): Readable;
}

/** Keeps what is larger than `memoryBytes` in files of a temporary folder, which is made at the first need and goes with the rest. */
export function createPieces(memoryBytes: number): Pieces {
  let folder: Promise<string> | undefined;
  let files = 0;
  const nextFile = async () => {
    folder ??= mkdtemp(join(tmpdir(), "mayfly-blobs-"));
    files += 1;
    const name = `${files}`;
    return join(await folder, name);
  };
  return {
    take: async (stream) => {
      const md5 = createHash("md5");
      const held: Buffer[] = [];
      let bytes = 0;
      let path: string | undefined;
      let file: FileHandle | undefined;
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          md5.update(chunk);
          bytes += chunk.length;
          if (file === undefined) held.push(chunk);
          else await file.write(chunk);
          if (file === undefined && bytes > memoryBytes) {
            path = await nextFile();
            file = await open(path, "wx");
            for (const each of held.splice(0)) await file.write(each);
          }
        }
      } finally {
        await file?.close();
      }
      return { bytes, md5: md5.digest(), at: path ?? Buffer.concat(held) };
    },
    read: (pieces, start, end) => Readable.from(slices(pieces, start, end), { objectMode: false }),
    [Symbol.asyncDispose]: async () => {
      const made = await folder;
      folder = undefined;
      if (made !== undefined) await rm(made, { recursive: true, force: true });
    },
  };
}

/** Bytes at hand as a piece. */
export function pieceOf(content: string | Buffer): Piece {
  const at = Buffer.from(content);
  return { bytes: at.length, at };
}

async function* slices(pieces: readonly Piece[], start: number, end: number): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const { bytes, at } of pieces) {
    const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, bytes)];
    offset += bytes;
    if (from >= to) continue;
    if (typeof at === "string") yield* createReadStream(at, { start: from, end: to - 1 }) as AsyncIterable<Buffer>;
    else yield at.subarray(from, to);
  }
}
