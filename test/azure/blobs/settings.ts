/** Behaviour of blob storage that may be changed at any time. */
export interface BlobSettings {
  /** Where requests seem to come from: what network rules look at. */
  clientAddress: string;
  /** The most that one page of a list holds. */
  pageSize: number;
}

export function defaultBlobSettings(): BlobSettings {
  return { clientAddress: "20.1.2.3", pageSize: 5_000 };
}
