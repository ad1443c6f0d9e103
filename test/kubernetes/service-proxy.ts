import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Json } from "./field-paths.ts";
import type { Target } from "./request-path.ts";
import { notFound, Refusal } from "./status.ts";
import type { Store } from "./store.ts";

/** What comes out of the API server at an application. */
export interface ProxiedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ProxiedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An application; undefined for one that never answers. */
export type Application = (request: ProxiedRequest) => ProxiedAnswer | undefined;

/** By `namespace/services/web:http` as it stands in the path. */
export type Applications = ReadonlyMap<string, Application>;

/** Passes a request on to an application, as the API server does. @throws Refusal @returns the status; 0 for none */
export function passOn(
  store: Store,
  { kind, namespace = "", name = "" }: Target,
  { headers, ...request }: ProxiedRequest,
  applications: Applications,
  response: ServerResponse,
): number {
  const [port = "", own = ""] = name.split(":").reverse();
  const object = store.find(kind, namespace, own);
  if (object === undefined) throw notFound(kind.resource, own);
  const ports = ((object["spec"] as Json | undefined)?.["ports"] ?? []) as readonly Json[];
  if (kind.kind === "Service" && !ports.some((each) => each["name"] === port || String(each["port"]) === port)) {
    throw new Refusal(503, "ServiceUnavailable", `no service port ${port} found for service "${own}"`);
  }
  const application = applications.get(`${namespace}/${kind.resource}/${name}`);
  if (application === undefined) {
    throw new Refusal(503, "ServiceUnavailable", `no endpoints available for service "${own}"`);
  }
  const { authorization: _, ...carried } = headers;
  const answer = application({ ...request, headers: carried });
  if (answer === undefined) return 0;
  for (const [key, value] of Object.entries(answer.headers ?? {})) response.appendHeader(key, value);
  response.writeHead(answer.status);
  response.end(answer.body ?? "");
  return answer.status;
}
