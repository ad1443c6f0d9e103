import { isIP } from "node:net";

/** Docker Hub is named by one host and answers at another. */
const HUB_NAMES: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/** Where a registry's API is, for the host in an image's name. Only this machine itself is spoken to without TLS, as docker does. */
export function findApi(host: string): URL {
  if (HUB_NAMES.has(host)) return new URL("https://registry-1.docker.io");
  const api = URL.parse(`https://${host}`);
  if (api === null || api.host === "" || api.pathname !== "/" || api.search !== "" || api.username !== "") {
    throw new Error(`${JSON.stringify(host)} is no host of a registry`);
  }
  if (isLoopback(api.hostname)) api.protocol = "http:";
  return api;
}

/** A repository's name as the API wants it: Docker Hub's official images are in `library`. */
export function apiName(api: URL, name: string): string {
  return api.hostname === "registry-1.docker.io" && !name.includes("/") ? `library/${name}` : name;
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  return address === "localhost" || address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

/** Whether a request may go there at all: TLS, or the same machine-local registry. */
export function isSafe(url: URL, api: URL): boolean {
  return (
    url.protocol === "https:" || (api.protocol === "http:" && url.protocol === "http:" && isLoopback(url.hostname))
  );
}

/**
 * Whether a token service belongs to a registry, so that a password may go there: the same host, or one beside or above
 * it, as `auth.docker.io` is to `registry-1.docker.io` and `gitlab.com` to `registry.gitlab.com`.
 */
export function isSameFamily(realm: URL, api: URL): boolean {
  if (realm.hostname === api.hostname) return true;
  if (isIP(api.hostname) !== 0) return false;
  const labels = api.hostname.split(".");
  if (labels.length < 3) return false;
  const family = labels.slice(1).join(".");
  return realm.hostname === family || realm.hostname.endsWith(`.${family}`);
}
