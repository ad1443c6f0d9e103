import { inflateRawSync } from "node:zlib";

/** A file of a zip; its name may have folders. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
  /** Of Unix; 0 where the zip was made elsewhere. */
  readonly mode: number;
}

/**
 * The files of a zip that is stored or deflated, by its central directory.
 *
 * @throws Error for what is no zip, or is packed in another way
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function readZip(zip: Buffer): readonly ZipEntry[] {
  const end = zip.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0) throw new Error("This is no zip: it has no central directory");
  const count = zip.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  for (let at = zip.readUInt32LE(end + 16), index = 0; index < count; index += 1) {
    if (zip.toString("latin1", at, at + 4) !== "PK\u0001\u0002") throw new Error("The zip's directory is broken");
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const mode = (zip.readUInt32LE(at + 38) >>> 16) & 0o777;
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    if (name.endsWith("/")) continue;
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    entries.push({ name, bytes: unpack(method, zip.subarray(data, data + size), name), mode });
  }
  return entries;
}

function unpack(method: number, packed: Buffer, name: string): Buffer {
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new Error(`${name} is packed by the method ${method}, which nobody here knows`);
}
