import type { Diagnostic } from "../stream-event.ts";
import { readAzureError } from "./azure-error.ts";

/** Somebody's decision: asking again does not change it, and must not wear it down. */
const DECIDED =
  /ScopeLocked|\bLock(?:ed)?\b.*(?:CanNotDelete|ReadOnly)|AuthorizationFailed|AuthorizationFailure|AuthorizationPermissionMismatch|DenyAssignment|RequestDisallowedBy|Forbidden|AADSTS\d+|state lock|prevent_destroy|Instance cannot be destroyed/i;

/** What Azure says while it is still deleting or releasing something else: gone a few minutes later. */
const IN_PROGRESS = [
  /still contains Resources/i,
  /AnotherOperationInProgress|OperationNotAllowed|OperationPreempted|CanceledAndSuperseded|RetryableError/,
  /ResourceGroupBeingDeleted|ResourceGroupDeletionBlocked|BeingDeleted\b|DeletionInProgress|is being (?:deleted|purged)|currently being deleted/i,
  // Network parts are freed some minutes after the cluster that used them is gone.
  /InUse(?:Subnet|RouteTable|NetworkSecurityGroup)?CannotBe(?:Deleted|Updated)|NicInUse|PublicIPAddressCannotBeDeleted|PrivateDNSZoneVirtualNetworkLinkNotFound/,
  /operation (?:is )?(?:already )?in progress|PurgeInProgress|ObjectIsBeing(?:Deleted|Recovered)/i,
] as const;

const CONNECTION =
  /context deadline exceeded|i\/o timeout|TLS handshake timeout|connection reset|connection refused|unexpected EOF|server misbehaving|GOAWAY|TooManyRequests|SubscriptionRequestsThrottled/i;

/**
 * Whether a destroy that failed like this is worth another try with nothing changed. Never for locks, policies and
 * missing rights: there somebody has said no.
 */
export function isPassingDestroyFault(diagnostic: Pick<Diagnostic, "summary" | "detail">): boolean {
  const text = `${diagnostic.summary}\n${diagnostic.detail}`;
  if (DECIDED.test(text)) return false;
  const status = readAzureError(text)?.status;
  if (status === 401 || status === 403) return false;
  if (status === 429 || (status !== undefined && status >= 500)) return true;
  return CONNECTION.test(text) || IN_PROGRESS.some((words) => words.test(text));
}
