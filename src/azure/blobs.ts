import type { Readable } from "node:stream";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { BlockBlobClient } from "@azure/storage-blob";
import type { RetryWorld } from "../kit/retry.ts";
import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault } from "../oidc/connection-fault.ts";
import { createStorageHttp } from "./blob-http.ts";

export interface BlobWorld {
  readonly time: Pick<RetryWorld, "now" | "sleep" | "random">;
  readonly cancelled: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Only tests give one. */
  readonly httpClient?: HttpClient | undefined;
}

/** What is known of a blob without reading it. */
export interface BlobFacts {
  /** Bytes. */
  readonly size: number;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Blobs by links that let in whoever has them (SAS). The SDK is loaded when it is first used. */
export interface Blobs {
  /**
   * Streams a blob up in blocks; memory holds a few of them, however large it is.
   *
   * @param onProgress told of the bytes that have arrived.
   * @throws UserError `blob-unreachable`, `cancelled`; what the source ends with comes through as it is
   */
  upload(url: string, source: Readable, onProgress?: (bytes: number) => void): Promise<void>;
  /** Undefined when there is no such blob yet. @throws BlobRefusal */
  find(url: string): Promise<BlobFacts | undefined>;
  /** The bytes from `offset`, `count` of them. @throws BlobRefusal */
  read(url: string, offset: number, count: number): Promise<Buffer>;
}

/** Blob storage did not do what it was asked. */
export class BlobRefusal extends Error {
  override readonly name = "BlobRefusal";
  /** Undefined when no answer came. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

const BLOCK_BYTES = 4 * 1024 * 1024;
const BLOCKS_AT_ONCE = 4;

/** The adapter over `@azure/storage-blob`. Nothing is asked yet. */
export function connectBlobs(world: BlobWorld): Blobs {
  const httpClient = createStorageHttp(world);
  const open = async (url: string): Promise<BlockBlobClient> => {
    const { AnonymousCredential, BlockBlobClient: Client } = await import("@azure/storage-blob");
    return new Client(url, new AnonymousCredential(), { httpClient, retryOptions: { maxTries: 1 } });
  };
  const asked = async <T>(what: string, url: string, work: (client: BlockBlobClient) => Promise<T>): Promise<T> => {
    try {
      return await work(await open(url));
    } catch (error) {
      if (world.cancelled.aborted) throw cancelled(url, error);
      const { host } = new URL(url);
      const status = statusOf(error);
      const said = status === undefined ? describeConnectionFault(error) : `it answered ${status} ${codeOf(error)}`;
      throw new BlobRefusal(`Cannot ${what} ${host}: ${said}`, status, error);
    }
  };

  return {
    upload: async (url, source, onProgress) => {
      const broken: { fault?: unknown } = {};
      source.on("error", (error) => {
        broken.fault = error;
      });
      try {
        await asked("upload the build's source to", url, (client) =>
          client.uploadStream(source, BLOCK_BYTES, BLOCKS_AT_ONCE, {
            abortSignal: world.cancelled,
            blobHTTPHeaders: { blobContentType: "application/gzip" },
            ...(onProgress === undefined ? {} : { onProgress: ({ loadedBytes }) => onProgress(loadedBytes) }),
          }),
        );
      } catch (error) {
        if (broken.fault !== undefined && !world.cancelled.aborted) throw broken.fault;
        throw error instanceof BlobRefusal ? explainUpload(error, url) : error;
      } finally {
        source.destroy();
      }
    },
    find: (url) =>
      asked("look at the log in", url, async (client) => {
        try {
          const { contentLength = 0, metadata = {} } = await client.getProperties({ abortSignal: world.cancelled });
          const folded = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]);
          return { size: contentLength, metadata: Object.fromEntries(folded) as Record<string, string> };
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),
    read: (url, offset, count) =>
      asked("read the log in", url, (client) =>
        client.downloadToBuffer(offset, count, { abortSignal: world.cancelled }),
      ),
  };
}

function explainUpload(refusal: BlobRefusal, url: string): UserError {
  const { host } = new URL(url);
  const todo =
    refusal.status === undefined || refusal.status === 403
      ? `let the runner reach ${host} (HTTPS_PROXY, NO_PROXY, firewall), or build on the runner (builder: buildx).`
      : "run it again; nothing was built.";
  return new UserError("blob-unreachable", `${refusal.message}.\nTo do: ${todo}`, { cause: refusal });
}

function cancelled(url: string, cause: unknown): UserError {
  return new UserError("cancelled", `The job was cancelled before ${new URL(url).host} had answered.`, { cause });
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  return "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
