import type { ClusterFacts, ClusterPlace, ManagedClusters } from "../../azure/managed-clusters.ts";
import { UserError } from "../../kit/user-error.ts";
import { listSecrets, readCredential } from "../../kubeconfig/read-credential.ts";
import { readEntrance } from "../../kubeconfig/read-entrance.ts";
import type { ClusterAddress } from "../../kubernetes/connect-cluster-at.ts";
import type { Namespaces } from "../../kubernetes/namespaces.ts";
import { explainState } from "../aks-set-context/cluster-state.ts";
import { explainUnknown } from "../aks-set-context/explain-denial.ts";
import { explainSilence } from "../aks-set-context/explain-silence.ts";
import { explainNamespaceDenial, type Visitor } from "./explain-namespace-denial.ts";

/** A cluster whose namespaces can be looked at. */
export interface OpenCluster {
  readonly namespaces: Namespaces;
  /** A fault of its API server in words that say what mends it. */
  explain(error: unknown): Promise<unknown>;
}

/** What it takes to look into a cluster. */
export interface ClusterWorld {
  /** Who looks, for what it needs to be allowed. */
  readonly visitor: Visitor;
  readonly clusters: Pick<ManagedClusters, "require" | "readEntrance" | "readUserKubeconfig">;
  /** Of the job's identity, for an API server with Entra integration; masked. */
  token(): Promise<string>;
  mask(secret: string): void;
  /** Nothing is asked yet. */
  connect(address: ClusterAddress): Namespaces;
  /** What became of a request to an API server that failed. */
  readFault(
    error: unknown,
  ):
    | { readonly kind: "refused"; readonly status: number; readonly message: string }
    | { readonly kind: "silent"; readonly because: string };
  findObjectId(): Promise<string | undefined>;
  /** The address that this runner is seen with from outside; undefined where nobody tells. */
  findEgressAddress(): Promise<string | undefined>;
}

/**
 * The namespaces of a cluster, by what ARM says of it. The API server is not asked yet.
 *
 * @throws UserError `cluster-stopped`, `cluster-busy` (it is being deleted), `cluster-credential-unreadable`, and those of
 *   `ManagedClusters`
 */
export async function openCluster(place: ClusterPlace, world: ClusterWorld): Promise<OpenCluster> {
  const facts = await world.clusters.require(place);
  const state = explainState(facts);
  if (state !== undefined) throw state;
  const address = await findAddress(facts, world);
  return {
    namespaces: world.connect(address),
    explain: (error) => explainFault(error, facts, address.server, world),
  };
}

async function findAddress(facts: ClusterFacts, { clusters, token, mask }: ClusterWorld): Promise<ClusterAddress> {
  const { name } = facts;
  if (facts.auth !== "local") return { name, ...(await clusters.readEntrance(facts)), credential: token };
  const text = await clusters.readUserKubeconfig(facts);
  const credential = readCredential(text);
  for (const secret of credential === undefined ? [] : listSecrets(credential)) mask(secret);
  const entrance = readEntrance(text);
  if (credential !== undefined && typeof entrance !== "string") return { name, ...entrance, credential };
  const because = typeof entrance === "string" ? entrance : "its user has no credential in it";
  throw new UserError(
    "cluster-credential-unreadable",
    `ARM answered with a kubeconfig for the cluster "${name}", but ${because}.\nTo do: look at the cluster's state, and run it again.`,
  );
}

/** Errors that are not the API server's say themselves what mends them. */
const OF_THE_API_SERVER: ReadonlySet<string> = new Set(["cluster-unreachable", "cluster-login-failed"]);

async function explainFault(error: unknown, facts: ClusterFacts, server: string, world: ClusterWorld) {
  if (error instanceof UserError && !OF_THE_API_SERVER.has(error.code)) return error;
  const fault = world.readFault(error);
  if (fault.kind === "refused") {
    const { status, message: said } = fault;
    if (status === 401) return explainUnknown({ facts, said });
    if (status === 403) {
      const objectId = facts.auth === "local" ? undefined : await world.findObjectId();
      return explainNamespaceDenial({ facts, objectId, said, visitor: world.visitor });
    }
    const because = `HTTP ${status} came instead: ${said}`;
    return explainSilence({ facts, server, because, egressAddress: undefined, directOnly: true });
  }
  // Only a cluster with ranges may mind who asks; nobody else is told that we are here.
  const asksWho = facts.authorizedRanges.length > 0 && !facts.private;
  const egressAddress = asksWho ? await world.findEgressAddress() : undefined;
  return explainSilence({ facts, server, because: fault.because, egressAddress, directOnly: true });
}
