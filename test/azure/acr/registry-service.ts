import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { readAll } from "../streams.ts";
import { emptyResponse, jsonResponse, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import type { Gate } from "./acr-gate.ts";
import { createBlobLinks } from "./blob-links.ts";
import {
  answerFailures,
  disallowedOperation,
  manifestUnknown,
  nameUnknown,
  RegistryFailure,
  unsupported,
} from "./failure.ts";
import { requireDeletable, requireWritable } from "./locks.ts";
import { digestOf, isDigest, manifestInvalid, type OciRoute, parseOciPath } from "./oci.ts";
import { pageOf } from "./paging.ts";
import { observe, type RegistryState } from "./registry.ts";
import type { Access } from "./scopes.ts";

/** Answers `/v2/…` of one registry. */
export interface RegistryService {
  answer(request: StreamedRequest, url: URL): Promise<StreamedResponse>;
  /** Answers the links that blobs are read by; undefined for other addresses. */
  answerLink(request: StreamedRequest, url: URL): Promise<StreamedResponse | undefined>;
}

export function createRegistryService(registry: RegistryState, gate: Gate): RegistryService {
  const { backend, ledger, settings } = registry;
  const links = createBlobLinks(registry);

  const putManifest = async (route: OciRoute & { kind: "manifest" }, request: StreamedRequest, url: URL) => {
    const { name, reference } = route;
    const bytes = await readAll(request.body);
    const digest = digestOf(bytes);
    if (bytes.length > settings.maxManifestBytes)
      throw manifestInvalid(`it is larger than ${settings.maxManifestBytes} bytes`);
    if (settings.softDelete && registry.deleted.has(`${name}@${digest}`)) {
      throw new RegistryFailure(
        settings.softDeletedStatus,
        "MANIFEST_SOFT_DELETED",
        `manifest ${digest} is deleted: restore it first`,
      );
    }
    requireWritable(registry, name, reference);
    requireWritable(registry, name, digest);
    const response = await backend.answer(route, { ...request, body: Readable.from([bytes]) }, url);
    if (response.status === 201) {
      ledger.put(name, reference, { digest, mediaType: request.headers["content-type"] ?? "", bytes });
    }
    return response;
  };

  const deleteManifest = async (route: OciRoute & { kind: "manifest" }, request: StreamedRequest, url: URL) => {
    const { name, reference } = route;
    if (!isDigest(reference)) throw unsupported();
    requireDeletable(registry, name, reference);
    const referrers = settings.referrersVanish ? await backend.listReferrers(name, reference) : [];
    const response = await backend.answer(route, request, url);
    if (response.status !== 202) return response;
    for (const each of [reference, ...referrers]) {
      if (each !== reference) await backend.deleteManifest(name, each);
      ledger.remove(name, each);
      if (settings.softDelete) registry.deleted.add(`${name}@${each}`);
    }
    return response;
  };

  const answerManifest = async (
    route: OciRoute & { kind: "manifest" },
    request: StreamedRequest,
    url: URL,
  ): Promise<StreamedResponse> => {
    if (request.method === "PUT") return putManifest(route, request, url);
    if (request.method === "DELETE") return deleteManifest(route, request, url);
    const repository = ledger.find(route.name);
    const dangling = repository?.dangling.get(route.reference);
    if (dangling !== undefined) throw manifestUnknown(route.name, dangling.digest);
    const entry = repository?.tags.get(route.reference) ?? repository?.manifests.get(route.reference);
    if (entry?.attributes.readEnabled === false || repository?.attributes.readEnabled === false) {
      throw disallowedOperation(settings.disallowedStatus);
    }
    return backend.answer(route, request, url);
  };

  const listTags = async (name: string, url: URL): Promise<StreamedResponse> => {
    await observe(registry);
    const repository = ledger.find(name);
    if (repository === undefined) throw nameUnknown(name);
    const all = [...repository.tags, ...repository.dangling]
      .filter(([, { attributes }]) => attributes.listEnabled)
      .map(([tag]) => tag)
      .sort();
    const { items, link } = pageOf(all, (tag) => tag, url, settings.pageSize);
    return jsonResponse(200, { name, tags: items }, link);
  };

  const listRepositories = async (url: URL): Promise<StreamedResponse> => {
    await observe(registry);
    const { items, link } = pageOf([...ledger.repositories.keys()].sort(), (name) => name, url, settings.pageSize);
    return jsonResponse(200, { repositories: items }, link);
  };

  const carryOut = async (route: OciRoute, request: StreamedRequest, url: URL): Promise<StreamedResponse> => {
    if (settings.storageFull && ["POST", "PATCH", "PUT"].includes(request.method)) {
      throw disallowedOperation(settings.disallowedStatus);
    }
    switch (route.kind) {
      case "base":
        return jsonResponse(200, {});
      case "catalog":
        return listRepositories(url);
      case "tags":
        return listTags(route.name, url);
      case "manifest":
        return answerManifest(route, request, url);
      case "blob":
        if (request.method === "GET" && settings.redirectBlobs) return links.redirect(route.name, route.digest);
        return backend.answer(route, request, url);
      default:
        return backend.answer(route, request, url);
    }
  };

  return {
    answer: (request, url) =>
      withHeaders(
        answerFailures(async () => {
          const route = parseOciPath(decodeURIComponent(url.pathname));
          if (route === undefined) return emptyResponse(404);
          gate.require(request, needs(route, request.method, url));
          return carryOut(route, request, url);
        }),
      ),
    answerLink: links.answer,
  };
}

/** What a token must allow for a request. */
function needs(route: OciRoute, method: string, url: URL): readonly Access[] {
  const on = (name: string, ...actions: readonly string[]) => ({ type: "repository", name, actions });
  switch (route.kind) {
    case "base":
      return [];
    case "catalog":
      return [{ type: "registry", name: "catalog", actions: ["*"] }];
    case "uploads": {
      const from = url.searchParams.get("from");
      return [on(route.name, "pull", "push"), ...(from === null ? [] : [on(from, "pull")])];
    }
    case "upload":
      return [on(route.name, "pull", "push")];
    default:
      if (method === "DELETE") return [on(route.name, "delete")];
      return [method === "PUT" ? on(route.name, "pull", "push") : on(route.name, "pull")];
  }
}

async function withHeaders(answer: Promise<StreamedResponse>): Promise<StreamedResponse> {
  const response = await answer;
  const headers = {
    "docker-distribution-api-version": "registry/2.0",
    server: "AzureContainerRegistry",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-ms-correlation-request-id": randomUUID(),
  };
  return { ...response, headers: { ...headers, ...response.headers } };
}
