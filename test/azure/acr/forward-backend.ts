import { Agent, request as ask, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readAll } from "../streams.ts";
import { asObject, ConnectionReset, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import type { OciBackend, StoredBlob } from "./backend.ts";
import { RegistryFailure } from "./failure.ts";
import { DOCKER_LIST, DOCKER_MANIFEST, digestOf, isDigest, OCI_INDEX, OCI_MANIFEST } from "./oci.ts";
import type { Access } from "./scopes.ts";

export interface ForwardOptions {
  /** Of the real registry: `http://127.0.0.1:5000`. */
  readonly url: string;
  /** The host name that clients know: links in answers stay there. */
  readonly host: string;
  /** A bearer token that the real registry takes from the emulator itself; it asks for none where left out. */
  readonly token?: (access: readonly Access[]) => string;
}

/** Said by one side about its own connection, and not meant for the next. */
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection", "te", "trailer"];
const MANIFEST_TYPES = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

/** A real registry behind the emulated one: requests and bodies pass through, with the client's own token. */
export function createForwardBackend({ url: base, host, token }: ForwardOptions): OciBackend {
  const agent = new Agent({ keepAlive: true });

  const send = (method: string, path: string, headers: OutgoingHttpHeaders, body: Readable | Buffer | undefined) =>
    new Promise<IncomingMessage>((answered, failed) => {
      const asked = ask(new URL(path, base), { method, headers, agent }, (answer) => {
        // A client that is killed takes its request with it, also where nobody reads the answer any more.
        answer.on("error", () => undefined);
        answered(answer);
      });
      const broken = () => failed(new ConnectionReset());
      asked.on("error", broken);
      if (body instanceof Readable) pipeline(body, asked).catch(broken);
      else asked.end(body);
    });

  const forward = async ({ method, headers, body }: StreamedRequest, url: URL): Promise<StreamedResponse> => {
    const passed = { ...without(headers, HOP_BY_HOP), host, "x-forwarded-proto": "https" };
    // Without a length Node would announce chunks to a GET, too.
    const hasBody =
      "content-length" in headers || "transfer-encoding" in headers || method === "PUT" || method === "PATCH";
    const answer = await send(method, `${url.pathname}${url.search}`, passed, hasBody ? body : undefined);
    const shown = without(answer.headers as Record<string, string>, HOP_BY_HOP);
    const location = shown["location"];
    const there = location === undefined ? {} : { location: stayingAt(host, location) };
    return { status: answer.statusCode ?? 502, headers: { ...shown, ...there }, body: answer };
  };

  /** The emulator's own question. */
  const own = async (
    method: string,
    path: string,
    access: readonly Access[],
    more: { readonly headers?: OutgoingHttpHeaders; readonly body?: Readable | Buffer } = {},
  ) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token(access)}` };
    return send(method, path, { host, "x-forwarded-proto": "https", ...authorization, ...more.headers }, more.body);
  };
  const on = (name: string, ...actions: readonly string[]): readonly Access[] => [
    { type: "repository", name, actions },
  ];
  const listed = async (
    path: string,
    access: readonly Access[],
    key: string,
  ): Promise<readonly string[] | undefined> => {
    const found: string[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const answer: IncomingMessage = await own("GET", next, access);
      const body = asObject(JSON.parse((await readAll(answer)).toString()));
      if (answer.statusCode === 404) return undefined;
      const items = body?.[key];
      if (Array.isArray(items)) found.push(...items.map(String));
      const link: string | undefined = /<([^>]+)>/.exec(`${answer.headers["link"] ?? ""}`)?.[1];
      next = link === undefined ? undefined : pathOf(link);
    }
    return found;
  };
  const expect = async (answer: IncomingMessage, ...statuses: readonly number[]) => {
    const body = await readAll(answer);
    if (statuses.includes(answer.statusCode ?? 0)) return answer;
    throw new RegistryFailure(answer.statusCode ?? 502, "UNKNOWN", `The registry behind ${host} says ${body}`);
  };
  const findManifest: OciBackend["findManifest"] = async (name, reference) => {
    const headers = { accept: MANIFEST_TYPES };
    const answer = await own("GET", `/v2/${name}/manifests/${reference}`, on(name, "pull"), { headers });
    const bytes = await readAll(answer);
    if (answer.statusCode !== 200) return undefined;
    return { digest: digestOf(bytes), mediaType: `${answer.headers["content-type"]}`, bytes };
  };

  return {
    elsewhere: true,
    answer: (_, request, url) => forward(request, url),
    listRepositories: async () =>
      (await listed("/v2/_catalog?n=1000", [{ type: "registry", name: "catalog", actions: ["*"] }], "repositories")) ??
      [],
    listTags: async (name) => (await listed(`/v2/${name}/tags/list`, on(name, "pull"), "tags"))?.toSorted(),
    findManifest,
    putManifest: async (name, reference, { mediaType, bytes }) => {
      const headers = { "content-type": mediaType, "content-length": bytes.length };
      const answer = await own("PUT", `/v2/${name}/manifests/${reference}`, on(name, "pull", "push"), {
        headers,
        body: bytes,
      });
      await expect(answer, 201);
    },
    deleteManifest: async (name, digest) => {
      await expect(await own("DELETE", `/v2/${name}/manifests/${digest}`, on(name, "pull", "delete")), 202, 404);
    },
    untag: async (name, tag) => {
      if (isDigest(tag)) throw new Error(`${tag} is no tag`);
      await expect(await own("DELETE", `/v2/${name}/manifests/${tag}`, on(name, "pull", "delete")), 202, 404);
    },
    findBlob: async (name, digest): Promise<StoredBlob | undefined> => {
      const path = `/v2/${name}/blobs/${digest}`;
      const answer = await own("HEAD", path, on(name, "pull"));
      answer.resume();
      if (answer.statusCode !== 200) return undefined;
      return {
        size: Number(answer.headers["content-length"]),
        read: async (range) => {
          const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
          return own("GET", path, on(name, "pull"), { headers });
        },
      };
    },
    putBlob: async (name, digest, size, content) => {
      const access = on(name, "pull", "push");
      const begun = await expect(
        await own("POST", `/v2/${name}/blobs/uploads/`, access, { headers: { "content-length": 0 } }),
        202,
      );
      const location = new URL(pathOf(`${begun.headers["location"]}`), base);
      location.searchParams.set("digest", digest);
      const headers = { "content-length": size, "content-type": "application/octet-stream" };
      await expect(await own("PUT", `${location.pathname}${location.search}`, access, { headers, body: content }), 201);
    },
    // The distribution registry has no referrers API: clients keep a list under a tag instead.
    listReferrers: async () => [],
  };
}

function without(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** The registry may think that it is spoken to directly, or without TLS. */
function stayingAt(host: string, location: string): string {
  return `https://${host}${pathOf(location)}`;
}

function pathOf(link: string): string {
  const { pathname, search } = new URL(link, "http://registry");
  return `${pathname}${search}`;
}
