import { asText } from "../wire.ts";
import type { OciBackend } from "./backend.ts";
import { type ManifestLinks, readLinks, type StoredManifest } from "./oci.ts";

/** What may be done with a tag, a manifest or a repository. */
export interface Attributes {
  readonly deleteEnabled: boolean;
  readonly writeEnabled: boolean;
  readonly listEnabled: boolean;
  readonly readEnabled: boolean;
}

export interface Entry {
  readonly created: Date;
  updated: Date;
  attributes: Attributes;
}

export interface ManifestEntry extends Entry {
  readonly manifest: StoredManifest;
  readonly links: ManifestLinks;
}

export interface RepositoryEntry extends Entry {
  readonly tags: Map<string, Entry & { digest: string }>;
  readonly manifests: Map<string, ManifestEntry>;
  /** Tags whose manifest does not exist: what an import that raced leaves behind. */
  readonly dangling: Map<string, Entry & { digest: string }>;
}

/** What ACR knows of contents besides the contents: times and locks. */
export interface Ledger {
  readonly repositories: ReadonlyMap<string, RepositoryEntry>;
  find(name: string): RepositoryEntry | undefined;
  /** A manifest was put, under a tag or its digest. */
  put(name: string, reference: string, manifest: StoredManifest): void;
  dangle(name: string, tag: string, digest: string): void;
  untag(name: string, tag: string): void;
  remove(name: string, digest?: string): void;
  /** Takes note of what came to the backend by another way. */
  observe(backend: OciBackend): Promise<void>;
}

const OPEN: Attributes = { deleteEnabled: true, writeEnabled: true, listEnabled: true, readEnabled: true };

export function createLedger(now: () => Date): Ledger {
  const repositories = new Map<string, RepositoryEntry>();
  const fresh = (): Entry => ({ created: now(), updated: now(), attributes: OPEN });
  const ensure = (name: string) => {
    const known: RepositoryEntry = repositories.get(name) ?? {
      ...fresh(),
      tags: new Map(),
      manifests: new Map(),
      dangling: new Map(),
    };
    repositories.set(name, known);
    return known;
  };
  const tag = (repository: RepositoryEntry, name: string, digest: string) => {
    repository.dangling.delete(name);
    const before = repository.tags.get(name);
    if (before === undefined) repository.tags.set(name, { ...fresh(), digest });
    else Object.assign(before, { digest, updated: now() });
  };
  const put: Ledger["put"] = (name, reference, manifest) => {
    const repository = ensure(name);
    repository.updated = now();
    const before = repository.manifests.get(manifest.digest);
    if (before === undefined)
      repository.manifests.set(manifest.digest, { ...fresh(), manifest, links: readLinks(manifest) });
    else before.updated = now();
    if (!reference.includes(":")) tag(repository, reference, manifest.digest);
  };
  const untag: Ledger["untag"] = (name, gone) => {
    repositories.get(name)?.tags.delete(gone);
    repositories.get(name)?.dangling.delete(gone);
  };
  const remove: Ledger["remove"] = (name, digest) => {
    const repository = repositories.get(name);
    if (digest !== undefined && repository !== undefined) {
      repository.manifests.delete(digest);
      for (const [each, entry] of repository.tags) if (entry.digest === digest) repository.tags.delete(each);
    }
    if (digest === undefined || repository?.manifests.size === 0) repositories.delete(name);
  };

  const observeManifest = async (backend: OciBackend, name: string, reference: string): Promise<void> => {
    const known = repositories.get(name);
    if (known?.manifests.has(reference) === true) return;
    const manifest = await backend.findManifest(name, reference);
    if (manifest === undefined) return;
    if (known?.tags.get(reference)?.digest !== manifest.digest) put(name, reference, manifest);
    for (const { digest } of readLinks(manifest).manifests) await observeManifest(backend, name, asText(digest) ?? "");
  };

  return {
    repositories,
    find: (name) => repositories.get(name),
    put,
    dangle: (name, gone, digest) => {
      const repository = ensure(name);
      repository.tags.delete(gone);
      repository.dangling.set(gone, { ...fresh(), digest });
    },
    untag,
    remove,
    observe: async (backend) => {
      for (const name of await backend.listRepositories()) {
        const tags = (await backend.listTags(name)) ?? [];
        for (const each of tags) await observeManifest(backend, name, each);
        for (const each of repositories.get(name)?.tags.keys() ?? []) if (!tags.includes(each)) untag(name, each);
      }
    },
  };
}
