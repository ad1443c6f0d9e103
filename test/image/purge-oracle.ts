import type { PurgePlan, RepositoryFacts } from "../../src/image/purge.ts";

/**
 * Plays a plan on a registry of its own, which deletes as Azure's does, and looks at what is left. The rules are written
 * a second time: what must stay is spread from what surely stays, where the plan takes away from what could go.
 *
 * @returns what is wrong with the plan.
 */
export function judgePurge(plan: PurgePlan, facts: RepositoryFacts, pattern: RegExp): readonly string[] {
  const faults: string[] = [];
  const there = new Map(facts.manifests.map((manifest) => [manifest.digest, manifest]));
  const tagsOf = new Map(facts.manifests.map(({ digest, tags }) => [digest, new Set(tags)]));
  for (const { name, digest } of facts.tags) tagsOf.set(digest, (tagsOf.get(digest) ?? new Set()).add(name));
  const must = spreadStaying(facts, tagsOf, pattern);

  for (const { name, digest } of plan.tags) {
    const listed = facts.tags.find((tag) => tag.name === name && tag.digest === digest);
    if (listed === undefined) faults.push(`${name} is not on ${digest}`);
    if (listed !== undefined && !(listed.writeEnabled && listed.deleteEnabled)) faults.push(`${name} is locked`);
    if (!pattern.test(name) && !/^ctx-/.test(name)) faults.push(`${name} is not the environment's`);
    if (/^ctx-/.test(name) && must.has(digest)) faults.push(`${name} names ${digest}, which stays`);
    tagsOf.get(digest)?.delete(name);
  }
  for (const { digest } of plan.manifests) {
    if ((tagsOf.get(digest)?.size ?? 0) > 0)
      faults.push(`${digest} has tags: ${[...(tagsOf.get(digest) ?? [])].join()}`);
    const parents = [...there.values()].filter((one) => one.references.includes(digest));
    if (parents.length > 0) faults.push(`${digest} goes before ${parents.map((one) => one.digest).join()}`);
    // What points at a manifest goes with it.
    const falling = [digest];
    for (const one of falling) {
      falling.push(...(facts.referrers.get(one) ?? []).map((referrer) => referrer.digest));
      there.delete(one);
    }
  }
  for (const digest of must) if (!there.has(digest) && isListed(facts, digest)) faults.push(`${digest} had to stay`);
  for (const { digest } of facts.manifests) {
    if (there.has(digest) && !must.has(digest)) faults.push(`${digest} had to go`);
  }
  for (const [digest, tags] of tagsOf) {
    if (tags.size > 0 && !there.has(digest) && isListed(facts, digest))
      faults.push(`${[...tags].join()} names nothing`);
  }
  return faults;
}

function isListed({ manifests }: RepositoryFacts, digest: string): boolean {
  return manifests.some((one) => one.digest === digest);
}

/** Every digest that must be there afterwards. */
function spreadStaying(
  facts: RepositoryFacts,
  tagsOf: ReadonlyMap<string, ReadonlySet<string>>,
  pattern: RegExp,
): ReadonlySet<string> {
  const isFree = (one: { writeEnabled: boolean; deleteEnabled: boolean }): boolean =>
    one.writeEnabled && one.deleteEnabled;
  const manifestOf = (digest: string) => facts.manifests.find((one) => one.digest === digest);
  const own = facts.tags.filter(
    (tag) =>
      pattern.test(tag.name) &&
      isFree(tag) &&
      (manifestOf(tag.digest) === undefined || isFree(manifestOf(tag.digest) ?? tag)),
  );
  const ours = new Set<string>();
  const gather = (digest: string): void => {
    if (ours.has(digest)) return;
    ours.add(digest);
    for (const part of manifestOf(digest)?.references ?? []) gather(part);
    for (const { digest: referrer } of facts.referrers.get(digest) ?? []) gather(referrer);
  };
  for (const { digest } of own) gather(digest);

  const everything = new Set([...ours, ...facts.manifests.map(({ digest }) => digest), ...facts.referrers.keys()]);
  const staying = new Set<string>();
  const keep = (digest: string): void => {
    if (staying.has(digest)) return;
    staying.add(digest);
    for (const part of manifestOf(digest)?.references ?? []) keep(part);
    for (const { digest: referrer } of facts.referrers.get(digest) ?? []) keep(referrer);
    for (const [subject, referrers] of facts.referrers) {
      if (referrers.some((one) => one.digest === digest)) keep(subject);
    }
  };
  const goesFrom = (digest: string, name: string): boolean => {
    const listed = facts.tags.find((tag) => tag.name === name && tag.digest === digest);
    if (listed === undefined || !isFree(listed)) return false;
    // What names a whole content goes with the image that a tag of ours is on, what carried a part with any part of it.
    const near = /^ctx-[0-9a-f]+-/.test(name) ? ours.has(digest) : own.some((tag) => tag.digest === digest);
    return own.includes(listed) || (/^ctx-/.test(name) && near);
  };
  for (const digest of everything) {
    const manifest = manifestOf(digest);
    const unknown = manifest === undefined || !facts.referrers.has(digest);
    const named = [...(tagsOf.get(digest) ?? [])].some((name) => !goesFrom(digest, name));
    if (!ours.has(digest) || unknown || named || !isFree(manifest)) keep(digest);
  }
  return staying;
}
