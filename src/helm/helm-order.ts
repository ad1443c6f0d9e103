/** What helm is to do with a release. The chart lies on this machine, and so do all values. */
export interface HelmOrder {
  readonly release: string;
  readonly namespace: string;
  /** Path of a folder or a `.tgz`. */
  readonly chart: string;
  /** Paths; a later one wins. */
  readonly valueFiles: readonly string[];
  /** Each as helm's flag of that name takes it. */
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setFile: readonly string[];
  readonly setJson: readonly string[];
  readonly timeoutMs: number;
  /** Whether helm waits until all is ready. */
  readonly wait: boolean;
  /** Takes fields that somebody else manages. */
  readonly force: boolean;
  readonly takeOwnership: boolean;
  /** Helm leaves the chart's folder `crds` alone. */
  readonly skipCrds: boolean;
  /** The context in the kubeconfig; the current one when undefined. */
  readonly context: string | undefined;
}
