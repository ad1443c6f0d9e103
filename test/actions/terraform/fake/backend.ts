import type { BlobStore } from "./blob-store.ts";
import type { Clock } from "./clock.ts";
import { parseState, renderState, type State } from "./state.ts";

/** Terraform's own note of a lock. */
export interface Lock {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

/** Thrown with what terraform says below "Error message:". */
export class Locked extends Error {
  override readonly name = "Locked";
}

export interface Backend {
  read(): Promise<State | undefined>;
  /** The bytes as they are, for `state pull`. */
  readText(): Promise<string>;
  write(state: State, lock: string | undefined): Promise<void>;
  /** @throws Locked */
  lock(operation: string, who: string): Promise<string>;
  /** @throws Error with what terraform says behind "Failed to unlock state:" */
  unlock(id: string): Promise<void>;
}

export interface BackendParts {
  readonly store: BlobStore;
  readonly clock: Clock;
  readonly nextId: () => string;
}

/** The azurerm backend, request by request as terraform 1.11.4 makes them (reference, 2.8). */
export function createAzurermBackend(
  { store, clock, nextId }: BackendParts,
  place: { readonly container: string; readonly blob: string },
): Backend {
  const { blob } = place;
  const readLock = (): Lock | undefined => {
    const text = store.blobs.get(blob)?.metadata["terraformlockid"] ?? "";
    return text === "" ? undefined : (JSON.parse(Buffer.from(text, "base64").toString("utf8")) as Lock);
  };
  const locked = (because: string): Locked => {
    const info = readLock();
    return new Locked(info === undefined ? `${because}\nunexpected end of JSON input` : `${because}\n${render(info)}`);
  };
  return {
    read: async () => parseState(await store.wire.get(blob)),
    readText: async () => (await store.wire.get(blob))?.toString("utf8") ?? "",
    write: async (state, lock) => store.wire.put(blob, Buffer.from(renderState(state)), lock),
    lock: async (operation, who) => {
      const id = nextId();
      if (!store.blobs.has(blob)) await store.wire.put(blob, Buffer.alloc(0));
      if (store.blobs.get(blob)?.lease !== undefined) throw locked("state blob is already locked");
      if (!(await store.wire.acquire(blob, id))) {
        throw locked("blobs.Client#AcquireLease: Failure: StatusCode=409 LeaseAlreadyPresent");
      }
      const Created = new Date(clock.now()).toISOString().replace(/(\.\d+)Z$/, "$1123456Z");
      const Path = `${place.container}/${blob}`;
      const info: Lock = { ID: id, Operation: operation, Info: "", Who: who, Version: "1.11.4", Created, Path };
      const text = Buffer.from(JSON.stringify(info)).toString("base64");
      await store.wire.setMetadata(blob, { ...store.blobs.get(blob)?.metadata, terraformlockid: text }, id);
      return id;
    },
    unlock: async (id) => {
      const info = readLock();
      if (info === undefined) throw new Error("failed to retrieve lock info: blob metadata terraformlockid was empty");
      if (info.ID !== id) throw new Error(`lock id "${id}" does not match existing lock`);
      const { terraformlockid: _, ...metadata } = store.blobs.get(blob)?.metadata ?? {};
      await store.wire.setMetadata(blob, metadata, id);
      await store.wire.release(blob, id);
    },
  };
}

/** A state on the disk of one job: nobody else ever holds it. */
export function createLocalBackend(): Backend {
  let bytes: Buffer | undefined;
  return {
    read: async () => parseState(bytes),
    readText: async () => bytes?.toString("utf8") ?? "",
    write: async (state) => {
      bytes = Buffer.from(renderState(state));
    },
    lock: async () => "local",
    unlock: async (id) => {
      if (id !== "local") throw new Error("LocalState not locked");
    },
  };
}

function render({ ID, Path, Operation, Who, Version, Created }: Lock): string {
  const created = Created.replace("T", " ").replace("Z", " +0000 UTC");
  const lines = { ID, Path, Operation, Who, Version, Created: created, Info: "" };
  const rows = Object.entries(lines).map(([name, value]) => `  ${`${name}:`.padEnd(11)}${value}`);
  return `Lock Info:\n${rows.join("\n")}\n`;
}
