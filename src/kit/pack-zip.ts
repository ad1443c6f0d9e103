import { crc32, deflateRawSync } from "node:zlib";

export interface ZipFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** 1980-01-01, the first day that a zip knows: the same files give the same bytes. */
const DATE = 0x21;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATED = 8;
const VERSION = 20;
/** Made on Unix, so that the mode counts: a file that its owner may read and write. */
const MADE_BY = (3 << 8) | VERSION;
const MODE = (0o100600 << 16) >>> 0;

/** A zip of some files, without the extension for more than 65,535 of them. https://pkware.cachefly.net/webdocs/APPNOTE/APPNOTE-6.3.9.TXT */
export function packZip(files: readonly ZipFile[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const bytes = Buffer.from(content);
    const data = deflateRawSync(bytes);
    const facts = renderFacts(Buffer.byteLength(name), bytes, data);
    const head = Buffer.concat([u32(0x04034b50), u16(VERSION), facts, u16(0), Buffer.from(name)]);
    bodies.push(head, data);
    // No comment, first disk, no internal attributes.
    const place = [u16(0), u16(0), u16(0), u16(0), u32(MODE), u32(offset)];
    directory.push(u32(0x02014b50), u16(MADE_BY), u16(VERSION), facts, ...place, Buffer.from(name));
    offset += head.length + data.length;
  }
  const list = Buffer.concat(directory);
  const counts = [u16(0), u16(0), u16(files.length), u16(files.length)];
  const end = [u32(0x06054b50), ...counts, u32(list.length), u32(offset), u16(0)];
  return Buffer.concat([...bodies, list, ...end]);
}

/** What a file's own head and the directory both say, up to the length of its name. */
function renderFacts(nameLength: number, bytes: Buffer, data: Buffer): Buffer {
  const sizes = [u32(crc32(bytes)), u32(data.length), u32(bytes.length)];
  return Buffer.concat([u16(FLAGS), u16(DEFLATED), u16(0), u16(DATE), ...sizes, u16(nameLength)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
