/** Behaviour of ARM that is configurable in Azure, differs by region, or that nobody has confirmed. Change it at any time. */
export interface ArmSettings {
  /** How long a group's deletion takes by the clock. */
  deletionSeconds: number;
  /** `Retry-After` of the 202 that starts a deletion, and of those that follow. */
  initialRetryAfterSeconds: number;
  retryAfterSeconds: number;
  /** A DELETE of a group that is being deleted: refused, or joined to the running operation. */
  secondDelete: "conflict" | "join";
  /** Whether characters of a group's name other than letters, digits and `-` are escaped in the operation's id. */
  escapedOperationIds: boolean;
  /** Whether a deployment whose state is Running makes a group's DELETE fail with DeploymentActive. */
  deploymentsBlock: boolean;
  /** Whether following an operation needs `Microsoft.Resources/subscriptions/operationresults/read`. */
  operationReadNeeded: boolean;
  /** A poll of a finished deletion: 200, or 204, which the SDK throws at. */
  finishedStatus: 200 | 204;
  /** Whether role assignments at and below a group vanish with it. */
  assignmentsVanish: boolean;
  /** For how long a removed lock still blocks. */
  lockLingerSeconds: number;
  /** Whether a list of locks also shows those above its scope, as az's help says for resources. */
  locksListAbove: boolean;
  /** For how long a group that is gone is still in lists of groups. */
  listedAfterGoneSeconds: number;
  /** For how long deleted resources are still in a group's resource list. */
  staleResourcesSeconds: number;
  throttling: "buckets" | "hourly" | "off";
  buckets: Readonly<Record<"reads" | "writes" | "deletes", { readonly size: number; readonly perSecond: number }>>;
  /** What of the older model a principal has per hour. */
  hourly: Readonly<Record<"reads" | "writes" | "deletes", number>>;
  /** Items per page where a request names no `$top`. */
  pageSize: number;
  /** Replaces the api-version in next links. */
  nextLinkApiVersion: string | undefined;
  /** Lists begin with a page that has no items and a next link. */
  emptyFirstPage: boolean;
  /** Lists of groups come back with none, as an eventually consistent answer would. */
  emptyLists: boolean;
  /** Every second item of a list spells `resourcegroups` in lower case. */
  mixedCaseIds: boolean;
  /** Seconds that ARM's Date header is ahead of the clock that tokens follow. */
  dateSkewSeconds: number;
  /** How long PUT and DELETE of other resources take, unless their type says so. */
  writeSeconds: number;
  /**
   * For how long an answer about something that goes on is held: a poll of an operation, a GET of what is being deleted.
   * Terraform polls without any delay where it is told to, and would ask hundreds of times a second.
   */
  holdSeconds: number;
  /** Whether an assignment that does not say what kind its principal is needs one that the directory knows. */
  principalsMustExist: boolean;
}

export function defaultSettings(): ArmSettings {
  return {
    deletionSeconds: 45,
    initialRetryAfterSeconds: 15,
    retryAfterSeconds: 15,
    secondDelete: "conflict",
    escapedOperationIds: false,
    deploymentsBlock: false,
    operationReadNeeded: true,
    finishedStatus: 200,
    assignmentsVanish: true,
    lockLingerSeconds: 0,
    locksListAbove: false,
    listedAfterGoneSeconds: 0,
    staleResourcesSeconds: 0,
    throttling: "buckets",
    buckets: {
      reads: { size: 250, perSecond: 25 },
      writes: { size: 200, perSecond: 10 },
      deletes: { size: 200, perSecond: 10 },
    },
    hourly: { reads: 12_000, writes: 1200, deletes: 15_000 },
    pageSize: 1000,
    nextLinkApiVersion: undefined,
    emptyFirstPage: false,
    emptyLists: false,
    mixedCaseIds: false,
    dateSkewSeconds: 0,
    writeSeconds: 0,
    holdSeconds: 0,
    principalsMustExist: false,
  };
}
