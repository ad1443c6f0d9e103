import type { Effect, FaultMatch, FaultPlan } from "../faults.ts";
import type { Json } from "../wire.ts";

/** What people have reported of a registry, by name. */
export type AcrFault =
  | "exchange-unauthorized"
  | "exchange-forbidden"
  | "token-unavailable"
  | "firewall"
  | "upload-unauthorized"
  | "upload-bad-gateway"
  | "upload-gateway-timeout"
  | "upload-cut"
  | "upload-reset"
  | "manifest-throttled"
  | "manifest-disallowed"
  | "throttled"
  | "pull-cut"
  | "delete-gone";

export interface AcrFaultOptions {
  /** How many requests it spoils; 1 where left out. */
  readonly times?: number;
  /** How many matching requests pass before. */
  readonly after?: number;
  /** `Retry-After` of what is throttled; 0 leaves it out. 1 where left out. */
  readonly retryAfterSeconds?: number;
  /** Where a body is cut; 1024 where left out. */
  readonly bytes?: number;
  /** Narrows the fault to such paths. */
  readonly path?: RegExp;
}

const UPLOAD = { method: /^(PATCH|PUT)$/, path: /\/blobs\/uploads\/[^/]+$/ };
const MANIFEST = { method: "PUT", path: /\/manifests\/[^/]+$/ };
const CONTENTS = { path: /^\/(v2|acr\/v1)\// };

const CORRELATION = "c0ffee00-0000-4000-8000-000000000000";

/** Adds a fault to the plan of the whole, for one login server. Its name in the record is `acr <fault>`. */
export function addAcrFault(plan: FaultPlan, host: string, fault: AcrFault, options: AcrFaultOptions = {}): void {
  const { when, effect } = FAULTS[fault](options, host);
  const { times = 1, after, path } = options;
  const narrowed = path === undefined ? when : { ...when, path };
  plan.add(
    { name: `acr ${fault}`, when: { ...narrowed, host }, times, ...(after === undefined ? {} : { after }) },
    effect,
  );
}

/** The same for a fault as JSON, which comes from another process. @throws Error where there is no such fault */
export function addAcrFaultFrom(
  registry: { fault(fault: AcrFault, options?: AcrFaultOptions): void },
  order: Json,
): void {
  const { fault, path, ...numbers } = order;
  const known = Object.keys(FAULTS).find((name) => name === fault) as AcrFault | undefined;
  if (known === undefined) throw new Error(`No fault "${fault}": there are ${Object.keys(FAULTS).join(", ")}`);
  registry.fault(known, { ...numbers, ...(typeof path === "string" ? { path: new RegExp(path) } : {}) });
}

type Make = (options: AcrFaultOptions, host: string) => { readonly when: FaultMatch; readonly effect: Effect };

const FAULTS: Readonly<Record<AcrFault, Make>> = {
  "exchange-unauthorized": () => ({
    when: { method: "POST", path: /^\/oauth2\/exchange$/ },
    effect: refusal(401, "UNAUTHORIZED", unauthorized()),
  }),
  "exchange-forbidden": () => ({
    when: { method: "POST", path: /^\/oauth2\/exchange$/ },
    effect: refusal(403, "DENIED", denied()),
  }),
  "token-unavailable": () => ({ when: { path: /^\/oauth2\/token$/ }, effect: page(503, "Service Unavailable") }),
  firewall: () => ({ when: {}, effect: refusal(403, "DENIED", denied()) }),
  "upload-unauthorized": (_, host) => ({
    when: UPLOAD,
    effect: refusal(401, "UNAUTHORIZED", unauthorized(), {
      "www-authenticate": `Bearer realm="https://${host}/oauth2/token",service="${host}",error="invalid_token"`,
    }),
  }),
  "upload-bad-gateway": () => ({ when: UPLOAD, effect: page(502, "Bad Gateway") }),
  "upload-gateway-timeout": () => ({ when: UPLOAD, effect: page(504, "Gateway Time-out") }),
  "upload-cut": ({ bytes = 1024 }) => ({ when: UPLOAD, effect: { kind: "cut", of: "request", bytes } }),
  "upload-reset": () => ({ when: UPLOAD, effect: { kind: "reset", carriedOut: true } }),
  "manifest-throttled": (options) => ({ when: MANIFEST, effect: throttled(options) }),
  "manifest-disallowed": () => ({
    when: MANIFEST,
    effect: refusal(
      405,
      "REGISTRY_DISALLOWED_OPERATION",
      "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation",
    ),
  }),
  throttled: (options) => ({ when: CONTENTS, effect: throttled(options) }),
  "pull-cut": ({ bytes = 1024 }) => ({
    when: { method: "GET", path: /\/blobs\/sha256:/ },
    effect: { kind: "cut", of: "response", bytes },
  }),
  "delete-gone": () => ({
    when: { method: "DELETE", path: /^\/(v2|acr\/v1)\// },
    effect: refusal(404, "NAME_UNKNOWN", "repository name not known to registry"),
  }),
};

function refusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Effect {
  return { kind: "respond", status, headers, body: { errors: [{ code, message }] } };
}

function unauthorized(): string {
  return `authentication required, visit https://aka.ms/acr/authorization for more information. CorrelationId: ${CORRELATION}`;
}

function denied(): string {
  return "client with IP '203.0.113.10' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
}

function throttled({ retryAfterSeconds = 1 }: AcrFaultOptions): Effect {
  const headers = retryAfterSeconds === 0 ? {} : { "retry-after": `${retryAfterSeconds}` };
  return refusal(429, "TOOMANYREQUESTS", "too many requests", headers);
}

/** A gateway answers with a page where clients expect JSON. */
function page(status: number, title: string): Effect {
  const body = `<!DOCTYPE html>\n<html>\n<head><title>${status} ${title}</title></head>\n<body><center><h1>${status} ${title}</h1></center><hr><center>nginx</center></body>\n</html>\n`;
  return { kind: "respond", status, body };
}
