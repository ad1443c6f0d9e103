import { pipeline, Readable, Transform } from "node:stream";
import type { StreamedRequest, StreamedResponse, WireRequest, WireResponse } from "./wire.ts";

/** What went through a stream so far. */
export interface Meter {
  bytes: number;
  /** The first bytes, as many as were asked for. */
  readonly beginning: Buffer[];
}

export function isStream(body: unknown): body is Readable {
  return body instanceof Readable;
}

/** The request with its body as a stream. */
export function streamedRequest({ body, ...head }: WireRequest): StreamedRequest {
  return { ...head, body: Readable.from(body === undefined || body.length === 0 ? [] : [Buffer.from(body)]) };
}

/** The request with its whole body. @throws what the stream ends with */
export async function wholeRequest({ body, ...head }: StreamedRequest): Promise<WireRequest> {
  const bytes = await readAll(body);
  return bytes.length === 0 ? head : { ...head, body: bytes };
}

/** The answer with its whole body. @throws what the stream ends with */
export async function wholeResponse(response: StreamedResponse): Promise<WireResponse> {
  const { body, ...head } = response;
  return { ...head, body: isStream(body) ? await readAll(body) : body };
}

/** Everything that a stream still holds. @throws what it ends with */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

export function createMeter(): Meter {
  return { bytes: 0, beginning: [] };
}

/**
 * What comes in, counted. Whoever stops reading early leaves the source as it is:
 * it is a connection that the answer still has to go out on.
 */
export function countIncoming(source: Readable, meter: Meter, keepBytes: number): Readable {
  const counted = counter(meter, keepBytes);
  source.on("error", (failure) => counted.destroy(failure));
  // A connection may break before anybody reads from it: who reads then is told.
  counted.on("error", () => undefined);
  return source.pipe(counted);
}

/** What goes out, counted. Whoever stops reading early ends the source, too. */
export function countOutgoing(source: Readable, meter: Meter): Readable {
  return pipeline(source, counter(meter, 0), () => undefined);
}

/** The first bytes of a stream, and then this failure instead of the rest. */
export function cutShort(source: Readable, bytes: number, failure: Error): Readable {
  let left = bytes;
  const cut = new Transform({
    transform(chunk: Buffer, _, done) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      this.push(part);
      done(part.length < chunk.length ? failure : null);
    },
  });
  source.on("error", (cause) => cut.destroy(cause));
  return source.pipe(cut);
}

function counter(meter: Meter, keepBytes: number): Transform {
  let kept = 0;
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      meter.bytes += chunk.length;
      if (kept < keepBytes) {
        meter.beginning.push(chunk.subarray(0, keepBytes - kept));
        kept += chunk.length;
      }
      done(null, chunk);
    },
  });
}
