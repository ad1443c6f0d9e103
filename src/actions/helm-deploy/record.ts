/** Where a run is, as plain data: what post needs to end it when main was killed. */
export interface RunRecord {
  readonly release: string;
  readonly namespace: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** The rollback that was begun last: the number that it gets, and where it goes. */
  readonly rollback?: { readonly revision: number; readonly target: number } | undefined;
  /** Whether all is told and nothing is left to do. */
  readonly concluded: boolean;
}
