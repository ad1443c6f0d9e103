import { createHash, type Hash, randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { RegistryFailure } from "./failure.ts";

/** A blob on its way in. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  /** Part of its address, and different after each piece: clients have to take the address as it is given. */
  state: string;
  readonly chunks: Buffer[];
  size: number;
  readonly hash: Hash;
}

export interface Uploads {
  begin(name: string): Upload;
  /** @throws RegistryFailure `BLOB_UPLOAD_UNKNOWN` where it never began, is over, or was asked for by an old address */
  find(name: string, id: string, url: URL): Upload;
  /**
   * Takes another piece. What came before a connection broke is kept.
   *
   * @throws RegistryFailure 416 where the piece does not begin where the last one ended
   */
  append(upload: Upload, piece: Readable, contentRange: string | undefined): Promise<void>;
  end(upload: Upload): void;
  readonly size: number;
}

export function createUploads(): Uploads {
  const all = new Map<string, Upload>();
  return {
    get size() {
      return all.size;
    },
    begin: (name) => {
      const upload = { id: randomUUID(), name, state: randomUUID(), chunks: [], size: 0, hash: createHash("sha256") };
      all.set(upload.id, upload);
      return upload;
    },
    find: (name, id, url) => {
      const upload = all.get(id);
      if (upload === undefined || upload.name !== name || upload.state !== url.searchParams.get("_state")) {
        throw new RegistryFailure(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
      }
      return upload;
    },
    append: async (upload, piece, contentRange) => {
      const start = contentRange === undefined ? undefined : /^(?:bytes )?(\d+)-\d+/.exec(contentRange)?.[1];
      if (contentRange !== undefined && Number(start) !== upload.size) {
        const headers = { location: locationOf(upload), range: rangeOf(upload), "docker-upload-uuid": upload.id };
        throw new RegistryFailure(416, "BLOB_UPLOAD_INVALID", "blob upload invalid", { headers });
      }
      for await (const chunk of piece as AsyncIterable<Buffer>) {
        upload.chunks.push(chunk);
        upload.size += chunk.length;
        upload.hash.update(chunk);
      }
      upload.state = randomUUID();
    },
    end: ({ id }) => {
      all.delete(id);
    },
  };
}

/** Relative, as ACR gives it. */
export function locationOf({ name, id, state }: Upload): string {
  return `/v2/${name}/blobs/uploads/${id}?_nouploadcache=false&_state=${state}`;
}

/** The bytes that have come, as a header says it. */
export function rangeOf({ size }: Upload): string {
  return `0-${Math.max(0, size - 1)}`;
}
