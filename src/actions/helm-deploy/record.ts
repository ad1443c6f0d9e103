/** Where a run is, as plain data: what post needs to end it when main was killed. */
export interface RunRecord {
  readonly release: string;
  readonly namespace: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Whether all is told and nothing is left to do. */
  readonly concluded: boolean;
}
