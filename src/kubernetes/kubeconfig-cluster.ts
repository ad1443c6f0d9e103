import { isLoopback } from "../kit/choose-proxy.ts";
import { type EntryPlace, readFileField, readText } from "./kubeconfig-field.ts";

/** A cluster of a kubeconfig, in the words that the file has for it. */
export interface ClusterEntry {
  readonly server: URL;
  readonly "certificate-authority-data"?: string;
  readonly "certificate-authority"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
  /** What an exec plugin is told of the cluster. */
  readonly execConfig?: unknown;
}

const PROXIES: ReadonlySet<string> = new Set(["http:", "https:"]);

/** Undefined when something is wrong with it, which is noted. */
export function readClusterEntry(fields: Readonly<Record<string, unknown>>, at: EntryPlace): ClusterEntry | undefined {
  const note = (problem: string): void => at.note(`cluster "${at.name}": ${problem}`);
  const place = { ...at, note };
  const server = readServer(readText(fields, "server"), note);
  const proxy = readText(fields, "proxy-url");
  if (proxy !== undefined && !PROXIES.has(URL.parse(proxy)?.protocol ?? "")) {
    note("proxy-url: expected an address that begins with http:// or https://");
  }
  const caFile = readFileField(fields, "certificate-authority", place);
  const caData = readText(fields, "certificate-authority-data");
  if (caData !== undefined && !Buffer.from(caData, "base64").includes("-----BEGIN ")) {
    note("certificate-authority-data: expected the Base64 of a PEM certificate");
  }
  const serverName = readText(fields, "tls-server-name");
  if (server === undefined) return undefined;
  const [extension] = listExtensions(fields["extensions"]);
  return {
    server,
    // The data goes first, as in client-go.
    ...(caData === undefined ? {} : { "certificate-authority-data": caData }),
    ...(caData !== undefined || caFile === undefined ? {} : { "certificate-authority": caFile }),
    ...(fields["insecure-skip-tls-verify"] === true ? { "insecure-skip-tls-verify": true } : {}),
    ...(serverName === undefined ? {} : { "tls-server-name": serverName }),
    ...(proxy === undefined ? {} : { "proxy-url": proxy }),
    ...(extension === undefined ? {} : { execConfig: extension }),
  };
}

function readServer(text: string | undefined, note: (problem: string) => void): URL | undefined {
  const server = text === undefined ? null : URL.parse(text);
  if (server === null || !["https:", "http:"].includes(server.protocol)) {
    note("server: expected the API server's address, such as https://example.hcp.westeurope.azmk8s.io:443");
    return undefined;
  }
  if (server.protocol === "http:" && !isLoopback(server.hostname)) {
    note(`server: ${server.origin} would send the login in the clear: expected https`);
    return undefined;
  }
  return server;
}

/** `client.authentication.k8s.io/exec` of a cluster's extensions. */
function listExtensions(value: unknown): readonly unknown[] {
  return (Array.isArray(value) ? value : [])
    .filter((entry) => entry?.name === "client.authentication.k8s.io/exec")
    .map((entry) => entry.extension);
}
