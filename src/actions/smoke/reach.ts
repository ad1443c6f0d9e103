import { UserError } from "../../kit/user-error.ts";
import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import { type DirectPlace, type Place, parsePlace, type ServicePlace } from "../../smoke/parse-place.ts";
import type { Route } from "../../smoke/spec/place.ts";
import { askByProxy } from "./ask-by-proxy.ts";
import { askInCluster } from "./ask-in-cluster.ts";
import { findEndpoint, findServicePort, listInvolved, type ServicePort } from "./find-endpoint.ts";
import { requireFit, whatProxyLacks } from "./fit-route.ts";
import { checkRequest, type PlaceRequest, type Reached } from "./place-request.ts";
import type { Scope } from "./scope.ts";
import { explainWay, STREAM_VERBS, Unreached } from "./unreached.ts";
import type { Dial } from "./world.ts";

/**
 * Asks a place over HTTP: directly, or a Service of the cluster by the route that the request names, else by the one
 * that fits. That is the API server's proxy, unless it cannot carry the request or is forbidden; then a forwarded port.
 *
 * @throws Unreached when no whole answer came
 * @throws UserError `smoke-place-invalid`, `smoke-route-unfit`, `smoke-request-invalid`, `smoke-forbidden`,
 *   `smoke-needs-cluster`
 */
export async function askPlace(request: PlaceRequest, scope: Scope): Promise<Reached> {
  checkRequest(request);
  const place = readPlace(request.url, scope);
  requireFit(request, place, scope.world);
  if (request.route === "in-cluster") return askInCluster(request, place, scope);
  if (place.kind === "direct") return askDirectly(request, place, scope);
  const port = await findServicePort(place, scope);
  if (request.route === "port-forward") return askForwarded(request, place, port, "", scope);
  const lack = request.route === undefined ? whatProxyLacks(request) : undefined;
  if (lack !== undefined) return askForwarded(request, place, port, `, since the API server's proxy ${lack}`, scope);
  try {
    return await askByProxy(request, place, port, scope);
  } catch (error) {
    const forbidden = error instanceof UserError && error.code === "smoke-forbidden";
    if (request.route === "proxy" || !forbidden) throw error;
    return askForwarded(request, place, port, ", since services/proxy is forbidden", scope);
  }
}

/**
 * Where a connection goes, and how it is opened: `dial` is undefined for an address that is reached directly.
 *
 * A dial throws what this does, and a stream of a port where nobody listens ends with an Error.
 *
 * @throws Unreached while no pod takes connections there: `lookUnreached` makes a look of it
 * @throws UserError `smoke-place-invalid`, `smoke-route-unfit`, `smoke-forbidden`, `smoke-needs-cluster`
 */
export async function dialPlace(
  text: string,
  route: Route | undefined,
  scope: Scope,
): Promise<{ readonly host: string; readonly port: number; readonly dial: Dial | undefined; readonly told: string }> {
  const place = readPlace(text, scope);
  if (route !== undefined && (route !== "port-forward" || place.kind === "direct")) {
    const where = place.kind === "direct" ? "directly" : "by a forwarded port";
    throw new UserError(
      "smoke-route-unfit",
      `route: ${route} leads no connection to ${text}: it is reached ${where}.\nTo do: leave route out.`,
    );
  }
  if (place.kind === "direct") return { host: place.host, port: place.port, dial: undefined, told: "" };
  const port = await findServicePort(place, scope);
  const { dial, told } = await forwardTo(place, port, scope);
  return { host: hostOf(place), port: port.number, dial, told };
}

/** What explains what a place answers: its Service and the pods behind it. Nothing is known of other addresses. */
export async function listBehind(text: string, scope: Scope): Promise<readonly ObjectRef[]> {
  const place = parsePlace(text, scope.namespace);
  return place?.kind === "service" ? listInvolved(place, scope) : [];
}

function readPlace(text: string, scope: Scope): Place {
  const place = parsePlace(text, scope.namespace);
  if (place !== undefined) return place;
  throw new UserError(
    "smoke-place-invalid",
    `Nothing can be reached at ${JSON.stringify(scope.world.redact(text))}: expected https://…, http://…, host:port or service://namespace/name:port/path.\nTo do: correct it, or the bindings in it.`,
  );
}

async function askDirectly(request: PlaceRequest, { url = "" }: DirectPlace, scope: Scope): Promise<Reached> {
  try {
    return { answer: await scope.world.network.http({ ...request, url, until: scope.until }), told: "" };
  } catch (error) {
    throw unreachedBy(error, [], scope);
  }
}

async function askForwarded(
  request: PlaceRequest,
  place: ServicePlace,
  port: ServicePort,
  because: string,
  scope: Scope,
): Promise<Reached> {
  const { dial, told } = await forwardTo(place, port, scope);
  const url = `${port.scheme}://${hostOf(place)}:${port.number}${place.path}`;
  try {
    // The forwarded port says who answers, as the API server's proxy does, which asks for no certificate either.
    const answer = await scope.world.network.http({ ...request, url, dial, anyCertificate: true, until: scope.until });
    return { answer, told: `${told}${because}` };
  } catch (error) {
    throw unreachedBy(error, await listInvolved(place, scope), scope);
  }
}

async function forwardTo(
  place: ServicePlace,
  port: ServicePort,
  scope: Scope,
): Promise<{ readonly dial: Dial; readonly told: string }> {
  const { pod, port: own } = await findEndpoint(place, port, scope);
  const dial: Dial = async () => {
    try {
      return await scope.cluster.forward(pod, own);
    } catch (error) {
      const right = { ...pod, what: "forward ports to pods", resource: "pods/portforward", verbs: STREAM_VERBS };
      throw explainWay(error, right, [{ apiVersion: "v1", kind: "Pod", ...pod }], scope.world);
    }
  };
  return { dial, told: `by port ${own} of the pod ${pod.name}` };
}

/** The name that pods of the cluster know it by: what the server is told of whom is asked. */
function hostOf({ name, namespace }: ServicePlace): string {
  return `${name}.${namespace}.svc`;
}

function unreachedBy(error: unknown, involved: readonly ObjectRef[], { world }: Scope): unknown {
  const fault = world.network.readFault(error);
  return fault === undefined ? error : new Unreached(fault.message, involved, { cause: error });
}
