/** Terraform's own words about who holds a state's lock. */
export interface LockInfo {
  /** For azurerm also the id of the blob's lease. */
  readonly id: string;
  /** Where the state is, as the backend calls it. */
  readonly path: string;
  /** `OperationTypeApply`, … */
  readonly operation: string;
  /** `user@host`. */
  readonly who: string;
  /** The version of terraform. */
  readonly version: string;
  readonly created: Date | undefined;
}
