import type { Fault } from "./fault.ts";

/** What Azure does not do for reasons of its own. */
export const AZURE_FAULTS: readonly Fault[] = [
  {
    words: /ScopeLocked/,
    because: "a lock on the resource, its group or the subscription forbids it",
    mend: "see who set it and why: `az lock list --resource-group <group>`; then `az lock delete --ids <lock id>`",
  },
  {
    words: /already exists in deleted state|soft[- ]?deleted/i,
    because: "the name belongs to one that was deleted and can still be brought back",
    mend: "purge it (`az keyvault purge --name <name>`), or let the provider recover it: `recover_soft_deleted_key_vaults`",
  },
  {
    words: /RoleAssignmentExists/,
    because: "the role was given before, by somebody else or by a run whose state was lost",
    mend: "import it, or delete it: `az role assignment list --scope <scope>`, then `az role assignment delete --ids <id>`",
  },
  {
    words: /already exists - to be managed via Terraform this resource needs to be imported/,
    because: "it is there, and the state does not know it: most often a run was cancelled while Azure made it",
    mend:
      "import it (an `import` block with its id) or delete it; `persist_id_on_create_before_polling_for_completion = true` " +
      "in the provider's `features` keeps it from happening again",
  },
  {
    words: /quota|exceeding approved/i,
    because: "the subscription has no quota left for it in that region",
    mend: "see what is used (`az vm list-usage --location <region>`), take a smaller size or another region, or ask for more",
  },
  {
    words:
      /SkuNotAvailable|AllocationFailed|ZonalAllocationFailed|OverconstrainedAllocation|NotAvailableForSubscription/,
    because: "Azure has no such machines free in that region or zone",
    mend: "run it again later, or take another size, zone or region",
  },
  {
    words: /MissingSubscriptionRegistration/,
    because: "the subscription has never used this kind of resource",
    mend: "register it once: `az provider register --wait --namespace <the one that is named>`",
  },
  {
    words: /\bAlreadyInUse\b|VaultAlreadyExists|StorageAccountAlreadyTaken|NameUnavailable|DnsRecordInUse/,
    because: "the name must be the only one in all of Azure, and somebody has it",
    mend: "choose another name or prefix",
  },
  {
    words: /PrincipalNotFound/,
    because: "Entra does not know that identity yet, or any more",
    mend: "run it again; if that does not help, check the principal's object id (not its client id)",
  },
  {
    words: /still contains Resources/,
    because: "something is in the group that terraform did not make, or that Azure has not finished deleting",
    mend:
      "look with `az resource list --resource-group <group>`; for previews set " +
      "`resource_group { prevent_deletion_if_contains_resources = false }` in the provider's `features`",
  },
  {
    words:
      /OperationNotAllowed|AnotherOperationInProgress|OperationPreempted|InProgress|ReferencedResourceNotProvisioned|RetryableError|CanceledAndSuperseded/,
    because: "Azure is still busy with an earlier operation on it",
    mend: "run it again in a few minutes",
  },
  {
    words: /unexpected status (?:429|5\d\d)|TooManyRequests|InternalServerError|ServiceUnavailable/,
    because: "Azure was too busy or failed in passing",
    mend: "run it again; https://azure.status.microsoft shows outages",
  },
  {
    words:
      /context deadline exceeded|i\/o timeout|TLS handshake timeout|connection re(?:set|fused)|no such host|unexpected EOF/,
    because: "the answer did not come in time",
    mend: "run it again; after a delete, look in the group's activity log why Azure did not do it",
  },
  {
    words: /Provider produced inconsistent result after apply/,
    because: "Azure did not find yet what it had just made, or the provider has a fault",
    mend: "run it again",
  },
];
