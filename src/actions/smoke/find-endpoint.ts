import type { KubeObject, ObjectRef } from "../../kubernetes/kube-object.ts";
import { countOf, fieldOf, listOf, textOf, textsOf } from "../../rollout/read-field.ts";
import type { ServicePlace } from "../../smoke/parse-place.ts";
import { listNearNames } from "../../spelling/near-names.ts";
import type { Scope } from "./scope.ts";
import { explainWay, Unreached } from "./unreached.ts";

const SERVICE = { apiVersion: "v1", kind: "Service" } as const;
const POD = { apiVersion: "v1", kind: "Pod" } as const;
const SLICE = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" } as const;

/** A port of a Service, as its spec has it. */
export interface ServicePort {
  readonly name: string;
  readonly number: number;
  readonly scheme: "http" | "https";
}

/** A pod that takes connections for a Service, and the port on which it does. */
export interface Endpoint {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly port: number;
}

/**
 * The port of a Service that a place names.
 *
 * @throws Unreached when there is no such Service or port
 * @throws UserError `smoke-forbidden`
 */
export async function findServicePort(place: ServicePlace, scope: Scope): Promise<ServicePort> {
  const services = await list(SERVICE, place, scope);
  const service = services.find(({ metadata }) => metadata.name === place.name);
  if (service === undefined) {
    const near = listNearNames(
      place.name,
      services.map(({ metadata }) => metadata.name),
    );
    const meant = near.length === 0 ? "" : ` (there is ${near.join(", ")})`;
    throw new Unreached(`no Service "${place.name}" in the namespace "${place.namespace}"${meant}`);
  }
  const ports = listOf(service, "spec", "ports")
    .filter((port) => ["", "TCP"].includes(textOf(port, "protocol")))
    .map(readPort);
  const found = ports.find(({ name, number }) => place.port === name || place.port === String(number));
  if (found !== undefined) return found;
  const there = ports.map(({ name, number }) => (name === "" ? number : `${number} (${name})`)).join(", ");
  throw new Unreached(
    `the Service "${place.name}" has no port ${place.port}${there === "" ? "" : `; it has ${there}`}`,
    [refOf(place)],
  );
}

function readPort(port: unknown): ServicePort {
  const name = textOf(port, "name");
  const number = countOf(port, "port") ?? 0;
  const said = textOf(port, "appProtocol").toLowerCase();
  const secured = said === "" ? /^https(?:-|$)|-https$/.test(name) || number === 443 : said === "https";
  return { name, number, scheme: secured ? "https" : "http" };
}

/**
 * The newest pod that is ready to take connections for a port of a Service.
 *
 * @throws Unreached when there is none
 * @throws UserError `smoke-forbidden`
 */
export async function findEndpoint(place: ServicePlace, port: ServicePort, scope: Scope): Promise<Endpoint> {
  const slices = await listSlices(place, scope);
  // Only their age is asked for: who may not see pods takes any.
  const pods = await list(POD, place, scope).catch(() => []);
  const bornOf = new Map(pods.map(({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ""]));
  const ready = slices
    .flatMap((slice) => listReady(slice, port))
    .toSorted((a, b) => (bornOf.get(b.pod.name) ?? "").localeCompare(bornOf.get(a.pod.name) ?? ""));
  const [newest] = ready;
  if (newest !== undefined) return newest;
  const involved = involvedIn(place, slices);
  const bare = slices.some((slice) =>
    listOf(slice, "endpoints").some((each) => textOf(each, "targetRef", "name") === ""),
  );
  throw new Unreached(
    bare
      ? `the Service "${place.name}" leads to addresses that are no pods, to which no port can be forwarded`
      : `no pod of the Service "${place.name}" is ready`,
    involved,
  );
}

/** The Service of a place and the pods behind it, ready or not: what explains that it does not answer as it should. */
export async function listInvolved(place: ServicePlace, scope: Scope): Promise<readonly ObjectRef[]> {
  try {
    return involvedIn(place, await listSlices(place, scope));
  } catch {
    // Whoever may only use the proxy learns less, and not nothing.
    return [refOf(place)];
  }
}

async function listSlices(place: ServicePlace, scope: Scope): Promise<readonly KubeObject[]> {
  const slices = await list(SLICE, place, scope);
  return slices.filter((slice) => textsOf(slice, "metadata", "labels")["kubernetes.io/service-name"] === place.name);
}

async function list(
  kind: typeof SERVICE | typeof POD | typeof SLICE,
  { namespace }: ServicePlace,
  scope: Scope,
): Promise<readonly KubeObject[]> {
  try {
    return await scope.watches.list(kind, namespace);
  } catch (error) {
    const resource = `${kind.kind.toLowerCase()}s`;
    const group = kind === SLICE ? "discovery.k8s.io" : "";
    throw explainWay(
      error,
      { what: `list ${resource}`, namespace, group, resource, verbs: ["list", "watch"] },
      [],
      scope.world,
    );
  }
}

/** A slice's ports are those of its pods, under the names that the Service gives them. */
function listReady(slice: KubeObject, { name }: ServicePort): readonly Endpoint[] {
  const port = listOf(slice, "ports").find((each) => textOf(each, "name") === name);
  const number = countOf(port, "port");
  if (number === undefined) return [];
  return listOf(slice, "endpoints").flatMap((endpoint) => {
    const pod = podOf(slice, endpoint);
    // Undefined is to be taken for ready: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1
    const ready =
      fieldOf(endpoint, "conditions", "ready") !== false && fieldOf(endpoint, "conditions", "terminating") !== true;
    return pod === undefined || !ready ? [] : [{ pod, port: number }];
  });
}

const MOST_INVOLVED = 5;

function involvedIn(place: ServicePlace, slices: readonly KubeObject[]): readonly ObjectRef[] {
  const pods = slices.flatMap((slice) =>
    listOf(slice, "endpoints").flatMap((endpoint) => {
      const pod = podOf(slice, endpoint);
      return pod === undefined ? [] : [{ ...POD, ...pod }];
    }),
  );
  return [refOf(place), ...pods.slice(0, MOST_INVOLVED)];
}

function podOf(slice: KubeObject, endpoint: unknown): Endpoint["pod"] | undefined {
  const name = textOf(endpoint, "targetRef", "name");
  if (name === "" || textOf(endpoint, "targetRef", "kind") !== "Pod") return undefined;
  return { namespace: slice.metadata.namespace ?? "", name };
}

function refOf({ namespace, name }: ServicePlace): ObjectRef {
  return { ...SERVICE, namespace, name };
}
