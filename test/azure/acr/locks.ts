import { disallowedOperation } from "./failure.ts";
import type { Attributes } from "./ledger.ts";
import type { RegistryState } from "./registry.ts";

type Locked = Pick<RegistryState, "ledger" | "settings">;

/** @throws RegistryFailure where the repository, the tag or the manifest may not be written to */
export function requireWritable({ ledger, settings }: Locked, name: string, reference: string): void {
  const repository = ledger.find(name);
  const entry = repository?.tags.get(reference) ?? repository?.manifests.get(reference);
  if (isLocked(repository?.attributes, "write") || isLocked(entry?.attributes, "write")) {
    throw disallowedOperation(settings.disallowedStatus);
  }
}

/** A manifest goes with its tags, so that each of them can keep it. @throws RegistryFailure */
export function requireDeletable({ ledger, settings }: Locked, name: string, reference: string): void {
  const repository = ledger.find(name);
  const tags = [...(repository?.tags ?? [])].filter(([tag, { digest }]) => tag === reference || digest === reference);
  const entries = [repository, repository?.manifests.get(reference), ...tags.map(([, entry]) => entry)];
  if (entries.some((entry) => isLocked(entry?.attributes, "delete")))
    throw disallowedOperation(settings.disallowedStatus);
}

/** What may not be written to may not be deleted either. */
function isLocked(attributes: Attributes | undefined, against: "write" | "delete"): boolean {
  if (attributes === undefined) return false;
  return !attributes.writeEnabled || (against === "delete" && !attributes.deleteEnabled);
}
