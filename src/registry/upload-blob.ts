import { Readable } from "node:stream";
import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { Descriptor } from "../image/manifest.ts";
import { retry } from "../kit/retry.ts";
import { UserError } from "../kit/user-error.ts";
import { REGISTRY_RETRY } from "./ask.ts";
import { checkDigest } from "./names.ts";
import { RegistryFault } from "./registry-fault.ts";
import { repositoryScope } from "./scope.ts";
import type { RegistrySession } from "./session.ts";

type Blob = Pick<Descriptor, "digest" | "size">;
type Open = () => Promise<Readable>;

/** Nobody takes a piece for so long: the upload is given up and begun anew. */
const LONGEST_STANDSTILL_MS = 120_000;
/** The piece size of registries that refuse a blob as a whole: what Azure's own clients send. */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * Uploads a blob as a whole, or piece by piece to a registry that takes no large bodies (413). A broken upload is begun
 * again from its first byte, unless the registry has the blob by then.
 *
 * @throws RegistryFault what the registry said last; whatever `open` throws comes through as it is
 */
export async function uploadBlob(
  session: RegistrySession,
  name: string,
  blob: Blob,
  open: Open,
  hasBlob: () => Promise<boolean>,
): Promise<void> {
  let inPieces = false;
  let renewed = false;
  await retry<void>(
    async (count) => {
      if (count > 1 && (await hasBlob())) return { kind: "done", value: undefined };
      // Without a body, so that the session has tried all that helps.
      const upload = await begin(session, name);
      try {
        await (inPieces ? uploadPieces : uploadWhole)(session, name, upload, blob, open);
        return { kind: "done", value: undefined };
      } catch (error) {
        if (!(error instanceof RegistryFault)) throw error;
        const { status, passing, retryAfterMs } = error.facts;
        // What stands before a registry may cut a body that it finds too large without a word.
        if (!inPieces && (status === 413 || (status === undefined && count > 1))) inPieces = true;
        // The session has a fresh token for the next try; a second refusal is meant.
        else if (status === 401 && !renewed) renewed = true;
        else if (!passing && !isLost(error)) throw error;
        return { kind: "again", because: error, waitMs: status === 413 || status === 401 ? 0 : retryAfterMs };
      }
    },
    { ...session.time, cancelled: session.cancelled },
    REGISTRY_RETRY,
  );
}

/** The registry has forgotten the upload, or counts its bytes otherwise: another one may go well. */
function isLost({ facts }: RegistryFault): boolean {
  return facts.code === "BLOB_UPLOAD_UNKNOWN" || facts.status === 416;
}

async function uploadWhole(
  session: RegistrySession,
  name: string,
  { to }: Upload,
  blob: Blob,
  open: Open,
): Promise<void> {
  const address = withDigest(to, blob.digest);
  const stall = new AbortController();
  const source = await open();
  const standstill = setTimeout(() => stall.abort(standStill(session, address)), LONGEST_STANDSTILL_MS).unref();
  const body = Readable.from(count(source, blob, standstill, stall), { objectMode: false });
  // The request is told by the signal.
  body.on("error", () => undefined);
  try {
    await session.send({
      method: "PUT",
      to: address,
      scopes: scopesOf(name),
      once: true,
      headers: { "content-type": "application/octet-stream", "content-length": String(blob.size) },
      body,
      abortSignal: stall.signal,
    });
  } finally {
    clearTimeout(standstill);
    // An answer may come before all was sent: the rest is not read any more, and its connection is closed.
    if (!body.readableEnded) stall.abort(new Error("answered early"));
    body.destroy();
    source.destroy();
  }
}

/** The source's bytes while they are as many as promised. Each one that is taken moves the standstill on. */
async function* count(
  source: Readable,
  blob: Blob,
  standstill: NodeJS.Timeout,
  stall: AbortController,
): AsyncGenerator<Buffer> {
  let sent = 0;
  try {
    for await (const chunk of source) {
      standstill.refresh();
      sent += chunk.length;
      if (sent > blob.size) break;
      yield chunk;
    }
    if (sent !== blob.size) throw wrongSize(blob, sent);
  } catch (error) {
    // Nothing but this tells the request that its body will not be finished.
    stall.abort(error);
    throw error;
  }
}

async function uploadPieces(
  session: RegistrySession,
  name: string,
  upload: Upload,
  blob: Blob,
  open: Open,
): Promise<void> {
  let { to } = upload;
  const scopes = scopesOf(name);
  const headers = { "content-type": "application/octet-stream" };
  let sent = 0;
  const source = await open();
  try {
    for await (const piece of cut(source, upload.pieceBytes)) {
      const range = { "content-range": `${sent}-${sent + piece.length - 1}` };
      const request = {
        method: "PATCH",
        to,
        scopes,
        once: true,
        headers: { ...headers, ...range },
        body: piece,
      } as const;
      to = readLocation(await session.send(request), session, to);
      sent += piece.length;
    }
  } finally {
    source.destroy();
  }
  if (sent !== blob.size) throw wrongSize(blob, sent);
  const end = { ...headers, "content-length": "0" };
  await session.send({ method: "PUT", to: withDigest(to, blob.digest), scopes, once: true, headers: end });
}

async function* cut(source: Readable, pieceBytes: number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

interface Upload {
  /** Where its bytes go. */
  readonly to: URL;
  readonly pieceBytes: number;
}

async function begin(session: RegistrySession, name: string): Promise<Upload> {
  const from = new URL(`/v2/${name}/blobs/uploads/`, session.api);
  const request = { method: "POST", to: from, scopes: scopesOf(name), headers: { "content-length": "0" } } as const;
  const response = await session.send(request);
  const least = Number(response.headers.get("oci-chunk-min-length") ?? 0);
  return { to: readLocation(response, session, from), pieceBytes: Math.max(PIECE_BYTES, least || 0) };
}

/** Where an upload goes on. A registry behind a proxy may think that it is spoken to without TLS. */
function readLocation(response: PipelineResponse, session: RegistrySession, from: URL): URL {
  const header = response.headers.get("location");
  const location = header === undefined ? null : URL.parse(header, from.href);
  if (location === null) {
    throw new RegistryFault({
      request: `${response.request.method} ${from.pathname}`,
      host: session.host,
      status: response.status,
      code: "no-location",
      said: "it does not say where the upload goes on",
      passing: false,
    });
  }
  if (location.hostname === session.api.hostname) location.protocol = session.api.protocol;
  return location;
}

function withDigest(location: URL, digest: string): URL {
  const to = new URL(location);
  to.searchParams.set("digest", checkDigest(digest));
  return to;
}

function scopesOf(name: string): readonly string[] {
  return [repositoryScope(name, ["pull", "push"])];
}

function standStill(session: RegistrySession, to: URL): RegistryFault {
  return new RegistryFault({
    request: `PUT ${to.pathname}`,
    host: session.host,
    status: undefined,
    code: "no-answer",
    said: "the upload stood still for two minutes",
    passing: true,
  });
}

function wrongSize({ digest, size }: Blob, sent: number): UserError {
  const text = `The image is broken: ${digest} should have ${size} bytes and has ${sent > size ? "more" : sent}. Build or save it again.`;
  return new UserError("broken-image", text);
}
