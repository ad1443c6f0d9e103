import type { IncomingMessage } from "node:http";
import { connectionError } from "./connection-error.ts";

/** A list of all Secrets of a big namespace has some MB; what is larger than this would fill the runner's memory. */
const MOST_BYTES = 128 * 1024 * 1024;

/** The whole body as text. @throws Error when it is cut off or too large */
export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(response)) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Line by line, as a watch comes; a last one that was cut off is left out. @throws Error when the connection is cut */
export async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of readChunks(response)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line.trim() !== "");
  }
}

async function* readChunks(response: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch (error) {
    throw connectionError(error);
  }
}
