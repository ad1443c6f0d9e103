import { Readable } from "node:stream";
import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { type Descriptor, type Manifest, MEDIA_TYPES } from "../image/manifest.ts";
import { isDigest } from "../image/repository.ts";
import { apiName } from "./api-host.ts";
import { checkStream, readBytes } from "./checked-stream.ts";
import { digestOf } from "./digest.ts";
import { checkDigest, checkName, checkReference } from "./names.ts";
import { listPages } from "./next-link.ts";
import { listReferrers, noteReferrer } from "./referrers.ts";
import type { Registry } from "./registry.ts";
import { RegistryFault, readRefusal } from "./registry-fault.ts";
import { repositoryScope, splitScope } from "./scope.ts";
import type { RegistryRequest, RegistrySession } from "./session.ts";
import { uploadBlob } from "./upload-blob.ts";

/** What registries refuse as MANIFEST_INVALID; also the most that is read into memory at once. */
export const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
const NO_MOUNT: ReadonlySet<number> = new Set([400, 401, 403, 404, 405]);
const ACCEPT = [...Object.values(MEDIA_TYPES), "*/*;q=0.1"].join(", ");

/** The adapter of one registry. Every method throws a `RegistryFault` for what the registry does not do. */
export function connectRegistry(session: RegistrySession): Registry {
  const { api } = session;
  const path = (name: string, rest: string): string => `/v2/${apiName(api, checkName(name))}/${rest}`;
  const scope = (name: string, ...actions: readonly string[]): string => repositoryScope(apiName(api, name), actions);
  const manifestRequest = (method: "GET" | "HEAD", name: string, reference: string): RegistryRequest => ({
    method,
    to: path(name, `manifests/${checkReference(reference)}`),
    scopes: [scope(name, "pull")],
    headers: { accept: ACCEPT },
    accept: [404],
    stream: method === "GET",
  });

  const list = (name: string, rest: string): RegistryRequest => ({
    method: "GET",
    to: path(name, rest),
    scopes: [scope(name, "pull")],
    accept: [404],
  });

  /** Pairs of repositories between which nothing may be mounted: asking for each layer would cost a login each. */
  const unmountable = new Set<string>();

  const readManifest = async (name: string, reference: string): Promise<Manifest | undefined> => {
    const request = manifestRequest("GET", name, reference);
    const response = await session.send(request);
    if (response.status === 404) {
      requireOwnWords(session, request, response);
      return undefined;
    }
    const tooLarge = () => faultAt(session, request, response.status, "manifest-too-large", "over 4 MiB");
    const bytes = await readBytes(bodyOf(response), MOST_MANIFEST_BYTES, tooLarge);
    const digest = digestOf(bytes, isDigest(reference) ? reference : undefined);
    if (isDigest(reference) && digest !== reference) {
      throw faultAt(
        session,
        request,
        response.status,
        "wrong-digest",
        `the content that came has the digest ${digest}`,
      );
    }
    return { mediaType: readMediaType(response, bytes), digest, bytes };
  };

  const hasBlob = async (name: string, digest: string, actions = ["pull"]): Promise<boolean> => {
    const to = path(name, `blobs/${checkDigest(digest)}`);
    const response = await session.send({ method: "HEAD", to, scopes: [scope(name, ...actions)], accept: [404] });
    return response.status < 400;
  };

  const registry: Registry = {
    host: session.host,
    findManifest: async (name, reference) => {
      const response = await session.send(manifestRequest("HEAD", name, reference));
      const found = response.status === 404 ? undefined : readDescriptor(response, reference);
      if (found !== undefined) return found;
      // A HEAD's 404 has no words: only a GET shows that the registry said it, and not something in between.
      const manifest = await readManifest(name, reference);
      return manifest && { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.length };
    },
    readManifest,
    putManifest: async (name, reference, manifest) => {
      const request: RegistryRequest = {
        method: "PUT",
        to: path(name, `manifests/${checkReference(reference)}`),
        scopes: [scope(name, "pull", "push")],
        headers: { "content-type": manifest.mediaType },
        body: manifest.bytes,
      };
      const response = await session.send(request);
      const kept = response.headers.get("docker-content-digest");
      if (kept !== undefined && kept !== manifest.digest) {
        const said = `it keeps what was put as ${kept} and not as ${manifest.digest}`;
        throw faultAt(session, request, response.status, "wrong-digest", said);
      }
      await noteReferrer(registry, name, manifest, response.headers.get("oci-subject"));
    },
    hasBlob: (name, digest) => hasBlob(name, digest),
    mountBlob: async (name, digest, from) => {
      if (unmountable.has(`${from} ${name}`)) return false;
      const query = new URLSearchParams({ mount: checkDigest(digest), from: apiName(api, checkName(from)) });
      const request = {
        method: "POST",
        to: path(name, `blobs/uploads/?${query}`),
        scopes: [scope(name, "pull", "push"), scope(from, "pull")],
        headers: { "content-length": "0" },
      } as const;
      try {
        return (await session.send(request)).status === 201;
      } catch (error) {
        // Without the right to read there it is uploaded, which says what is wrong if that is not it.
        if (!(error instanceof RegistryFault) || !NO_MOUNT.has(error.facts.status ?? 0)) throw error;
        unmountable.add(`${from} ${name}`);
        return false;
      }
    },
    uploadBlob: (name, blob, open) =>
      uploadBlob(session, apiName(api, checkName(name)), blob, open, () =>
        hasBlob(name, blob.digest, ["pull", "push"]),
      ),
    readBlob: async (name, digest) => {
      const request: RegistryRequest = {
        method: "GET",
        to: path(name, `blobs/${checkDigest(digest)}`),
        scopes: [scope(name, "pull")],
        stream: true,
      };
      const response = await session.send(request);
      return checkStream(bodyOf(response), digest, (code, said, cause) =>
        faultAt(session, request, code === "no-answer" ? undefined : response.status, code, said, cause),
      );
    },
    listReferrers: (name, digest) =>
      listReferrers(session, registry, list(name, `referrers/${checkDigest(digest)}`), name, digest),
    listTags: async (name) => {
      const tags: string[] = [];
      for await (const page of listPages(session, list(name, "tags/list?n=1000"))) {
        const { tags: listed } = page as { readonly tags?: unknown };
        if (Array.isArray(listed)) tags.push(...listed.filter((tag) => typeof tag === "string"));
      }
      return tags;
    },
    listGrants: async (name, wanted) => {
      const asked = scope(name, ...wanted);
      const granted = await session.listGrants([asked]);
      const [resource] = splitScope(asked);
      return granted?.map(splitScope).flatMap(([of, actions]) => (of === resource ? actions : []));
    },
  };
  return registry;
}

/** Undefined where the headers do not say it all. */
function readDescriptor(response: PipelineResponse, reference: string): Descriptor | undefined {
  const digest = response.headers.get("docker-content-digest") ?? (isDigest(reference) ? reference : undefined);
  const size = Number(response.headers.get("content-length") ?? Number.NaN);
  const mediaType = response.headers.get("content-type")?.split(";")[0]?.trim();
  if (digest === undefined || mediaType === undefined || !(size > 0)) return undefined;
  if (isDigest(reference) && digest !== reference) return undefined;
  return { mediaType, digest: checkDigest(digest), size };
}

/** What the manifest itself says comes first: a server between may have made the header up. */
function readMediaType(response: PipelineResponse, bytes: Buffer): string {
  try {
    const { mediaType } = JSON.parse(bytes.toString()) as { readonly mediaType?: unknown };
    if (typeof mediaType === "string" && mediaType !== "") return mediaType;
  } catch {
    // Not JSON: the header says what it is meant to be.
  }
  return response.headers.get("content-type")?.split(";")[0]?.trim() ?? "application/octet-stream";
}

function bodyOf(response: PipelineResponse): Readable {
  const { readableStreamBody: body } = response;
  if (body === undefined) return Readable.from([Buffer.from(response.bodyAsText ?? "")]);
  return body instanceof Readable ? body : new Readable().wrap(body);
}

/** "Not there" only counts when the registry says it: a proxy's page would let a tag be overwritten. */
function requireOwnWords(session: RegistrySession, request: RegistryRequest, response: PipelineResponse): void {
  const { ownWords, said } = readRefusal(response);
  if (!ownWords) throw faultAt(session, request, response.status, "no-registry-error", said);
}

function faultAt(
  { host }: RegistrySession,
  { method, to }: RegistryRequest,
  status: number | undefined,
  code: string,
  said: string,
  cause?: unknown,
): RegistryFault {
  const request = `${method} ${typeof to === "string" ? to.split("?")[0] : to.pathname}`;
  return new RegistryFault({ request, host, status, code, said, passing: status === undefined }, cause);
}
