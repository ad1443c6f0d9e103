import type { NetworkFault } from "../actions/smoke/world.ts";
import { harmless } from "../kit/harmless.ts";
import { describeConnectionFault } from "../oidc/connection-fault.ts";

/** Why no answer came. */
export class NetworkError extends Error implements NetworkFault {
  override readonly name = "NetworkError";
  readonly kind: NetworkFault["kind"];

  constructor(kind: NetworkFault["kind"], message: string, options: { readonly cause?: unknown } = {}) {
    super(harmless(message).replaceAll(/\s*\n\s*/g, " "), options);
    this.kind = kind;
  }
}

const KINDS: Readonly<Record<string, NetworkFault["kind"]>> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "unknown-host",
  EAI_AGAIN: "unknown-host",
  ETIMEDOUT: "timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  EPROTO: "tls",
};

/** Codes that Node has for what is no fault of a connection, in words. */
const WORDS: readonly { readonly fits: RegExp; readonly words: string }[] = [
  { fits: /^HPE_HEADER_OVERFLOW$/, words: "the answer's headers are longer than 16 KiB" },
  { fits: /^HPE_/, words: "what answers does not speak HTTP" },
  { fits: /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/, words: "what answers does not speak TLS" },
  {
    fits: /^ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED$/,
    words: "it wants a certificate of the client's, which smoke tests have none of",
  },
  { fits: /^Z_/, words: "the answer's compression is broken" },
];

/** A fault of Node's, as what a smoke test says of it. */
export function toNetworkError(fault: unknown): NetworkError {
  if (fault instanceof NetworkError) return fault;
  const { code, message } = readFields(fault);
  const known = WORDS.find((each) => each.fits.test(code));
  const words = known === undefined ? describe(code, message) : `${known.words} (${code})`;
  const kind = KINDS[code] ?? (code.startsWith("ERR_SSL_") ? "tls" : "other");
  return new NetworkError(kind, words, { cause: fault });
}

function describe(code: string, message: string): string {
  return describeConnectionFault(Object.assign(new Error(message), { code }));
}

/** The code that Node gave an error, such as `ECONNRESET`; empty where there is none. */
export function codeOf(fault: unknown): string {
  return readFields(fault).code;
}

function readFields(fault: unknown): { readonly code: string; readonly message: string } {
  const { code, message = String(fault) } = (fault ?? {}) as { readonly code?: unknown; readonly message?: string };
  return { code: typeof code === "string" ? code : "", message };
}
