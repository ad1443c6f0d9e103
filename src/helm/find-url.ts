import type { KubeObject, ObjectKind, ObjectRef } from "../kubernetes/kube-object.ts";
import { isTree, type Tree } from "./value-tree.ts";

/** Where a release is reached, as one of its objects says it. */
export type UrlFinding =
  | { readonly kind: "found"; readonly url: string }
  /** It has no address yet. */
  | { readonly kind: "pending" }
  /** Nothing that a browser could be pointed at. */
  | { readonly kind: "none" };

export interface UrlFacts {
  /** What a label in Azure's DNS becomes a name by: `westeurope.cloudapp.azure.com`. Undefined where nobody tells. */
  readonly zone: string | undefined;
  /** The Gateways of HTTPRoutes, by `namespace/name`. */
  readonly gateways: ReadonlyMap<string, KubeObject>;
}

const NONE: UrlFinding = { kind: "none" };
const PENDING: UrlFinding = { kind: "pending" };

const DNS_LABEL = "service.beta.kubernetes.io/azure-dns-label-name";
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/** What may say where a release is reached; the first kind counts most. */
const KINDS: readonly (ObjectKind & { readonly read: (object: KubeObject, facts: UrlFacts) => UrlFinding })[] = [
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress", read: readIngress },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", read: readRoute },
  { apiVersion: "v1", kind: "Service", read: readService },
];

/** The objects of a release that may say where it is reached, the one that counts most first. */
export function listUrlObjects(objects: readonly KubeObject[]): readonly KubeObject[] {
  return KINDS.flatMap(({ apiVersion, kind }) =>
    objects.filter((object) => object.apiVersion === apiVersion && object.kind === kind),
  ).filter((object) => object.kind !== "Service" || tree(object["spec"])["type"] === "LoadBalancer");
}

/** Whether a name in Azure's DNS leads to it. */
export function hasDnsLabel({ kind, metadata }: KubeObject): boolean {
  // What somebody has emptied by hand is null.
  const annotations = metadata.annotations ?? {};
  return kind === "Service" && text(annotations[DNS_LABEL]) !== undefined && annotations[INTERNAL] !== "true";
}

/** The Gateways that a route hangs on. */
export function listGateways({ kind, apiVersion, metadata, ...route }: KubeObject): readonly ObjectRef[] {
  if (kind !== "HTTPRoute") return [];
  return list(tree(route["spec"])["parentRefs"]).flatMap((parent) => {
    if ((parent["kind"] ?? "Gateway") !== "Gateway" || typeof parent["name"] !== "string") return [];
    const namespace = text(parent["namespace"]) ?? metadata.namespace;
    return [{ apiVersion, kind: "Gateway", namespace, name: parent["name"] }];
  });
}

/** Where an object, as the cluster has it now, leads to. The address has no slash at its end. */
export function findUrl(object: KubeObject, facts: UrlFacts): UrlFinding {
  const known = KINDS.find(({ apiVersion, kind }) => object.apiVersion === apiVersion && object.kind === kind);
  return known?.read(object, facts) ?? NONE;
}

function readIngress(ingress: KubeObject): UrlFinding {
  const { rules, tls } = tree(ingress["spec"]);
  const all = list(rules);
  const rule = all.find(({ host }) => isHost(host)) ?? all.find(({ host }) => host === undefined);
  // Of names that a wildcard stands for nobody knows one.
  if (rule === undefined && all.length > 0) return NONE;
  const { host: name } = rule ?? {};
  const secure = list(tls).some(({ hosts }) => coversHost(hosts, name));
  const host = text(name) ?? readAddress(ingress);
  return host === undefined ? PENDING : found(secure ? "https" : "http", host, undefined, readPath(rule ?? {}));
}

/** Of the paths of a rule the whole site, else the first that is no pattern. */
function readPath(rule: Tree): string {
  const paths = list(tree(rule["http"])["paths"]).map(({ path }) => text(path) ?? "/");
  if (paths.length === 0 || paths.includes("/")) return "";
  return (paths.find((path) => /^\/[\w.~/-]+$/.test(path)) ?? "").replace(/\/+$/, "");
}

function coversHost(hosts: unknown, host: unknown): boolean {
  const names: readonly unknown[] = Array.isArray(hosts) ? hosts : [];
  if (names.length === 0) return true;
  const wildcard = typeof host === "string" ? host.replace(/^[^.]+/, "*") : "";
  return names.some((name) => name === host || name === wildcard);
}

function readRoute(route: KubeObject, { gateways }: UrlFacts): UrlFinding {
  const { hostnames, parentRefs } = tree(route["spec"]);
  const [parent = {}] = list(parentRefs);
  const [ref] = listGateways(route);
  const gateway = ref && gateways.get(`${ref.namespace}/${ref.name}`);
  // Whether it is https, only its Gateway knows.
  if (gateway === undefined) return NONE;
  const listeners = list(tree(gateway["spec"])["listeners"]).filter(
    ({ name }) => parent["sectionName"] === undefined || parent["sectionName"] === name,
  );
  const listener = listeners.find(({ protocol }) => protocol === "HTTPS") ?? listeners.find(isHttp);
  if (listener === undefined) return NONE;
  const names = [...(Array.isArray(hostnames) ? hostnames : []), listener["hostname"]];
  const addresses = list(tree(gateway["status"])["addresses"]).map(({ value }) => text(value));
  const host = names.find(isHost) ?? addresses[0];
  const scheme = listener["protocol"] === "HTTPS" ? "https" : "http";
  return host === undefined ? PENDING : found(scheme, host, number(listener["port"]), "");
}

function isHttp({ protocol }: Tree): boolean {
  return protocol === "HTTP";
}

function readService(service: KubeObject, { zone }: UrlFacts): UrlFinding {
  const port = choosePort(list(tree(service["spec"])["ports"]));
  if (port === undefined) return NONE;
  const address = readAddress(service);
  // Azure's name leads nowhere before there is an address.
  if (address === undefined) return PENDING;
  const label = text(service.metadata.annotations?.[DNS_LABEL]);
  const named = hasDnsLabel(service) && zone !== undefined;
  return found(port.scheme, named ? `${label}.${zone}` : address, port.port, "");
}

interface WebPort {
  readonly scheme: "http" | "https";
  /** Undefined stands for the scheme's own. */
  readonly port: number | undefined;
}

/** The port of a Service that a browser asks: by its number, by what it calls itself, or because it is the only one. */
function choosePort(ports: readonly Tree[]): WebPort | undefined {
  const tcp = ports.filter(({ protocol }) => (protocol ?? "TCP") === "TCP");
  const named = tcp.map((each) => {
    const { port, name, appProtocol } = each;
    const words = `${text(appProtocol) ?? ""} ${text(name) ?? ""}`;
    const secure = port === 443 || port === 8443 || /\bhttps\b/i.test(words);
    const plain = port === 80 || port === 8080 || /\b(?:http|h2c|web)\b/i.test(words);
    const silent = ports.length === 1 && words.trim() === "";
    return {
      port: number(port),
      scheme: secure ? ("https" as const) : ("http" as const),
      web: secure || plain || silent,
    };
  });
  const web = named.filter((each) => each.web);
  return web.find(({ port }) => port === 443) ?? web.find(({ port }) => port === 80) ?? web[0];
}

/** What the cloud has given: an address or a name. */
function readAddress(object: KubeObject): string | undefined {
  const [first = {}] = list(tree(tree(object["status"])["loadBalancer"])["ingress"]);
  const ip = text(first["ip"]);
  return text(first["hostname"]) ?? (ip?.includes(":") ? `[${ip}]` : ip);
}

/** What stands in an object is anybody's text: what makes no address is none. */
function found(scheme: "http" | "https", host: string, port: number | undefined, path: string): UrlFinding {
  const usual = port === undefined || port === (scheme === "https" ? 443 : 80);
  const url = `${scheme}://${host}${usual ? "" : `:${port}`}${path}`;
  const parsed = URL.parse(url);
  const whole = parsed !== null && parsed.hostname === host.toLowerCase() && /^[\w.:[\]-]+$/.test(host);
  return whole ? { kind: "found", url } : NONE;
}

function isHost(host: unknown): host is string {
  return typeof host === "string" && host !== "" && !host.includes("*");
}

function tree(value: unknown): Tree {
  return isTree(value) ? value : {};
}

function list(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
