import { createHash, randomUUID } from "node:crypto";
import { close, createReadStream, openSync, rmSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";

/** Bytes that came in at once: a block, a whole small blob, a line of a log. They never change. */
export interface Piece {
  readonly bytes: number;
  /** Themselves, or where they lie in the file. */
  readonly at: Buffer | readonly Extent[];
}

/** A part of the file. */
interface Extent {
  readonly from: number;
  bytes: number;
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

/** Keeps what is larger than `memoryBytes` in one file, which has no name any more: it goes with the process, however that ends. */
export function createPieces(memoryBytes: number): Pieces {
  let file: number | undefined;
  let size = 0;
  const open = () => {
    const path = join(tmpdir(), `mayfly-blobs-${randomUUID()}`);
    const opened = openSync(path, "wx+", 0o600);
    rmSync(path);
    return opened;
  };
  const keep = async (chunk: Buffer, extents: Extent[]) => {
    file ??= open();
    const from = size;
    size += chunk.length;
    const last = extents.at(-1);
    if (last !== undefined && last.from + last.bytes === from) last.bytes += chunk.length;
    else extents.push({ from, bytes: chunk.length });
    await promisify(write)(file, chunk, 0, chunk.length, from);
  };
  return {
    take: async (stream) => {
      const md5 = createHash("md5");
      const held: Buffer[] = [];
      const extents: Extent[] = [];
      let bytes = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        md5.update(chunk);
        bytes += chunk.length;
        held.push(chunk);
        if (bytes <= memoryBytes) continue;
        for (const each of held.splice(0)) await keep(each, extents);
      }
      return { bytes, md5: md5.digest(), at: extents.length === 0 ? Buffer.concat(held) : extents };
    },
    read: (pieces, start, end) => Readable.from(slices(file, pieces, start, end), { objectMode: false }),
    [Symbol.asyncDispose]: async () => {
      const opened = file;
      file = undefined;
      if (opened !== undefined) await promisify(close)(opened);
    },
  };
}

/** Bytes at hand as a piece. */
export function pieceOf(content: string | Buffer): Piece {
  const at = Buffer.from(content);
  return { bytes: at.length, at };
}

async function* slices(
  file: number | undefined,
  pieces: readonly Piece[],
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const part of pieces.flatMap<Buffer | Extent>(({ at }) => (Buffer.isBuffer(at) ? [at] : [...at]))) {
    const bytes = Buffer.isBuffer(part) ? part.length : part.bytes;
    const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, bytes)];
    offset += bytes;
    if (from >= to) continue;
    if (Buffer.isBuffer(part)) yield part.subarray(from, to);
    else {
      if (file === undefined) throw new Error("The blobs were disposed of");
      const place = { start: part.from + from, end: part.from + to - 1 };
      yield* createReadStream("", { fd: file, autoClose: false, ...place }) as AsyncIterable<Buffer>;
    }
  }
}
