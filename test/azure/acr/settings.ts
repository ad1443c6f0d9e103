/** Behaviour of one registry that is configurable, that nobody has confirmed, or that only goes wrong sometimes. Change it at any time. */
export interface RegistrySettings {
  refreshTokenSeconds: number;
  /** Whether a refresh token ends with the Entra token that it was given for. */
  refreshBoundByEntra: boolean;
  accessTokenSeconds: number;
  /** How much of a token's life is over when it is issued. */
  backdatedSeconds: number;
  /** Whether an identity without any right on the contents gets no refresh token. */
  exchangeNeedsRights: boolean;
  /** A token that may not have all that was asked for: it has fewer actions, or there is none. */
  narrowToken: "fewer" | "refuse";
  /** Whether a thing that nothing may be done with stands in the token with an empty list. */
  emptyAccess: boolean;
  /** What a token must allow to remove a tag. */
  untagNeeds: "delete" | "metadata_write";
  /** Whether a blob's GET leads to a link into blob storage, as in Azure. */
  redirectBlobs: boolean;
  /** For how long such a link works. */
  blobLinkSeconds: number;
  /** Items of a list where a request names no `n`. */
  pageSize: number;
  maxManifestBytes: number;
  /** Of REGISTRY_DISALLOWED_OPERATION. */
  disallowedStatus: number;
  /** Nothing more can be put. */
  storageFull: boolean;
  /** A deleted digest cannot be put again until it is restored. */
  softDelete: boolean;
  /** Of a push of a digest that is deleted softly. */
  softDeletedStatus: number;
  /** Whether what refers to a manifest goes with it. */
  referrersVanish: boolean;
  /** Where the requests come from, as a firewall sees it. */
  clientAddress: string;
  importSeconds: number;
  importRetryAfterSeconds: number;
  /** Whether an import by force moves a tag that is locked. */
  forceMovesLocked: boolean;
}

export function defaultRegistrySettings(): RegistrySettings {
  return {
    refreshTokenSeconds: 3 * 3600,
    refreshBoundByEntra: false,
    accessTokenSeconds: 75 * 60,
    backdatedSeconds: 0,
    exchangeNeedsRights: true,
    narrowToken: "fewer",
    emptyAccess: false,
    untagNeeds: "delete",
    redirectBlobs: true,
    blobLinkSeconds: 1200,
    pageSize: 100,
    maxManifestBytes: 4 * 1024 * 1024,
    disallowedStatus: 405,
    storageFull: false,
    softDelete: false,
    softDeletedStatus: 409,
    referrersVanish: true,
    clientAddress: "203.0.113.10",
    importSeconds: 15,
    importRetryAfterSeconds: 10,
    forceMovesLocked: true,
  };
}
