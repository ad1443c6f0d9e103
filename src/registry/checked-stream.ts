import { Readable } from "node:stream";
import { startDigest } from "./digest.ts";
import { RegistryFault } from "./registry-fault.ts";

/** How long a far side may say nothing in the middle of a body. */
const LONGEST_SILENCE_MS = 60_000;

/** Makes the error from what is wrong with a body. */
export type BodyFault = (code: string, said: string, cause?: unknown) => Error;

/**
 * The bytes of a stream, which fails at its end when they are not what the digest promised, and in the middle when the
 * connection breaks or nothing comes for a minute.
 */
export function checkStream(source: Readable, digest: string, fault: BodyFault): Readable {
  return Readable.from(check(source, digest, fault), { objectMode: false });
}

async function* check(source: Readable, digest: string, fault: BodyFault): AsyncGenerator<Buffer> {
  const { hash, finish } = startDigest(digest);
  const watch = (): NodeJS.Timeout =>
    setTimeout(() => source.destroy(fault("no-answer", "nothing came for a minute")), LONGEST_SILENCE_MS).unref();
  let watching = watch();
  try {
    for await (const chunk of source) {
      // Only the far side's silence counts, not the time that the reader takes.
      clearTimeout(watching);
      hash.update(chunk);
      yield chunk;
      watching = watch();
    }
  } catch (error) {
    throw error instanceof RegistryFault ? error : fault("no-answer", "the connection was cut in the middle", error);
  } finally {
    clearTimeout(watching);
  }
  const found = finish();
  if (found !== digest) throw fault("wrong-digest", `the content that came has the digest ${found}`);
}

/** The whole of a stream, up to so many bytes. @throws what `tooLarge` makes, as soon as there is more */
export async function readBytes(source: Readable, most: number, tooLarge: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > most) {
      source.destroy();
      throw tooLarge();
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
