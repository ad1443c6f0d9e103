import { matchesWildcard } from "../wildcard/matches.ts";
import { parseExpiry, renderExpiry } from "./expiry.ts";
import { type Barriers, type GroupFacts, isDeleting, touches } from "./facts.ts";
import { EXPIRY, findTag, MARK } from "./tags.ts";

export interface Policy {
  /** Lower case; undefined means all names. */
  readonly namePrefix: string | undefined;
  /** Names that are never deleted: `*` and `?` are wildcards, case does not count. */
  readonly protectedNames: readonly string[];
  readonly graceMs: number;
  /** An expiry further away than this is a typing mistake, and reported. */
  readonly horizonMs: number;
}

/** Why a marked group stays. `odd` is for tags that somebody should mend; the rest is as it should be. */
export type KeepReason = "not-yet" | "opted-out" | "odd" | "protected" | "managed" | "locked" | "denied" | "busy";

/** What should happen to a group, with the reason in it. */
export type Fate =
  /** Nobody asked for its end, or it is outside the names that this run may touch. */
  | { readonly kind: "ignore"; readonly because: "unmarked" | "out-of-scope" }
  | {
      readonly kind: "keep";
      readonly reason: KeepReason;
      readonly because: string;
      readonly expiresAt?: Date;
      /** The tags that would mend an odd group. */
      readonly mend?: Readonly<Record<string, string>>;
      /** Tags that must go first: a merge finds one casing of a name and leaves the others. */
      readonly remove?: Readonly<Record<string, string>>;
      /** Names that a namespace has where they do not count: a mark among the annotations, a date among the labels. */
      readonly misplaced?: readonly string[];
    }
  /** An earlier run, or somebody else, has begun to delete it. */
  | { readonly kind: "deleting"; readonly expiresAt: Date }
  | { readonly kind: "expired"; readonly expiresAt: Date };

/**
 * Decides what should happen to a group at a moment. Any doubt keeps it and says why: nothing here throws, and
 * `expired` is the only answer that lets it be deleted.
 */
export function decideFate(group: GroupFacts, barriers: Barriers, policy: Policy, now: Date): Fate {
  const name = group.name.toLowerCase();
  if (policy.namePrefix !== undefined && !name.startsWith(policy.namePrefix)) {
    return { kind: "ignore", because: "out-of-scope" };
  }
  const mark = findTag(group.tags, MARK);
  if (mark.kind === "absent") {
    const meant = mark.nearMisses.find((other) => /^(true|yes|1)$/i.test(group.tags[other]?.trim() ?? ""));
    if (meant === undefined) return { kind: "ignore", because: "unmarked" };
    const what = group.namespace === undefined ? "group" : "namespace";
    const because = `the ${kindOf(group, MARK)} "${meant}" is not "${MARK}", so nothing will ever delete this ${what}`;
    return odd(because, { [MARK]: "true" });
  }
  if (mark.kind === "twice") return oddTwice(MARK, mark.names, group, chooseMark);
  const value = mark.value.trim().toLowerCase();
  if (value === "false") return { kind: "keep", reason: "opted-out", because: `${MARK} is false` };
  // Who wrote something else than a plain yes may have meant the opposite: the printed line must not doom the group.
  const meant = /^(yes|y|1|on)$/.test(value) ? "true" : "false";
  if (value !== "true") return odd(`${MARK} is "${mark.value}", only "true" counts`, { [MARK]: meant });
  return decideMarked(group, barriers, policy, now);
}

function decideMarked(group: GroupFacts, barriers: Barriers, policy: Policy, now: Date): Fate {
  const tag = findTag(group.tags, EXPIRY);
  if (tag.kind === "twice")
    return oddTwice(EXPIRY, tag.names, group, (values) => chooseExpiry(values, now, policy.horizonMs));
  if (tag.kind === "absent") {
    const [meant] = tag.nearMisses;
    const because =
      meant === undefined ? `it has no ${EXPIRY}` : `the ${kindOf(group, EXPIRY)} "${meant}" is not "${EXPIRY}"`;
    const meantDate = meant === undefined ? undefined : parseExpiry(group.tags[meant] ?? "");
    return odd(because, proposal(meantDate !== undefined && "at" in meantDate ? meantDate.at : undefined, now));
  }
  const expiry = parseExpiry(tag.value);
  if ("problem" in expiry) {
    return odd(`${EXPIRY} is "${tag.value}": ${expiry.problem}`, proposal(undefined, now));
  }
  const expiresAt = expiry.at;
  if (expiresAt.getTime() > now.getTime() + policy.horizonMs) {
    return { ...odd(`${EXPIRY} is too far away to be meant (${tag.value})`, proposal(undefined, now)), expiresAt };
  }
  if (now.getTime() < expiresAt.getTime() + policy.graceMs) {
    const because = now < expiresAt ? "its time has not come" : "it is within the grace period";
    return { kind: "keep", reason: "not-yet", because, expiresAt };
  }
  const obstacle = findObstacle(group, barriers, policy);
  if (obstacle !== undefined) return { kind: "keep", ...obstacle, expiresAt };
  if (isDeleting(group)) return { kind: "deleting", expiresAt };
  return { kind: "expired", expiresAt };
}

function findObstacle(group: GroupFacts, barriers: Barriers, policy: Policy) {
  const guard = policy.protectedNames.find((pattern) => matchesWildcard(group.name, pattern, { ignoreCase: true }));
  if (guard !== undefined) return { reason: "protected", because: `its name is protected by "${guard}"` } as const;
  if (group.managedBy) return { reason: "managed", because: `it is managed by ${group.managedBy}` } as const;
  const lock = barriers.locks.find((one) => touches(group.id, one.scope));
  if (lock !== undefined) {
    return { reason: "locked", because: `${lock.level} lock "${lock.name}" on ${lock.scope}` } as const;
  }
  const denial = barriers.denyAssignments.find((one) => touches(group.id, one.scope));
  if (denial !== undefined) {
    return { reason: "denied", because: `deny assignment "${denial.name}" on ${denial.scope}` } as const;
  }
  const state = group.provisioningState.toLowerCase();
  if (state === "succeeded" || state === "failed" || isDeleting(group)) return undefined;
  return { reason: "busy", because: `its provisioning state is "${group.provisioningState}"` } as const;
}

/** What a tag of ours is on a namespace. */
function kindOf({ namespace }: GroupFacts, wanted: string): string {
  if (namespace === undefined) return "tag";
  return wanted === MARK ? "label" : "annotation";
}

function odd(because: string, mend: Readonly<Record<string, string>>): Fate & { kind: "keep" } {
  return { kind: "keep", reason: "odd", because, mend };
}

/** One casing stays, ours where it is among them, with the value that lets the group live longest. */
function oddTwice(
  wanted: string,
  names: readonly string[],
  group: GroupFacts,
  choose: (values: readonly string[]) => string,
): Fate & { kind: "keep" } {
  const { tags } = group;
  const stays = (names.includes(wanted) ? wanted : names[0]) ?? wanted;
  const remove = Object.fromEntries(names.flatMap((name) => (name === stays ? [] : [[name, tags[name] ?? ""]])));
  const mend = { [stays]: choose(names.map((name) => tags[name] ?? "")) };
  return {
    ...odd(`the ${kindOf(group, wanted)} ${wanted} stands ${names.length} times (${names.join(", ")})`, mend),
    remove,
  };
}

function chooseMark(values: readonly string[]): string {
  return values.every((value) => value.trim().toLowerCase() === "true") ? "true" : "false";
}

/** The latest date, but none so late that it would be odd again. */
function chooseExpiry(values: readonly string[], now: Date, horizonMs: number): string {
  const dates = values.map(parseExpiry).flatMap((expiry) => ("at" in expiry ? [expiry.at.getTime()] : []));
  return dates.length === values.length
    ? renderExpiry(new Date(Math.min(Math.max(...dates), now.getTime() + horizonMs)))
    : renderExpiry(tomorrow(now));
}

/** The date that was meant where it can be read, else a day from now: long enough to look at the group first. */
function proposal(meant: Date | undefined, now: Date): Readonly<Record<string, string>> {
  return { [EXPIRY]: renderExpiry(meant ?? tomorrow(now)) };
}

function tomorrow(now: Date): Date {
  const DAY_MS = 86_400_000;
  return new Date(now.getTime() + DAY_MS);
}
