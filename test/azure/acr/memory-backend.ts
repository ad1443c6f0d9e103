import type { Readable } from "node:stream";
import { readAll } from "../streams.ts";
import { emptyResponse, jsonResponse, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import type { OciBackend } from "./backend.ts";
import { manifestUnknown, RegistryFailure, unsupported } from "./failure.ts";
import { createMemoryStore } from "./memory-store.ts";
import {
  digestOf,
  isDigest,
  manifestInvalid,
  OCI_INDEX,
  OCI_MANIFEST,
  type OciRoute,
  readLinks,
  requireDigest,
  type StoredManifest,
} from "./oci.ts";
import { createUploads, locationOf, rangeOf, type Upload } from "./uploads.ts";

export interface MemoryBackendOptions {
  /** Whether a manifest is only given to who names its type in `Accept`, as the distribution registry does for OCI's. */
  readonly acceptNeeded?: boolean;
}

/** A registry in memory that speaks the distribution protocol. */
export function createMemoryBackend({ acceptNeeded = true }: MemoryBackendOptions = {}): OciBackend {
  const store = createMemoryStore();
  const uploads = createUploads();

  const putManifest = (name: string, reference: string, manifest: StoredManifest) => {
    const links = readLinks(manifest);
    const missing = [
      ...links.blobs.filter(({ digest }) => store.blob(name, `${digest}`) === undefined),
      ...links.manifests.filter(({ digest }) => store.manifest(name, `${digest}`) === undefined),
    ];
    if (missing.length > 0) {
      const detail = missing.map(({ digest }) => `${digest}`);
      throw new RegistryFailure(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry", { detail });
    }
    const repository = store.ensure(name);
    repository.manifests.set(manifest.digest, manifest);
    if (!isDigest(reference)) repository.tags.set(reference, manifest.digest);
    return links;
  };

  const finish = (upload: Upload, given: string | null) => {
    const digest = requireDigest(given ?? "");
    uploads.end(upload);
    if (`sha256:${upload.hash.digest("hex")}` !== digest) {
      throw new RegistryFailure(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    }
    store.ensure(upload.name);
    store.putBlob(upload.name, digest, upload.chunks);
    return emptyResponse(201, { location: `/v2/${upload.name}/blobs/${digest}`, "docker-content-digest": digest });
  };

  const accepted = (upload: Upload) =>
    emptyResponse(202, {
      location: locationOf(upload),
      range: rangeOf(upload),
      "docker-upload-uuid": upload.id,
      "content-length": "0",
    });

  const beginUpload = async (name: string, request: StreamedRequest, url: URL): Promise<StreamedResponse> => {
    const [mount, from, digest] = ["mount", "from", "digest"].map((key) => url.searchParams.get(key));
    if (mount !== null && mount !== undefined && from !== null && store.blob(from ?? "", mount) !== undefined) {
      store.ensure(name).blobs.add(mount);
      return emptyResponse(201, { location: `/v2/${name}/blobs/${mount}`, "docker-content-digest": mount });
    }
    const upload = uploads.begin(name);
    if (digest === null || digest === undefined) return accepted(upload);
    await uploads.append(upload, request.body, undefined);
    return finish(upload, digest);
  };

  const answerUpload = async (
    route: OciRoute & { kind: "upload" },
    request: StreamedRequest,
    url: URL,
  ): Promise<StreamedResponse> => {
    const upload = uploads.find(route.name, route.id, url);
    switch (request.method) {
      case "PATCH":
        await uploads.append(upload, request.body, request.headers["content-range"]);
        return accepted(upload);
      case "PUT":
        await uploads.append(upload, request.body, request.headers["content-range"]);
        return finish(upload, url.searchParams.get("digest"));
      case "GET":
        return emptyResponse(204, { location: locationOf(upload), range: rangeOf(upload) });
      case "DELETE":
        uploads.end(upload);
        return emptyResponse(204);
      default:
        throw unsupported();
    }
  };

  const answerBlob = async (
    { name, digest }: OciRoute & { kind: "blob" },
    { method, headers }: StreamedRequest,
  ): Promise<StreamedResponse> => {
    const blob = store.blob(name, digest);
    if (blob === undefined) {
      throw new RegistryFailure(404, "BLOB_UNKNOWN", "blob unknown to registry", { detail: { digest } });
    }
    if (method === "DELETE") {
      store.find(name)?.blobs.delete(digest);
      return emptyResponse(202, { "docker-content-digest": digest });
    }
    const known = {
      "content-type": "application/octet-stream",
      "docker-content-digest": digest,
      "accept-ranges": "bytes",
      etag: `"${digest}"`,
    };
    if (method === "HEAD") return emptyResponse(200, { ...known, "content-length": `${blob.size}` });
    const range = rangeAsked(headers["range"], blob.size);
    if (range === undefined) {
      return { status: 200, headers: { ...known, "content-length": `${blob.size}` }, body: await blob.read() };
    }
    return {
      status: 206,
      headers: {
        ...known,
        "content-length": `${range.end - range.start + 1}`,
        "content-range": `bytes ${range.start}-${range.end}/${blob.size}`,
      },
      body: await blob.read(range),
    };
  };

  const answerManifest = async (
    { name, reference }: OciRoute & { kind: "manifest" },
    { method, headers, body }: StreamedRequest,
  ): Promise<StreamedResponse> => {
    if (method === "PUT") {
      const bytes = await readAll(body);
      const digest = digestOf(bytes);
      if (isDigest(reference) && reference !== digest) {
        throw new RegistryFailure(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
      }
      const mediaType = headers["content-type"] ?? "";
      if (mediaType === "") throw manifestInvalid("it has no Content-Type");
      const { subject } = putManifest(name, reference, { digest, mediaType, bytes });
      return emptyResponse(201, {
        location: `/v2/${name}/manifests/${digest}`,
        "docker-content-digest": digest,
        ...(subject === undefined ? {} : { "oci-subject": subject }),
      });
    }
    const manifest = store.manifest(name, reference);
    if (manifest === undefined) throw manifestUnknown(name, reference);
    if (method === "DELETE") {
      if (!isDigest(reference)) throw unsupported();
      store.removeManifest(name, reference);
      return emptyResponse(202, { "docker-content-digest": reference });
    }
    const { mediaType, digest, bytes } = manifest;
    if (acceptNeeded && !accepts(headers["accept"], mediaType)) {
      const kind = mediaType === OCI_INDEX ? "index" : "manifest";
      const message = `OCI ${kind} found, but accept header does not support OCI ${kind === "index" ? "indexes" : "manifests"}`;
      throw new RegistryFailure(404, "MANIFEST_UNKNOWN", message);
    }
    const known = {
      "content-type": mediaType,
      "docker-content-digest": digest,
      "content-length": `${bytes.length}`,
      etag: `"${digest}"`,
    };
    return method === "HEAD" ? emptyResponse(200, known) : { status: 200, headers: known, body: bytes };
  };

  const answerReferrers = ({ name, digest }: OciRoute & { kind: "referrers" }, url: URL): StreamedResponse => {
    const wanted = url.searchParams.get("artifactType");
    const manifests = store.referrers(name, digest).flatMap((each) => {
      const manifest = store.manifest(name, each);
      if (manifest === undefined) return [];
      const { artifactType, annotations } = readLinks(manifest);
      if (wanted !== null && artifactType !== wanted) return [];
      const { mediaType, bytes } = manifest;
      const described = { mediaType, digest: each, size: bytes.length, artifactType };
      return [annotations === undefined ? described : { ...described, annotations }];
    });
    return jsonResponse(
      200,
      { schemaVersion: 2, mediaType: OCI_INDEX, manifests },
      { "content-type": OCI_INDEX, ...(wanted === null ? {} : { "oci-filters-applied": "artifactType" }) },
    );
  };

  return {
    answer: async (route, request, url) => {
      switch (route.kind) {
        case "uploads":
          if (request.method !== "POST") throw unsupported();
          return beginUpload(route.name, request, url);
        case "upload":
          return answerUpload(route, request, url);
        case "blob":
          return answerBlob(route, request);
        case "manifest":
          return answerManifest(route, request);
        case "referrers":
          return answerReferrers(route, url);
        default:
          throw unsupported();
      }
    },
    listRepositories: async () => store.repositories().filter((name) => (store.find(name)?.manifests.size ?? 0) > 0),
    listTags: async (name) => {
      const repository = store.find(name);
      return repository === undefined || repository.manifests.size === 0
        ? undefined
        : [...repository.tags.keys()].sort();
    },
    findManifest: async (name, reference) => store.manifest(name, reference),
    putManifest: async (name, reference, manifest) => {
      putManifest(name, reference, manifest);
    },
    deleteManifest: async (name, digest) => store.removeManifest(name, digest),
    untag: async (name, tag) => {
      store.find(name)?.tags.delete(tag);
    },
    findBlob: async (name, digest) => store.blob(name, digest),
    putBlob: async (name, digest, _, content: Readable) => {
      const chunks: Buffer[] = [];
      for await (const chunk of content as AsyncIterable<Buffer>) chunks.push(chunk);
      store.ensure(name);
      store.putBlob(name, digest, chunks);
    },
    listReferrers: async (name, digest) => store.referrers(name, digest),
  };
}

/** @throws RegistryFailure 416 beyond the end */
function rangeAsked(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (start > end) {
    const headers = { "content-range": `bytes */${size}` };
    throw new RegistryFailure(416, "RANGE_INVALID", "the range is outside of the blob", { headers });
  }
  return { start, end };
}

/** Docker's own types are given to anybody, as the distribution registry does. */
function accepts(header: string | undefined, mediaType: string): boolean {
  if (mediaType !== OCI_INDEX && mediaType !== OCI_MANIFEST) return true;
  return (header ?? "").split(",").some((each) => each.split(";")[0]?.trim() === mediaType);
}
