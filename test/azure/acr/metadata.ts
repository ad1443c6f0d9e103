import { readAll } from "../streams.ts";
import {
  asObject,
  emptyResponse,
  type Json,
  jsonResponse,
  type StreamedRequest,
  type StreamedResponse,
} from "../wire.ts";
import type { Gate } from "./acr-gate.ts";
import { answerFailures, manifestUnknown, nameUnknown, RegistryFailure, unsupported } from "./failure.ts";
import type { Attributes, Entry, ManifestEntry, RepositoryEntry } from "./ledger.ts";
import { requireDeletable } from "./locks.ts";
import { requireName } from "./oci.ts";
import { pageOf } from "./paging.ts";
import { observe, type RegistryState } from "./registry.ts";

interface Place {
  /** Undefined for the catalog. */
  readonly name: string | undefined;
  readonly kind: "catalog" | "repository" | "tags" | "manifests";
  readonly reference: string | undefined;
}

/** Answers `/acr/v1/…` of one registry: what ACR tells of its contents besides the distribution protocol. */
export async function answerMetadata(
  registry: RegistryState,
  gate: Gate,
  request: StreamedRequest,
  url: URL,
): Promise<StreamedResponse> {
  return answerFailures(async () => {
    const place = parsePlace(decodeURIComponent(url.pathname));
    if (place === undefined) return emptyResponse(404);
    const { name } = place;
    const action = actionOf(registry, request.method, place);
    gate.require(request, [
      name === undefined
        ? { type: "registry", name: "catalog", actions: ["*"] }
        : { type: "repository", name, actions: [action] },
    ]);
    await observe(registry);
    if (name === undefined) return catalog(registry, url);
    const repository = registry.ledger.find(name);
    switch (request.method) {
      case "GET":
        return read(registry, name, repository, place, url);
      case "PATCH":
        return patch(registry, name, repository, place, await readAll(request.body));
      case "DELETE":
        return remove(registry, name, repository, place);
      default:
        throw unsupported();
    }
  });
}

function parsePlace(path: string): Place | undefined {
  if (path === "/acr/v1/_catalog") return { name: undefined, kind: "catalog", reference: undefined };
  const [, name, kind, reference] = /^\/acr\/v1\/(.+?)(?:\/_(tags|manifests)(?:\/(.+))?)?$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  requireName(name);
  return { name, kind: kind === undefined ? "repository" : (kind as "tags" | "manifests"), reference };
}

function actionOf({ settings }: RegistryState, method: string, { kind }: Place): string {
  if (method === "DELETE") return kind === "tags" ? settings.untagNeeds : "delete";
  return method === "PATCH" ? "metadata_write" : "metadata_read";
}

function catalog({ ledger, settings }: RegistryState, url: URL): StreamedResponse {
  const names = [...ledger.repositories].filter(([, { attributes }]) => attributes.listEnabled).map(([name]) => name);
  const { items, link } = pageOf(names.sort(), (name) => name, url, settings.pageSize);
  return jsonResponse(200, { repositories: items }, link);
}

function read(
  registry: RegistryState,
  name: string,
  repository: RepositoryEntry | undefined,
  { kind, reference }: Place,
  url: URL,
): StreamedResponse {
  if (repository === undefined) throw nameUnknown(name);
  const head = { registry: registry.host, imageName: name };
  const { settings } = registry;
  if (kind === "repository") {
    const counts = { manifestCount: repository.manifests.size, tagCount: repository.tags.size };
    return jsonResponse(200, {
      ...head,
      ...timesOf(repository),
      ...counts,
      changeableAttributes: repository.attributes,
    });
  }
  if (kind === "tags") {
    if (reference !== undefined) {
      return jsonResponse(200, { ...head, tag: shownTag(reference, tagOf(repository, name, reference)) });
    }
    const digest = url.searchParams.get("digest");
    const all = [...repository.tags, ...repository.dangling].filter(
      ([, entry]) => entry.attributes.listEnabled && (digest === null || entry.digest === digest),
    );
    const { items, link } = pageOf(ordered(all, url), ([tag]) => tag, url, settings.pageSize);
    return jsonResponse(200, { ...head, tags: items.map(([tag, entry]) => shownTag(tag, entry)) }, link);
  }
  if (reference !== undefined) {
    const entry = repository.manifests.get(reference);
    if (entry === undefined) throw manifestUnknown(name, reference);
    return jsonResponse(200, { ...head, manifest: shownManifest(repository, entry) });
  }
  const all = [...repository.manifests].filter(([, entry]) => entry.attributes.listEnabled);
  const { items, link } = pageOf(ordered(all, url), ([digest]) => digest, url, settings.pageSize);
  return jsonResponse(200, { ...head, manifests: items.map(([, entry]) => shownManifest(repository, entry)) }, link);
}

function patch(
  registry: RegistryState,
  name: string,
  repository: RepositoryEntry | undefined,
  place: Place,
  body: Buffer,
): StreamedResponse {
  if (repository === undefined) throw nameUnknown(name);
  const { kind, reference = "" } = place;
  const entry: Entry | undefined =
    kind === "repository"
      ? repository
      : kind === "tags"
        ? tagOf(repository, name, reference)
        : repository.manifests.get(reference);
  if (entry === undefined) throw manifestUnknown(name, reference);
  entry.attributes = { ...entry.attributes, ...readAttributes(body) };
  return read(registry, name, repository, place, new URL(`https://${registry.host}/`));
}

function readAttributes(body: Buffer): Partial<Attributes> {
  const known = ["deleteEnabled", "writeEnabled", "listEnabled", "readEnabled"];
  try {
    const given = Object.entries(asObject(JSON.parse(body.toString())) ?? {});
    if (given.every(([key, value]) => known.includes(key) && typeof value === "boolean")) {
      return Object.fromEntries(given) as Partial<Attributes>;
    }
  } catch {
    // Said below.
  }
  throw new RegistryFailure(400, "BAD_REQUEST", `attributes must be among ${known.join(", ")}, true or false`);
}

async function remove(
  registry: RegistryState,
  name: string,
  repository: RepositoryEntry | undefined,
  { kind, reference }: Place,
): Promise<StreamedResponse> {
  if (repository === undefined) throw nameUnknown(name);
  const { ledger, backend } = registry;
  if (kind === "tags" && reference !== undefined) {
    const dangling = repository.dangling.has(reference);
    tagOf(repository, name, reference);
    requireDeletable(registry, name, reference);
    if (!dangling) await backend.untag(name, reference);
    ledger.untag(name, reference);
    return emptyResponse(202);
  }
  if (kind !== "repository") throw unsupported();
  const [tags, manifests] = [repository.tags, repository.manifests].map((map) => [...map.keys()]);
  for (const each of [...(tags ?? []), ...(manifests ?? [])]) requireDeletable(registry, name, each);
  for (const digest of manifests ?? []) await backend.deleteManifest(name, digest);
  ledger.remove(name);
  return jsonResponse(202, { manifestsDeleted: manifests, tagsDeleted: tags });
}

function tagOf(repository: RepositoryEntry, name: string, tag: string) {
  const entry = repository.tags.get(tag) ?? repository.dangling.get(tag);
  if (entry === undefined) {
    throw new RegistryFailure(404, "TAG_UNKNOWN", "the specified tag does not exist", { detail: { name, tag } });
  }
  return entry;
}

function ordered<T extends Entry>(all: readonly (readonly [string, T])[], url: URL): readonly (readonly [string, T])[] {
  const order = url.searchParams.get("orderby");
  const byName = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const later = (a: T, b: T) => b.updated.getTime() - a.updated.getTime();
  if (order === "timedesc") return byName.sort(([, a], [, b]) => later(a, b));
  return order === "timeasc" ? byName.sort(([, a], [, b]) => later(b, a)) : byName;
}

function shownTag(name: string, entry: Entry & { readonly digest: string }): Json {
  return { name, digest: entry.digest, ...timesOf(entry), signed: false, changeableAttributes: entry.attributes };
}

function shownManifest(repository: RepositoryEntry, { manifest, links, attributes, ...entry }: ManifestEntry): Json {
  const { digest, mediaType } = manifest;
  const tags = [...repository.tags].filter(([, tag]) => tag.digest === digest).map(([tag]) => tag);
  const imageSize = links.blobs.reduce((sum, blob) => sum + Number(blob["size"] ?? 0), manifest.bytes.length);
  const references = links.manifests.map((each) => ({ digest: each["digest"], ...platformOf(each) }));
  const described = [...repository.manifests.values()]
    .flatMap((each) => each.links.manifests)
    .find((each) => each["digest"] === digest);
  return {
    digest,
    imageSize,
    ...timesOf(entry),
    mediaType,
    ...(described === undefined ? {} : platformOf(described)),
    ...(links.manifests.length > 0 ? {} : { configMediaType: asObject(links.blobs[0])?.["mediaType"] }),
    tags: tags.sort(),
    ...(references.length === 0 ? {} : { references }),
    changeableAttributes: attributes,
  };
}

function platformOf(descriptor: Json): Json {
  const { os, architecture } = asObject(descriptor["platform"]) ?? {};
  return { architecture, os };
}

function timesOf({ created, updated }: Pick<Entry, "created" | "updated">): Json {
  return { createdTime: stamp(created), lastUpdateTime: stamp(updated) };
}

/** ACR writes seven digits behind the point. */
function stamp(date: Date): string {
  return date.toISOString().replace(/(\.\d+)Z$/, "$10000Z");
}
