import type { Readable } from "node:stream";

/** A request as the emulator sees it, whoever carried it: the proxy, a pipeline client, a test. */
export interface WireRequest {
  readonly method: string;
  /** Absolute, with the real host name. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer; a header with several values is a list. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** A request whose body comes piece by piece, for services that ask for streams. Empty where there is none. */
export interface StreamedRequest extends Omit<WireRequest, "body"> {
  readonly body: Readable;
}

/** An answer whose body may come piece by piece. A content-length is the service's to give. */
export interface StreamedResponse extends Omit<WireResponse, "body"> {
  readonly body: string | Buffer | Readable;
}

export type Json = Readonly<Record<string, unknown>>;

/** The far side hung up: `answer` rejects with it, the proxy destroys the socket, a pipeline client gets a RestError with this code. */
export class ConnectionReset extends Error {
  readonly code = "ECONNRESET";
  constructor() {
    super("socket hang up");
    this.name = "ConnectionReset";
  }
}

export function jsonResponse(status: number, body: unknown, headers: WireResponse["headers"] = {}): WireResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function emptyResponse(status: number, headers: WireResponse["headers"] = {}): WireResponse {
  return { status, headers, body: "" };
}

export function bodyText(request: WireRequest): string {
  return request.body === undefined ? "" : request.body.toString();
}

/** The body as an object, or undefined where there is none or it is something else. */
export function bodyJson(request: WireRequest): Json | undefined {
  try {
    return asObject(JSON.parse(bodyText(request)));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The token of an `Authorization: Bearer` header; kubelogin writes the scheme in lower case. */
export function bearerToken(request: Pick<WireRequest, "headers">): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(request.headers["authorization"] ?? "")?.[1];
}
