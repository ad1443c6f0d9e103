import { types } from "node:util";
import { NatsFault, type NatsFaultCode } from "../smoke/nats-fault.ts";

/** JetStream's own codes: https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const BY_API_CODE: Readonly<Record<number, NatsFaultCode>> = {
  10039: "jetstream-off",
  10059: "no-stream",
  10060: "wrong-stream",
  10070: "wrong-sequence",
  10071: "wrong-sequence",
  10076: "jetstream-off",
  10164: "wrong-sequence",
};

/** The client's errors by their names. Its classes are not asked for, since that would load it. */
const BY_NAME: Readonly<Record<string, NatsFaultCode>> = {
  AuthorizationError: "login-refused",
  UserAuthenticationExpiredError: "login-refused",
  PermissionViolationError: "forbidden",
  NoResponders: "no-responders",
  TimeoutError: "timeout",
  JetStreamNotEnabled: "jetstream-off",
  ClosedConnectionError: "lost",
  DrainingConnectionError: "lost",
  ConnectionError: "unreachable",
};

/** What the client calls it when a connection ends under a request. */
const LOST = /^connection (?:closed|disconnected)$/;

/**
 * An error of the client as a fault. A refusal comes wrapped in a `RequestError`, which says nothing of its own.
 *
 * @param doing what was tried, such as `publishing to orders.new`
 */
export function readFault(error: unknown, doing: string): NatsFault {
  if (error instanceof NatsFault) return error;
  const chain = listChain(error);
  const kind = chain.map(findKind).find((found) => found !== undefined) ?? "refused";
  return new NatsFault(kind, `${doing}: ${tell(kind, chain.at(-1))}`, { cause: error });
}

function listChain(error: unknown): readonly unknown[] {
  const chain: unknown[] = [error];
  for (let at = error; types.isNativeError(at) && at.cause !== undefined && chain.length < 8; at = at.cause) {
    chain.push(at.cause);
  }
  return chain;
}

function findKind(error: unknown): NatsFaultCode | undefined {
  if (!types.isNativeError(error)) return undefined;
  if (error.name === "JetStreamApiError" || error.name.endsWith("NotFoundError")) {
    return BY_API_CODE[(error as Error & { readonly code?: number }).code ?? 0] ?? "refused";
  }
  if (error.name === "RequestError" && LOST.test(error.message)) return "lost";
  return BY_NAME[error.name] ?? ("syscall" in error ? "unreachable" : undefined);
}

/** What people know it by, where the client's own words say less. */
const WORDS: Partial<Readonly<Record<NatsFaultCode, string>>> = {
  lost: "the connection has ended",
  timeout: "no answer came in time",
  "no-responders": "nobody answers there",
  "jetstream-off": "JetStream is not enabled",
};

/** Words of the client that say nothing to people. */
const EMPTY = /^(?:|jetstream is not enabled|no responders.*|error connecting - node provided an undefined error)$/;

function tell(code: NatsFaultCode, root: unknown): string {
  const said = types.isNativeError(root) ? root.message : String(root ?? "");
  if (EMPTY.test(said)) return WORDS[code] ?? "the connection was closed";
  return code === "jetstream-off" ? `${WORDS[code]}: ${said}` : (WORDS[code] ?? said);
}
