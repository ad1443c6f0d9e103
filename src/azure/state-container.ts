/** How a blob's lease stands. An infinite one never ends by itself: terraform's lock. */
export interface BlobLease {
  /** `available`, `leased`, `expired`, `breaking`, `broken`. */
  readonly state: string;
  readonly infinite: boolean;
}

/** What is known of a blob without reading it. */
export interface StateBlobFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly lease: BlobLease;
}

/** A blob container that terraform keeps its states in, through the job's federated identity. All methods throw a `UserError` when storage refuses or is not reached. */
export interface StateContainer {
  /** Undefined when there is no such blob. */
  find(name: string): Promise<StateBlobFacts | undefined>;
  read(name: string): Promise<Buffer | undefined>;
  /** Writes the whole blob; with `onlyNew`, only where none is. Metadata must be ASCII. A leased blob is an error. */
  write(
    name: string,
    bytes: Buffer,
    options?: { readonly onlyNew?: boolean; readonly metadata?: Readonly<Record<string, string>> },
  ): Promise<"written" | "exists">;
  /** Deletes a blob with its snapshots; with `etag`, only if nobody has changed it since. A leased blob stays. */
  delete(name: string, options?: { readonly etag?: string }): Promise<"deleted" | "absent" | "leased" | "changed">;
  /** Names that begin with a prefix. */
  list(prefix: string): Promise<readonly string[]>;
  /**
   * Breaks the lease at once and removes terraform's note of the lock from the metadata. The last resort. With `etag`,
   * only the lock that was seen with it: who takes a lock changes the etag. A lock that somebody takes meanwhile stays.
   */
  breakLease(name: string, options?: { readonly etag?: string }): Promise<"broken" | "absent" | "changed">;
}
