import { createHash, timingSafeEqual } from "node:crypto";

/** Where tokens are asked for. Clients append `&audience=` to the address they are given, so it has a query already. */
export const TOKEN_PATH = "/idtoken";

/** What of a request decides about it, as it came. */
export interface Call {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly host: string;
  readonly authorization: string;
}

/** Who may come in, and how this place is called. */
export interface Door {
  readonly port: number;
  readonly secret: string;
}

export type CallVerdict =
  /** Without an audience GitHub chooses its own. */
  | { readonly kind: "token"; readonly audience: string | undefined }
  | { readonly kind: "refuse"; readonly status: 400 | 401 | 404 | 405; readonly message: string };

const LONGEST_AUDIENCE = 2_048;

/**
 * Whether a request gets a token. Whoever reaches a loopback port may be a web page in disguise (DNS rebinding), so a
 * host that is not loopback is refused, with the right secret too.
 */
export function decideCall(call: Call, door: Door): CallVerdict {
  const [path, query = ""] = splitOnce(call.target, "?");
  const hosts = [`127.0.0.1:${door.port}`, `localhost:${door.port}`];
  if (!hosts.includes(call.host.toLowerCase())) return refuse(404, "There is no such host here.");
  if (path !== TOKEN_PATH) return refuse(404, "There is no such path here.");
  if (call.method !== "GET") return refuse(405, "Tokens are asked for with GET.");
  if (!isSame(call.authorization, `Bearer ${door.secret}`)) return refuse(401, "The relay's own token is missing.");
  const audiences = new URLSearchParams(query).getAll("audience");
  if (audiences.length > 1) return refuse(400, "A token has one audience.");
  if ((audiences[0]?.length ?? 0) > LONGEST_AUDIENCE) return refuse(400, "That audience is too long.");
  return { kind: "token", audience: audiences[0] };
}

function refuse(status: 400 | 401 | 404 | 405, message: string): CallVerdict {
  return { kind: "refuse", status, message };
}

/** In a time that says nothing of how much was right, nor of how long the right one is. */
function isSame(given: string, right: string): boolean {
  const [one, other] = [given, right].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function splitOnce(text: string, sign: string): readonly [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
