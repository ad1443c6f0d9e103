/** A namespace of a shared cluster that is an environment, or a part of one. */
export interface NamespaceFacts {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether it is going: `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean;
  /** Why it is not gone yet, in the cluster's words: finalizers that nobody takes off, content that stays. */
  readonly heldBy?: readonly string[];
}
