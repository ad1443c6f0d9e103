import type { Clock } from "../clock.ts";
import type { OciBackend } from "./backend.ts";
import { RegistryFailure } from "./failure.ts";
import { type Attributes, createLedger, type Ledger, type RepositoryEntry } from "./ledger.ts";
import { createMemoryBackend } from "./memory-backend.ts";
import { digestOf, type StoredManifest } from "./oci.ts";
import { defaultRegistrySettings, type RegistrySettings } from "./settings.ts";

/** Contents for assertions: tags and manifests of each repository. */
export type Contents = Readonly<
  Record<
    string,
    {
      /** Digests by tag. */
      readonly tags: Readonly<Record<string, string>>;
      /** Media types by digest. */
      readonly manifests: Readonly<Record<string, string>>;
    }
  >
>;

/** The contents of one registry, wherever they are kept, and what is known of them. */
export interface RegistryState {
  /** Its host name. */
  readonly host: string;
  readonly clock: Clock;
  readonly backend: OciBackend;
  readonly ledger: Ledger;
  /** Behaviour that may be changed at any time. */
  readonly settings: RegistrySettings;
  /** `<repository>@<digest>` of what was deleted softly. */
  readonly deleted: Set<string>;
  /** What is there now. */
  contents(): Promise<Contents>;
  /** Puts a small image of one layer in place without a request; returns its digest. */
  seed(name: string, tags: readonly string[], content?: string | undefined): Promise<string>;
  /** Puts any manifest in place without a request; what it points to must be there. */
  seedManifest(name: string, reference: string | undefined, mediaType: string, content: unknown): Promise<string>;
  /** Locks a tag, a manifest or a whole repository against writing and deleting, or opens it again. */
  lock(name: string, reference?: string | undefined, attributes?: Partial<Attributes> | undefined): void;
  unlock(name: string, reference?: string | undefined): void;
  /** Leaves a tag whose manifest does not exist, as a race does. */
  dangle(name: string, tag: string, digest: string): void;
  /** Lets a digest that was deleted softly come back. */
  restore(name: string, digest: string): void;
}

export interface RegistryStateOptions {
  readonly host: string;
  readonly clock: Clock;
  /** In memory where left out. */
  readonly backend?: OciBackend;
  readonly settings?: Partial<RegistrySettings>;
}

const LOCKED: Partial<Attributes> = { writeEnabled: false, deleteEnabled: false };
const OPEN: Attributes = { writeEnabled: true, deleteEnabled: true, listEnabled: true, readEnabled: true };

export function createRegistryState(options: RegistryStateOptions): RegistryState {
  const { host, clock, backend = createMemoryBackend() } = options;
  const ledger = createLedger(clock.now);
  const put = async (name: string, references: readonly string[], manifest: StoredManifest) => {
    for (const reference of references) {
      await backend.putManifest(name, reference, manifest);
      ledger.put(name, reference, manifest);
    }
    return manifest.digest;
  };
  const change = (name: string, reference: string | undefined, attributes: Partial<Attributes>) => {
    const entry = entryOf(ledger, name, reference);
    entry.attributes = { ...entry.attributes, ...attributes };
  };
  const state: RegistryState = {
    host,
    clock,
    backend,
    ledger,
    settings: { ...defaultRegistrySettings(), ...options.settings },
    deleted: new Set(),
    contents: async () => {
      await observe(state);
      return Object.fromEntries([...ledger.repositories].sort(byName).map(([name, entry]) => [name, shown(entry)]));
    },
    seed: async (name, tags, content = name) => {
      const { Readable } = await import("node:stream");
      const blobs = [JSON.stringify({ architecture: "amd64", os: "linux", config: { Labels: { content } } }), content];
      const [config, layer] = await Promise.all(
        blobs.map(async (text) => {
          const [bytes, digest] = [Buffer.from(text), digestOf(text)];
          await backend.putBlob(name, digest, bytes.length, Readable.from([bytes]));
          return { digest, size: bytes.length };
        }),
      );
      const manifest = {
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
        layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
      };
      const bytes = Buffer.from(JSON.stringify(manifest));
      const digest = digestOf(bytes);
      return put(name, tags.length === 0 ? [digest] : tags, { digest, mediaType: manifest.mediaType, bytes });
    },
    seedManifest: async (name, reference, mediaType, content) => {
      const bytes = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
      const digest = digestOf(bytes);
      return put(name, [reference ?? digest], { digest, mediaType, bytes });
    },
    lock: (name, reference, attributes = LOCKED) => change(name, reference, attributes),
    unlock: (name, reference) => change(name, reference, OPEN),
    dangle: ledger.dangle,
    restore: (name, digest) => {
      state.deleted.delete(`${name}@${digest}`);
    },
  };
  return state;
}

/** What came to a real registry by another way is noticed before anything is listed. */
export async function observe({ backend, ledger }: Pick<RegistryState, "backend" | "ledger">): Promise<void> {
  if (backend.elsewhere === true) await ledger.observe(backend);
}

/** @throws Error for what is not there */
export function entryOf(ledger: Ledger, name: string, reference: string | undefined) {
  const repository = ledger.find(name);
  const entry =
    reference === undefined ? repository : (repository?.manifests.get(reference) ?? repository?.tags.get(reference));
  if (entry === undefined)
    throw new RegistryFailure(404, "NAME_UNKNOWN", `No ${name} ${reference ?? ""} in the registry`);
  return entry;
}

function shown({ tags, manifests, dangling }: RepositoryEntry): Contents[string] {
  return {
    tags: Object.fromEntries([...tags, ...dangling].sort(byName).map(([tag, { digest }]) => [tag, digest])),
    manifests: Object.fromEntries(
      [...manifests].sort(byName).map(([digest, entry]) => [digest, entry.manifest.mediaType]),
    ),
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
