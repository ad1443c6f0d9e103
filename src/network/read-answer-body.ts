import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** So much of a body is read, counted as it is after decompression. */
const LONGEST_BODY_BYTES = 1_048_576;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The text of an answer's body, or the first MiB of it: what grows beyond that is cut off and not waited for, and so is
 * what would unpack to more. Rejects when it breaks off before its end.
 */
export async function readAnswerBody(
  response: IncomingMessage,
): Promise<{ readonly body: string; readonly cut?: true }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decode(response) as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, LONGEST_BODY_BYTES - bytes));
    bytes += chunk.length;
    if (bytes > LONGEST_BODY_BYTES) return { body: Buffer.concat(chunks).toString("utf8"), cut: true };
  }
  return { body: Buffer.concat(chunks).toString("utf8") };
}

function decode(response: IncomingMessage): Readable {
  const make = DECODERS[response.headers["content-encoding"]?.trim().toLowerCase() ?? ""];
  if (make === undefined || isBare(response)) return response;
  const decoder = make();
  // Ends both when one of them fails; the fault is thrown to who reads.
  pipeline(response, decoder, () => {});
  return decoder;
}

/** Answers that say how a body would be packed, and have none. */
function isBare(response: IncomingMessage & { readonly req?: { readonly method?: string } }): boolean {
  const status = response.statusCode ?? 0;
  return (
    response.req?.method === "HEAD" || status === 204 || status === 304 || response.headers["content-length"] === "0"
  );
}
