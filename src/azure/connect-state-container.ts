import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type { BlobGetPropertiesResponse, ContainerClient } from "@azure/storage-blob";
import { once } from "../kit/once.ts";
import { UserError } from "../kit/user-error.ts";
import { createStorageHttp } from "./blob-http.ts";
import type { BlobWorld } from "./blobs.ts";
import type { Cloud } from "./cloud.ts";
import type { BlobLease, StateBlobFacts, StateContainer } from "./state-container.ts";
import { nameStorageHost } from "./storage-host.ts";
import { codeOfStorage, explainStorageRefusal, statusOfStorage } from "./storage-refusal.ts";

/**
 * What a state container is reached with. `cancelled` is the caller's choice: what cleans up after a cancelled job gives
 * a signal that aborts later (`abortLater`), and a credential that waits as long.
 */
export interface StateContainerOptions extends BlobWorld {
  readonly cloud: Pick<Cloud, "storageSuffix">;
  readonly credential: TokenCredential;
  readonly account: string;
  readonly container: string;
  /** Named in the command that gives it a role. */
  readonly clientId?: string | undefined;
}

/** The same in every cloud. */
const AUDIENCE = "https://storage.azure.com/.default";
/** Where terraform writes who holds the lock. */
const LOCK_NOTE = "terraformlockid";
/** Tells our own write from another's, where its answer was lost and it was sent again. */
const WRITE_NOTE = "mayflywrite";

/** Loads the SDK and fetches its token while there is time for it. What goes wrong is told to who asks for a blob. */
export async function prepareStateContainers(credential: TokenCredential): Promise<void> {
  await Promise.all([loadStorage(), credential.getToken(AUDIENCE)]);
}

const loadStorage = () => import("@azure/storage-blob");

/**
 * The adapter over `@azure/storage-blob`. Nothing is asked yet; the SDK is loaded when it is first used.
 *
 * @throws UserError `bad-input` where the cloud's storage has no known name
 */
export function connectStateContainer(options: StateContainerOptions): StateContainer {
  const { cloud, credential, account, container, cancelled: abortSignal } = options;
  const host = nameStorageHost(cloud, account);
  const open = once(async () => {
    const { ContainerClient: Client } = await loadStorage();
    const httpClient = createStorageHttp(options);
    const retryOptions = { maxTries: 1 };
    return new Client(`https://${host}/${container}`, credential, { httpClient, retryOptions, audience: AUDIENCE });
  });
  const asked = async <T>(what: string, work: (client: ContainerClient) => Promise<T>): Promise<T> => {
    try {
      return await work(await open());
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (abortSignal.aborted) {
        const text = `Cannot ${what}: the job was cancelled before ${host} had answered.`;
        throw new UserError("cancelled", text, { cause: error });
      }
      throw explainStorageRefusal(`Cannot ${what} ${host}/${container}`, error, { ...options, host });
    }
  };
  const look = async (client: ContainerClient, name: string): Promise<StateBlobFacts | undefined> =>
    client
      .getBlobClient(name)
      .getProperties({ abortSignal })
      .then((properties) => readFacts(name, properties), orIfAbsent);

  return {
    find: (name) => asked(`look at ${name} in`, (client) => look(client, name)),
    read: (name) =>
      asked(`read ${name} in`, async (client) => {
        const answer = await client.getBlobClient(name).download(0, undefined, { abortSignal }).catch(orIfAbsent);
        return answer === undefined ? undefined : readAll(answer.readableStreamBody);
      }),
    write: (name, bytes, { onlyNew = false, metadata = {} } = {}) =>
      asked(`write ${name} in`, async (client) => {
        const mark = randomUUID();
        const blob = client.getBlockBlobClient(name);
        try {
          await blob.upload(bytes, bytes.length, {
            abortSignal,
            metadata: onlyNew ? { ...metadata, [WRITE_NOTE]: mark } : { ...metadata },
            ...(onlyNew ? { conditions: { ifNoneMatch: "*" } } : {}),
          });
          return "written";
        } catch (error) {
          if (!onlyNew || codeOfStorage(error) !== "BlobAlreadyExists") throw error;
          // A write whose answer was lost is sent again, and then meets itself.
          const { metadata: there = {} } = await blob.getProperties({ abortSignal });
          return there[WRITE_NOTE] === mark ? "written" : "exists";
        }
      }),
    delete: (name, { etag } = {}) =>
      asked(`delete ${name} in`, async (client) => {
        try {
          const conditions = etag === undefined ? {} : { conditions: { ifMatch: etag } };
          await client.getBlobClient(name).delete({ abortSignal, deleteSnapshots: "include", ...conditions });
          return "deleted";
        } catch (error) {
          const kept = KEPT[codeOfStorage(error)];
          if (kept === undefined) throw error;
          return kept;
        }
      }),
    list: (prefix) =>
      asked("list", async (client) => {
        const names: string[] = [];
        for await (const { name } of client.listBlobsFlat({ prefix, abortSignal })) names.push(name);
        return names;
      }),
    breakLease: (name, { etag } = {}) =>
      asked(`break the lease of ${name} in`, async (client) => {
        const before = await look(client, name);
        if (before === undefined) return "absent";
        if (etag !== undefined && etag !== before.etag) return "changed";
        const conditions = { ifMatch: before.etag };
        try {
          if (before.lease.state !== "available") {
            const blob = client.getBlobClient(name);
            await blob.getBlobLeaseClient().breakLease(0, { abortSignal, conditions }).catch(unlessFree);
          }
          const { [LOCK_NOTE]: note, ...metadata } = before.metadata;
          if (note !== undefined) await client.getBlobClient(name).setMetadata(metadata, { abortSignal, conditions });
          return "broken";
        } catch (error) {
          // Somebody else has written, or holds the lock by now: that one is not ours to break.
          if (statusOfStorage(error) === 412) return "changed";
          throw error;
        }
      }),
  };
}

/** Why a blob stays, or was not there, by storage's word for it. */
const KEPT: Readonly<Record<string, "absent" | "leased" | "changed">> = {
  BlobNotFound: "absent",
  LeaseIdMissing: "leased",
  ConditionNotMet: "changed",
};

function orIfAbsent(error: unknown): undefined {
  // A container that is missing is another matter, and so is a proxy's page.
  if (codeOfStorage(error) !== "BlobNotFound") throw error;
  return undefined;
}

function unlessFree(error: unknown): void {
  if (codeOfStorage(error) !== "LeaseNotPresentWithLeaseOperation") throw error;
}

function readFacts(name: string, properties: BlobGetPropertiesResponse): StateBlobFacts {
  const folded = Object.entries(properties.metadata ?? {}).map(([key, value]) => [key.toLowerCase(), value] as const);
  const metadata = Object.fromEntries(folded.filter(([key]) => key !== WRITE_NOTE));
  return {
    name,
    size: properties.contentLength ?? 0,
    etag: properties.etag ?? "",
    lastModified: properties.lastModified ?? new Date(0),
    metadata,
    lease: readLease(properties),
  };
}

function readLease({ leaseState, leaseDuration }: BlobGetPropertiesResponse): BlobLease {
  return { state: leaseState ?? "available", infinite: leaseDuration === "infinite" };
}

async function readAll(stream: NodeJS.ReadableStream | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
