import type { IncomingMessage } from "node:http";
import { parseJsonObject } from "../kit/json-object.ts";
import { readRefusal } from "./ask.ts";
import type { KubeRefusal } from "./kube-refusal.ts";
import type { ProxyRequest } from "./pod-access.ts";

type Head = Pick<IncomingMessage, "statusCode" | "headers">;

/** What priority and fairness says when it takes no more requests: no `Status`. */
const TOO_MANY = "Too many requests, please try again later.";

/**
 * The API server's own refusal of a request that it should have passed on; undefined for the application's answer.
 *
 * Seen with Kubernetes 1.36: no header says which of the two it is (`audit-id` and `cache-control` come with both). What
 * is the API server's own is told by all of
 *
 * - content type `application/json`, without a charset
 * - a `Status` of `v1` that is a `Failure`, with the answer's own status as its `code`, ended by a line feed as Go's
 *   encoder does it
 * - one `audit-id`: what another API server answers behind this one has two
 * - for a 404, the name of the Service or pod that was asked for in its `details`
 *
 * An application that says just this of its own Service is taken for the API server. The other mistake would be worse: a
 * Service that is not there would pass a test that wants a 404.
 */
export function readOwnRefusal(
  { statusCode = 0, headers }: Head,
  body: string,
  { resource, target }: Pick<ProxyRequest, "resource" | "target">,
): KubeRefusal | undefined {
  if (statusCode < 400) return undefined;
  const refusal = readRefusal(statusCode, body);
  if (statusCode === 429 && body.trim() === TOO_MANY) return refusal;
  if (headers["content-type"] !== "application/json" || !body.endsWith("\n")) return undefined;
  if (String(headers["audit-id"] ?? "").includes(",")) return undefined;
  const { apiVersion, kind, status, code, details } = parseJsonObject(body);
  if (apiVersion !== "v1" || kind !== "Status" || status !== "Failure" || code !== statusCode) return undefined;
  const { name, kind: plural } = (details ?? {}) as { readonly name?: unknown; readonly kind?: unknown };
  if (statusCode === 404 && (name !== target.name || plural !== resource)) return undefined;
  return refusal;
}
