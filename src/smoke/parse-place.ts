/** Where a check goes: an address, or a Service of the cluster. */
export type Place = DirectPlace | ServicePlace;

export interface DirectPlace {
  readonly kind: "direct";
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Of HTTP; undefined where only a connection is meant. */
  readonly url: string | undefined;
}

export interface ServicePlace {
  readonly kind: "service";
  readonly namespace: string;
  readonly name: string;
  /** By number or by name. */
  readonly port: string;
  /** With the query; begins with `/`. */
  readonly path: string;
}

const SERVICE = /^service:\/\/(?:([a-z0-9-]+)\/)?([a-z0-9-]+):([a-z0-9-]+)(\/[^#\s]*|\?[^#\s]*)?(?:#\S*)?$/;
const ADDRESS = /^(?:\[([0-9a-fA-F:]+)\]|([^\s:/[\]]+)):(\d{1,5})$/;

/**
 * Reads `https://…`, `http://…`, `host:port`, and `service://[namespace/]name:port[/path]`; undefined for anything else.
 *
 * @param namespace of a Service that is named without one
 */
export function parsePlace(text: string, namespace: string): Place | undefined {
  const [service, own = namespace, name = "", port = "", path = "/"] = SERVICE.exec(text) ?? [];
  if (service !== undefined) {
    return { kind: "service", namespace: own, name, port, path: path.startsWith("/") ? path : `/${path}` };
  }
  const [address, six, host = "", digits = ""] = ADDRESS.exec(text) ?? [];
  if (address !== undefined) {
    const number = Number(digits);
    if (number < 1 || number > 65_535) return undefined;
    return { kind: "direct", host: six ?? host, port: number, url: undefined };
  }
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  const usual = url.protocol === "https:" ? 443 : 80;
  return {
    kind: "direct",
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? usual : Number(url.port),
    url: url.href,
  };
}
