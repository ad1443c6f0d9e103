import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument, Store } from "../arm/store.ts";
import { asObject, asText, type Json } from "../wire.ts";
import { inRange } from "./ip-range.ts";
import type { AksSettings } from "./settings.ts";

/** A Kubernetes that stands behind an emulated cluster. */
export interface RealCluster {
  /** `https://10.244.0.1:6443`. Its certificate names `*.hcp.<region>.azmk8s.io`. */
  readonly server: string;
  /** Who vouches for the API server. */
  readonly caPem: string;
  /** Of an administrator, with certificates or a token in it. */
  readonly adminKubeconfig: string;
  /** Folders of kubectl and helm, in the form of PATH, for commands that Azure runs in the cluster. */
  readonly path?: string;
  /** Who issues its pods' tokens. Without it the emulator does, for clusters that have an issuer. */
  readonly issuer?: { readonly url: string; readonly jwks: { readonly keys: readonly object[] } };
}

/** How the name of an API server answers from where the runner is. */
export type Entrance =
  | { readonly kind: "open"; readonly host: string; readonly port: number }
  /** No such name in DNS. */
  | { readonly kind: "unknown-name"; readonly because: string }
  /** Packets are dropped: nothing answers. */
  | { readonly kind: "silent"; readonly because: string };

/** Names of API servers, public and private. */
export const API_SERVER_HOST = /\.azmk8s\.io$/;

/** Where a connection to an API server's name ends. Its port is 443, whoever asks. */
export function findEntrance(
  store: Store,
  clusters: ReadonlyMap<string, RealCluster>,
  settings: AksSettings,
  host: string,
): Entrance {
  const cluster = store.list(CLUSTER, "/").find(({ body }) => namesOf(propertiesOf(body)).includes(host));
  if (cluster === undefined) return { kind: "unknown-name", because: `No cluster has the name ${host}` };
  const properties = propertiesOf(cluster.body);
  const access = asObject(properties["apiServerAccessProfile"]) ?? {};
  if (asObject(properties["powerState"])?.["code"] === "Stopped")
    return { kind: "unknown-name", because: `The cluster ${cluster.name} is stopped: its name is gone from DNS` };
  if (host === properties["privateFQDN"])
    return { kind: "unknown-name", because: `${host} is known in the cluster's own network only` };
  if (access["enablePrivateCluster"] === true)
    return { kind: "silent", because: `${host} leads to an address of the cluster's own network` };
  const ranges = Array.isArray(access["authorizedIPRanges"]) ? access["authorizedIPRanges"].map(String) : [];
  if (ranges.length > 0 && !ranges.some((range) => inRange(settings.runnerAddress, range)))
    return { kind: "silent", because: `${settings.runnerAddress} is in none of ${ranges.join(", ")}` };
  const real = clusters.get(cluster.key);
  if (real === undefined) return { kind: "silent", because: `No Kubernetes is behind ${cluster.name}: aks.connect` };
  const { hostname, port } = new URL(real.server);
  return { kind: "open", host: hostname, port: Number(port === "" ? 443 : port) };
}

const CLUSTER = "Microsoft.ContainerService/managedClusters";

function namesOf({ fqdn, privateFQDN }: Json): readonly string[] {
  return [fqdn, privateFQDN].flatMap((name) => asText(name)?.toLowerCase() ?? []);
}

/** The cluster with this id. @throws Error where there is none */
export function requireCluster(store: Store, id: string): ResourceDocument {
  const document = store.find(id);
  if (document === undefined) throw new Error(`No cluster ${id}`);
  return document;
}
