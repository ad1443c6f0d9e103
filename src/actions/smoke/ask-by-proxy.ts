import type { ServicePlace } from "../../smoke/parse-place.ts";
import { listInvolved, type ServicePort } from "./find-endpoint.ts";
import type { PlaceRequest, Reached } from "./place-request.ts";
import type { Scope } from "./scope.ts";
import { explainWay } from "./unreached.ts";

/**
 * Asks a Service by way of the API server.
 *
 * @throws Unreached, also for what the API server itself says, such as that no pod is ready
 * @throws UserError `smoke-forbidden`
 */
export async function askByProxy(
  request: PlaceRequest,
  place: ServicePlace,
  port: ServicePort,
  scope: Scope,
): Promise<Reached> {
  const { world, cluster, until } = scope;
  const { method, headers, body, timeoutMs } = request;
  const { namespace, name, path } = place;
  const begun = world.monotonic();
  try {
    const answer = await cluster.proxy({
      resource: "services",
      target: { namespace, name },
      port: String(port.number),
      scheme: port.scheme,
      method,
      path,
      headers,
      body,
      timeoutMs,
      until,
    });
    const latencyMs = world.monotonic() - begun;
    const told = { told: "by the API server's proxy" };
    return { ...told, answer: { ...answer, latencyMs, url: request.url, certificate: undefined } };
  } catch (error) {
    const right = { what: `${VERBS[method] ?? "get"} by the proxy of Services`, namespace, resource: "services/proxy" };
    const instead = "use route: port-forward";
    const all = { ...right, verbs: [VERBS[method] ?? "get"], instead };
    throw explainWay(error, all, await listInvolved(place, scope), world);
  }
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
const VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  OPTIONS: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
