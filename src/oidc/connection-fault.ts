/** Faults of a connection that may pass by themselves; a wrong name or certificate does not. */
const PASSING: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was cut",
  ECONNREFUSED: "the connection was refused",
  ETIMEDOUT: "no answer in time",
  EPIPE: "the connection was cut",
  EAI_AGAIN: "the name server did not answer",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "the host is unreachable",
};

const LASTING: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such host name here",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the certificate is signed by an authority that Node does not know (a TLS-inspecting proxy?)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the certificate is signed by an authority that Node does not know (a TLS-inspecting proxy?)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the certificate is signed by an authority that Node does not know (a TLS-inspecting proxy?)",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  CERT_HAS_EXPIRED: "the certificate has expired (or the runner's clock is wrong)",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another host",
};

/** True for a fault that another try may not meet again. */
export function isPassingFault(error: unknown): boolean {
  return codesOf(error).some((code) => code in PASSING);
}

/** A connection fault in words, with its code: `there is no such host name here (ENOTFOUND)`. */
export function describeConnectionFault(error: unknown): string {
  const codes = codesOf(error);
  const known = codes.find((code) => code in PASSING || code in LASTING);
  if (known !== undefined) return `${PASSING[known] ?? LASTING[known]} (${known})`;
  return error instanceof Error ? error.message : String(error);
}

/** Codes of an error and of its causes: `fetch` and the toolkit bury them. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ("code" in current && typeof current.code === "string") codes.push(current.code);
    // The toolkit keeps only the message of the error below it.
    codes.push(...(/\b(E[A-Z_]{4,}|[A-Z]+_[A-Z_]{6,})\b/.exec(current.message)?.slice(1) ?? []));
    current = current.cause;
  }
  return codes;
}
