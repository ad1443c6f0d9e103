import { parse } from "yaml";

/** Of a kubeconfig, what may be known to everybody: no credential is among it. */
export interface Entrance {
  /** `https://k-0a1b2c3d.hcp.westeurope.azmk8s.io:443`. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

/**
 * Where the current context of a kubeconfig leads to, and who vouches for that server. Users and their credentials are
 * not looked at.
 *
 * @returns a sentence that says what is wrong with the text, where it leads nowhere. It quotes nothing of it.
 */
export function readEntrance(text: string): Entrance | string {
  const config = asRecord(parseYaml(text));
  const cluster = currentCluster(config);
  if (cluster === undefined) return "it names no cluster";
  const { server, "certificate-authority-data": data } = cluster;
  if (typeof server !== "string" || URL.parse(server)?.protocol !== "https:") return "its server is no https address";
  const certificateAuthority = typeof data === "string" ? Buffer.from(data, "base64").toString() : "";
  if (!certificateAuthority.includes("-----BEGIN CERTIFICATE-----")) return "it has no certificate authority";
  return { server, certificateAuthority };
}

function currentCluster(config: Fields): Fields | undefined {
  const context = named(config["contexts"], config["current-context"], "context");
  const cluster = context === undefined ? undefined : named(config["clusters"], context["cluster"], "cluster");
  if (cluster !== undefined) return cluster;
  // Without a context that leads anywhere, a single cluster is the one.
  const clusters: readonly unknown[] = Array.isArray(config["clusters"]) ? config["clusters"] : [];
  return clusters.length === 1 ? asRecord(asRecord(clusters[0])["cluster"]) : undefined;
}

function named(list: unknown, name: unknown, what: "context" | "cluster"): Fields | undefined {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  const found = entries.map(asRecord).find((entry) => entry["name"] === name);
  return found === undefined ? undefined : asRecord(found[what]);
}

type Fields = Readonly<Record<string, unknown>>;

function asRecord(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // The parser quotes the line that it stopped at, which may hold a credential.
    return undefined;
  }
}
