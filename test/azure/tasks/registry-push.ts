import { Readable } from "node:stream";
import { readAll } from "../streams.ts";
import { asObject, asText, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import type { PushedImage, RegistryLogin } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import type { Content, Image } from "./image.ts";
import { NULL_USER } from "./registry-logins.ts";

/** Carries requests to registries: the emulator itself. */
export type Ask = (request: StreamedRequest) => Promise<StreamedResponse>;

/** Pushes as docker does: a token for the repository, blobs that are not there yet, then manifests. */
export interface RegistryPush {
  /** @throws TaskFailure where the registry does not take the password */
  login(login: RegistryLogin): Promise<void>;
  /** @throws TaskFailure in docker's words */
  push(reference: string, image: Image, signal: AbortSignal): Promise<PushedImage>;
}

export function createRegistryPush(ask: Ask): RegistryPush {
  const passwords = new Map<string, RegistryLogin>();
  const token = async (host: string, scope: string): Promise<string | undefined> => {
    const login = passwords.get(host);
    if (login === undefined) return undefined;
    const form = { grant_type: "password", service: host, username: login.username, password: login.password };
    const refresh = { grant_type: "refresh_token", service: host, refresh_token: login.password };
    const body = new URLSearchParams({
      ...(login.username === NULL_USER ? refresh : form),
      ...(scope === "" ? {} : { scope }),
    });
    const { status, text } = await send(ask, "POST", `https://${host}/oauth2/token`, `${body}`, {
      "content-type": "application/x-www-form-urlencoded",
    });
    if (status !== 200) throw refusal(status, text);
    return asText(asObject(JSON.parse(text))?.["access_token"]);
  };
  return {
    login: async (login) => {
      passwords.set(login.host, login);
      await token(login.host, "");
    },
    push: async (reference, image, signal) => {
      const [host = "", ...path] = reference.split("/");
      const [name = "", tag = "latest"] = path.join("/").split(":");
      const granted = await token(host, `repository:${name}:pull,push`);
      const headers = granted === undefined ? {} : { authorization: `Bearer ${granted}` };
      const repository = { ask, base: `https://${host}/v2/${name}`, headers, signal };
      await pushImage(repository, image, tag);
      return { digest: image.manifest.digest, size: image.manifest.size };
    },
  };
}

interface Repository {
  readonly ask: Ask;
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function pushImage(repository: Repository, image: Image, reference: string): Promise<void> {
  for (const child of image.children) await pushImage(repository, child, child.manifest.digest);
  for (const blob of image.blobs) await pushBlob(repository, blob);
  const { ask, base, headers, signal } = repository;
  signal.throwIfAborted();
  const { manifest } = image;
  const bytes = await readAll(manifest.open());
  const put = await send(ask, "PUT", `${base}/manifests/${reference}`, bytes, {
    ...headers,
    "content-type": manifest.mediaType,
  });
  if (put.status !== 201) throw refusal(put.status, put.text);
}

async function pushBlob({ ask, base, headers, signal }: Repository, { digest, open }: Content): Promise<void> {
  signal.throwIfAborted();
  const head = await send(ask, "HEAD", `${base}/blobs/${digest}`, "", headers);
  if (head.status === 200) return;
  const begun = await send(ask, "POST", `${base}/blobs/uploads/`, "", headers);
  if (begun.status !== 202) throw refusal(begun.status, begun.text);
  const location = new URL(begun.location, base);
  location.searchParams.set("digest", digest);
  const done = await send(ask, "PUT", `${location}`, open(), {
    ...headers,
    "content-type": "application/octet-stream",
  });
  if (done.status !== 201) throw refusal(done.status, done.text);
}

async function send(
  ask: Ask,
  method: string,
  url: string,
  body: string | Buffer | Readable,
  headers: Readonly<Record<string, string>>,
) {
  const stream = body instanceof Readable ? body : Readable.from(body.length === 0 ? [] : [Buffer.from(body)]);
  const length = body instanceof Readable ? {} : { "content-length": `${Buffer.byteLength(body)}` };
  const given = { method, url, headers: { "user-agent": "docker/28.2.2", ...length, ...headers }, body: stream };
  const response = await ask(given);
  const bytes = response.body instanceof Readable ? await readAll(response.body) : response.body;
  return { status: response.status, text: bytes.toString(), location: `${response.headers["location"] ?? ""}` };
}

/** What docker prints of an answer that it did not want. */
function refusal(status: number, text: string): TaskFailure {
  try {
    const errors = (JSON.parse(text) as { errors?: readonly { code: string; message: string }[] }).errors ?? [];
    const [first] = errors;
    if (first !== undefined)
      return new TaskFailure(`${first.code.toLowerCase().replaceAll("_", " ")}: ${first.message}`);
  } catch {
    // No JSON: said below.
  }
  return new TaskFailure(`received unexpected HTTP status: ${status}`);
}
