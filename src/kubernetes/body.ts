import type { IncomingMessage } from "node:http";

/** A list of all Secrets of a big namespace has some MB; what is larger than this would fill the runner's memory. */
const MOST_BYTES = 128 * 1024 * 1024;

/** The whole body as text. @throws Error when it is cut off or too large */
export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk as Buffer);
  }
  if (!response.complete) throw Object.assign(new Error("the answer was cut off"), { code: "ECONNRESET" });
  return Buffer.concat(chunks).toString("utf8");
}

/** Line by line, as a watch comes. Ends without a word when the connection does: who watches begins again. */
export async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding("utf8");
  let rest = "";
  for await (const chunk of response) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line.trim() !== "");
  }
}
