import { BlockList, isIP, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that kubectl and helm would take to an address; undefined for the direct way. The rules are those of Go:
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function chooseProxy(server: URL, environment: Environment): string | undefined {
  const name = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = readEither(environment, name);
  if (proxy === undefined || !leadsThroughProxy(server, readEither(environment, "NO_PROXY") ?? "")) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** Go reads the name in upper case first. */
function readEither(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toLowerCase()] || undefined;
}

/** This machine itself, as a URL's `hostname`. */
export function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return host === "localhost" || (isIP(host) !== 0 && contains("127.0.0.0/8", host)) || host === "::1";
}

function leadsThroughProxy(server: URL, noProxy: string): boolean {
  if (isLoopback(server.hostname)) return false;
  const host = bare(server.hostname).toLowerCase();
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const patterns = noProxy.split(",").map((part) => part.trim().toLowerCase());
  return !patterns.some((pattern) => pattern === "*" || matches(pattern, host, port));
}

/** `10.0.0.0/8`, `10.1.2.3`, `[::1]:443`, `example.com` (and below it), `.example.com` and `*.example.com` (below it only). */
function matches(pattern: string, host: string, port: string): boolean {
  if (pattern.includes("/")) return isIP(host) !== 0 && contains(pattern, host);
  const { name, port: only } = splitPort(pattern);
  if (name === "" || (only !== "" && only !== port)) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && contains(`${name}/${isIPv6(name) ? 128 : 32}`, host);
  const suffix = name.startsWith("*.") ? name.slice(1) : name;
  if (suffix.startsWith(".")) return host.endsWith(domainToAscii(suffix));
  return host === domainToAscii(suffix) || host.endsWith(`.${domainToAscii(suffix)}`);
}

/** Node makes nothing of a name that begins with a dot. */
function domainToAscii(name: string): string {
  const dot = name.startsWith(".") ? "." : "";
  return `${dot}${domainToASCII(name.slice(dot.length)) || name.slice(dot.length)}`;
}

function splitPort(pattern: string): { readonly name: string; readonly port: string } {
  if (isIPv6(pattern)) return { name: pattern, port: "" };
  const [, name = pattern, port = ""] = /^(.*):(\d*)$/.exec(pattern) ?? [];
  return { name: bare(name), port };
}

function contains(cidr: string, host: string): boolean {
  const [network = "", bits = ""] = cidr.split("/");
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  const most = family === "ipv6" ? 128 : 32;
  if (isIP(network) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, isIPv6(host) ? "ipv6" : "ipv4");
}

function bare(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
