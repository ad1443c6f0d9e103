import type { PlannedGroup } from "./plan-facts.ts";
import type { Problem } from "./problem.ts";

/** What the tags must say. */
export interface TtlTerms {
  readonly now: Date;
  /** What this run computed, and handed to the configuration. */
  readonly expiresAt: Date;
  /** The latest that is allowed. */
  readonly latest?: Date | undefined;
  /** src/ttl/expiry.ts: the reaper's own reading. */
  readonly parseExpiry: (text: string) => { readonly at: Date } | { readonly problem: string };
}

const MARK = "auto-destroy";
const EXPIRY = "expires-at";
/** The reaper may come at any time after the expiry, and an apply takes its time. */
const SHORTEST_MS = 15 * 60_000;

/**
 * What keeps the groups that a plan creates from dying on time: each must carry `auto-destroy=true` and an `expires-at`
 * that the reaper will read. One problem for each group, with the code `ttl-tags-invalid`.
 */
export function checkTtlTags(groups: readonly PlannedGroup[], terms: TtlTerms): readonly Problem[] {
  return groups
    .filter(({ kind }) => kind === "create" || kind === "replace")
    .flatMap((group) => {
      const faults = findFaults(group, terms);
      if (faults.length === 0) return [];
      const message = `${group.address} ${faults.join(", and ")}. ${mend(group)}`;
      return [{ code: "ttl-tags-invalid", message }];
    });
}

/** The module takes the tags as they are handed over. */
function mend({ address }: PlannedGroup): string {
  const name = address.split(".").at(-1) ?? address;
  return (
    `Mayfly hands both tags to the configuration as the variable "tags": declare it with ` +
    `variable "tags" { type = map(string) }, and write tags = var.tags (or merge(var.tags, { … })) in the resource "${name}"`
  ).concat(".");
}

function findFaults({ tags, unknownTags }: PlannedGroup, terms: TtlTerms): readonly string[] {
  if (tags === undefined) return ["has tags that are not known before the apply, so nobody can tell when it will die"];
  return [...findMarkFaults(tags, unknownTags), ...findExpiryFaults(tags, unknownTags, terms)];
}

type Tags = Readonly<Record<string, string>>;

/** The value of a tag, or what is wrong with it. Azure compares names without case. */
function findTag(tags: Tags, unknownTags: readonly string[], wanted: string): { readonly value: string } | string {
  const fits = (name: string) => name.trim().toLowerCase() === wanted;
  const names = [...Object.keys(tags), ...unknownTags].filter(fits);
  if (names.length > 1) return `has the tag ${wanted} ${names.length} times (${names.join(", ")})`;
  const [name] = names;
  if (name === undefined) return `has no tag ${wanted}`;
  const value = tags[name];
  return value === undefined ? `has a tag ${wanted} that is not known before the apply` : { value };
}

function findMarkFaults(tags: Tags, unknownTags: readonly string[]): readonly string[] {
  const tag = findTag(tags, unknownTags, MARK);
  if (typeof tag === "string") return [tag];
  return tag.value.trim().toLowerCase() === "true" ? [] : [`has ${MARK} = "${tag.value}", and only "true" counts`];
}

function findExpiryFaults(tags: Tags, unknownTags: readonly string[], terms: TtlTerms): readonly string[] {
  const tag = findTag(tags, unknownTags, EXPIRY);
  if (typeof tag === "string") return [tag];
  const expiry = terms.parseExpiry(tag.value);
  const said = `has ${EXPIRY} = "${tag.value}"`;
  if ("problem" in expiry) return [`${said}: ${expiry.problem}, expected ${render(terms.expiresAt)}`];
  if (expiry.at <= terms.now) return [`${said}, which has passed, expected ${render(terms.expiresAt)}`];
  if (expiry.at.getTime() < terms.now.getTime() + SHORTEST_MS) {
    return [`${said}, less than 15 minutes from now: give it a longer "ttl"`];
  }
  if (terms.latest === undefined || expiry.at <= terms.latest) return [];
  return [`${said}, later than max-ttl allows (${render(terms.latest)})`];
}

function render(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
