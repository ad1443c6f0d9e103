import { UserError } from "../../kit/user-error.ts";
import { describeOutcome, type ItemRecord, renderItem } from "./outcome.ts";
import type { RepositoryPlan } from "./plan.ts";
import type { Fuse } from "./story.ts";

/** Why repositories could not be seen, or undefined when all of them were. */
export function findUnreadable(plans: readonly RepositoryPlan[]): UserError | undefined {
  const unread = plans.flatMap(({ name, unreadable }) =>
    unreadable === undefined ? [] : [{ code: unreadable.code, line: `Cannot read ${name}: ${unreadable.because}` }],
  );
  const [first] = unread;
  return first && new UserError(first.code, `Nothing was removed there.\n${unread.map(({ line }) => line).join("\n")}`);
}

/** Why nothing may be removed at all, or undefined. */
export function findStop(plans: readonly RepositoryPlan[], fuse: Fuse): UserError | undefined {
  if (fuse.kind === "holds") {
    // Sees nothing: what it is told about is worth more than what is done about none.
    return plans.some(({ state }) => state !== "unreadable") ? undefined : findUnreadable(plans);
  }
  const text = `Nothing was removed: ${fuse.because}. When that is right, run it once with a higher max-deletions.`;
  return new UserError("fuse-tripped", text);
}

/** Why the run fails after what it did. Its code is that of the failures where they share one. */
export function findFailure(plans: readonly RepositoryPlan[], records: readonly ItemRecord[]): UserError | undefined {
  const failures = records.flatMap(({ item, outcome }) => {
    if (outcome.kind !== "failed" && outcome.kind !== "asked") return [];
    const code = outcome.kind === "failed" ? outcome.code : "cancelled";
    return [{ code, line: `${renderItem(item)}: ${describeOutcome(outcome)}` }];
  });
  if (failures.length === 0) return findUnreadable(plans);
  const codes = new Set(failures.map(({ code }) => code));
  const [first = "purge-failed"] = codes;
  const lines = failures.map(({ line }) => line).join("\n");
  return new UserError(
    codes.size === 1 ? first : "purge-failed",
    `${failures.length} of ${records.length} tags and manifests could not be removed.\n${lines}`,
  );
}
