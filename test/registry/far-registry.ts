import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import { makeJwt } from "../azure-adapters/login-fakes.ts";

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** A connection fault instead of an answer. */
  readonly fault?: string;
}

export interface FarOptions {
  readonly host?: string;
  /** How it wants to be asked. */
  readonly auth?: "open" | "basic" | "token";
  readonly realm?: string;
  /** Counts referrers by itself. */
  readonly referrers?: boolean;
  readonly pageSize?: number;
  /** Actions that the token service grants. */
  readonly grants?: readonly string[];
  /** Tokens that are no JWT say nothing of what they grant. */
  readonly opaque?: boolean;
}

/** A registry by the distribution protocol with a token service, in memory, that tests can make do anything. */
export function createFarRegistry(options: FarOptions = {}) {
  const { host = "ghcr.io", auth = "token" } = options;
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { readonly mediaType: string; readonly bytes: Buffer }>();
  const requests: Asked[] = [];
  const good = new Set<string>();
  /** Looked at first; undefined lets the registry answer. */
  let intercept: (asked: Asked) => Said | undefined = () => undefined;
  let issued = 0;

  const put = (name: string, bytes: Buffer, mediaType: string, ...tags: readonly string[]): string => {
    const digest = digestOf(bytes);
    for (const reference of [digest, ...tags]) manifests.set(`${name}@${reference}`, { mediaType, bytes });
    return digest;
  };

  const issueToken = ({ url, body }: Asked): Said => {
    const form = url.searchParams.has("service") ? url.searchParams : new URLSearchParams(body.toString());
    const access = form.getAll("scope").map((scope) => {
      const [type, name, actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",").filter((one) => options.grants?.includes(one) ?? true) };
    });
    issued += 1;
    const token = options.opaque === true ? `opaque-${issued}` : makeJwt({ jti: issued, access, iat: 0, exp: 4500 });
    good.add(token);
    return json(200, { access_token: token });
  };

  const refuse = (scope?: string): Said => {
    const realm = options.realm ?? `https://${host}/token`;
    const bearer = `Bearer realm="${realm}",service="${host}"${scope === undefined ? "" : `,scope="${scope}"`}`;
    const challenge = auth === "basic" ? 'Basic realm="registry"' : bearer;
    return json(401, oops("UNAUTHORIZED", "authentication required"), { "www-authenticate": challenge });
  };

  const answer = (asked: Asked): Said => {
    const { method, url, authorization } = asked;
    const realm = new URL(options.realm ?? `https://${host}/token`);
    if (url.host === realm.host && [realm.pathname, "/oauth2/token"].includes(url.pathname)) return issueToken(asked);
    if (url.host !== host) return { status: 0, fault: "ENOTFOUND" };
    if (auth === "basic" && authorization === undefined) return refuse();
    if (auth === "token" && !good.has(authorization?.replace("Bearer ", "") ?? "")) return refuse();
    const [, name = "", rest = ""] = /^\/v2\/(.+?)\/((?:manifests|blobs|tags|referrers)\/.*)$/.exec(url.pathname) ?? [];
    const [kind, reference = ""] = rest.split("/");
    if (url.pathname === "/v2/") return { status: 200, body: "{}" };
    if (kind === "tags") return tagPage(name, url);
    if (kind === "referrers") return referrers(name, reference);
    if (kind === "manifests") return manifest(method, name, reference, asked);
    if (rest.startsWith("blobs/uploads/")) return upload(method, name, asked);
    const blob = blobs.get(`${name}@${reference}`);
    if (blob === undefined) return json(404, oops("BLOB_UNKNOWN", "blob unknown to registry"));
    return { status: 200, headers: { "content-length": String(blob.length) }, body: blob };
  };

  const manifest = (method: string, name: string, reference: string, { body, headers }: Asked): Said => {
    if (method === "PUT") {
      const digest = put(name, body, headers["content-type"] ?? "", reference);
      const subject = options.referrers === true ? JSON.parse(body.toString()).subject?.digest : undefined;
      const counted = subject === undefined ? {} : { "oci-subject": subject };
      return { status: 201, headers: { "docker-content-digest": digest, ...counted } };
    }
    const found = manifests.get(`${name}@${reference}`);
    if (found === undefined) return json(404, oops("MANIFEST_UNKNOWN", "manifest unknown"));
    const { mediaType, bytes } = found;
    const length = { "content-length": String(bytes.length), "docker-content-digest": digestOf(bytes) };
    return { status: 200, headers: { ...length, "content-type": mediaType }, body: bytes };
  };

  const upload = (method: string, name: string, { url, body }: Asked): Said => {
    const mount = url.searchParams.get("mount");
    const digest = url.searchParams.get("digest");
    const session = `/v2/${name}/blobs/uploads/one?_state=secret`;
    if (method === "POST") {
      const blob = blobs.get(`${url.searchParams.get("from")}@${mount}`);
      if (blob === undefined) return { status: 202, headers: { location: session } };
      blobs.set(`${name}@${mount}`, blob);
      return { status: 201 };
    }
    const soFar = Buffer.concat([pieces.get(name) ?? Buffer.alloc(0), body]);
    if (method === "PATCH") {
      pieces.set(name, soFar);
      return { status: 202, headers: { location: session } };
    }
    pieces.delete(name);
    if (digestOf(soFar) !== digest) return json(400, oops("DIGEST_INVALID", "provided digest did not match"));
    blobs.set(`${name}@${digest}`, soFar);
    return { status: 201 };
  };
  const pieces = new Map<string, Buffer>();

  const tagPage = (name: string, url: URL): Said => {
    const all = [...manifests.keys()].filter((key) => key.startsWith(`${name}@`) && !key.includes(":"));
    const tags = all.map((key) => key.split("@")[1] ?? "").sort();
    if (tags.length === 0) return json(404, oops("NAME_UNKNOWN", "repository name not known to registry"));
    const from = Number(url.searchParams.get("last") ?? 0);
    const to = from + (options.pageSize ?? 1000);
    const next = to < tags.length ? { link: `</v2/${name}/tags/list?last=${to}>; rel="next"` } : {};
    return json(200, { name, tags: tags.slice(from, to) }, next);
  };

  const referrers = (name: string, digest: string): Said => {
    if (options.referrers !== true) return { status: 404, body: "404 page not found" };
    const pointing = [...manifests].filter(
      ([key, { bytes }]) =>
        key.startsWith(`${name}@sha256:`) && JSON.parse(bytes.toString()).subject?.digest === digest,
    );
    const found = pointing.map(([, { mediaType, bytes }]) => ({
      mediaType,
      digest: digestOf(bytes),
      size: bytes.length,
      artifactType: JSON.parse(bytes.toString()).artifactType,
    }));
    return json(200, { schemaVersion: 2, manifests: found });
  };

  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const asked = await hear(request);
      requests.push(asked);
      const said = intercept(asked) ?? answer(asked);
      if (said.fault !== undefined) throw new RestError(`socket ${said.fault}`, { code: said.fault, request });
      return respond(request, said);
    },
  };

  return {
    host,
    httpClient,
    requests,
    blobs,
    manifests,
    put,
    /** Lines of what was asked, without the token service's. */
    lines: () => requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`),
    revoke: () => good.clear(),
    refuse,
    intercept: (how: (asked: Asked) => Said | undefined) => {
      intercept = how;
    },
  };
}

export function digestOf(bytes: Buffer | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function oops(code: string, message: string, detail?: unknown) {
  return { errors: [{ code, message, detail }] };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Said {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

async function hear(request: PipelineRequest): Promise<Asked> {
  const headers = Object.fromEntries(
    Object.entries(request.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const body: unknown = request.body ?? "";
  let bytes: Buffer = Buffer.from(typeof body === "string" ? body : "");
  if (Buffer.isBuffer(body)) bytes = body;
  else if (body instanceof Readable) {
    const chunks: Buffer[] = [];
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    request.abortSignal?.addEventListener("abort", () =>
      reject(Object.assign(new Error("The operation was aborted."), { name: "AbortError" })),
    );
    const reading = (async () => {
      for await (const chunk of body) chunks.push(Buffer.from(chunk));
    })();
    await Promise.race([reading, aborted]);
    bytes = Buffer.concat(chunks);
  }
  const { method, url } = request;
  return { method, url: new URL(url), authorization: headers["authorization"], headers, body: bytes };
}

function respond(request: PipelineRequest, { status, headers = {}, body = "" }: Said): PipelineResponse {
  const head = { request, status, headers: createHttpHeaders(headers) };
  if (request.method === "HEAD") return head;
  if (request.streamResponseStatusCodes?.has(status) === true) {
    return { ...head, readableStreamBody: Readable.from([Buffer.from(body)]) };
  }
  return { ...head, bodyAsText: body.toString() };
}
