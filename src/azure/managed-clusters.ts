/** AKS clusters in ARM. Every method throws a `UserError` when it cannot see. */
export interface ManagedClusters {
  /**
   * @throws UserError `cluster-not-found` with names that are near, `cluster-role-missing`, `arm-denied` (a deny
   *   assignment), `subscription-not-found`, `arm-throttled`, `arm-unavailable`, `arm-unreachable`, `cancelled`
   */
  require(place: ClusterPlace): Promise<ClusterFacts>;
  /**
   * Where its API server is, and who vouches for it: of the credential that ARM hands out, only these are taken. Of a
   * private cluster it is the private address, unless its public one is asked for (which a cluster may not have).
   *
   * @throws UserError `cluster-role-missing` naming the role and its scope, `cluster-entrance-unreadable`
   */
  readEntrance(place: ClusterPlace, options?: { readonly fqdn?: "public" }): Promise<ClusterEntrance>;
  /**
   * The kubeconfig of a local account, whole: a credential that ends only with the cluster's certificates.
   *
   * @throws UserError `cluster-role-missing`, `local-accounts-disabled`
   */
  readAdminKubeconfig(place: ClusterPlace): Promise<string>;
  /**
   * The kubeconfig that ARM hands to users, whole: of a cluster without Entra integration it is a local account's.
   *
   * @throws UserError `cluster-role-missing`
   */
  readUserKubeconfig(place: ClusterPlace): Promise<string>;
  /**
   * Runs a command in a pod that Azure starts in the cluster, which needs no way to the API server. Waits for its end.
   * A command that Azure could not even begin is asked for once more.
   *
   * @throws UserError `run-command-disabled`, `run-command-not-scheduled`, `run-command-failed`,
   *   `run-command-too-large`, `cluster-role-missing`, `cluster-not-found`, `deadline-reached`, `cancelled`
   */
  runCommand(place: ClusterPlace, order: CommandOrder): Promise<CommandOutcome>;
}

export interface ClusterPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

export interface ClusterFacts extends ClusterPlace {
  readonly id: string;
  readonly location: string;
  readonly provisioningState: string;
  readonly stopped: boolean;
  /** Such as `1.36.3`. */
  readonly version: string;
  readonly private: boolean;
  readonly fqdn: string | undefined;
  readonly privateFqdn: string | undefined;
  /** CIDRs that may reach the API server; empty for everybody. */
  readonly authorizedRanges: readonly string[];
  readonly runCommandDisabled: boolean;
  readonly auth: "aad-rbac" | "aad-azure-rbac" | "local";
  readonly localAccountsDisabled: boolean;
  readonly oidcIssuer: string | undefined;
  readonly workloadIdentity: boolean;
  readonly keda: boolean;
  /** Of the identity that pulls images; undefined where ARM does not say. */
  readonly kubelet: { readonly objectId: string; readonly clientId: string } | undefined;
  readonly nodeResourceGroup: string;
}

export interface ClusterEntrance {
  /** `https://k-0a1b2c3d.hcp.westeurope.azmk8s.io:443`. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

export interface CommandOrder {
  /** A line for the pod's shell. */
  readonly command: string;
  /** Files that the command finds in its folder, as a zip. */
  readonly files?: Uint8Array;
}

export interface CommandOutcome {
  readonly exitCode: number;
  /** What it printed, both streams together, at most 512 kB. */
  readonly output: string;
  /** Whether there are 512 kB of it: then Azure has cut off what came after. */
  readonly cut: boolean;
}
