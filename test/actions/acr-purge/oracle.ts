import type { AcrManifest, AcrTag } from "../../../src/registry/registry.ts";
import type { Sent, Simulation, Told } from "./simulation.ts";

const OWN = /^pr-12(-[0-9a-f]{7,40})?$/;
const CONTENT = /^ctx-[0-9a-f]{16,64}(-linux-arm64)?$/;
/** A second, and what the requests of one look take of the simulated clock, or those of all turns side by side. */
const LONGEST_WINDOW_MS = { alone: 1_400, sideBySide: 4_000 };

interface View {
  readonly tags: readonly AcrTag[];
  readonly manifests: readonly AcrManifest[];
  readonly referrers: ReadonlyMap<string, readonly string[]>;
}

/**
 * Judges the DELETE of a manifest by what the purge had been told shortly before, in rules written down a second time:
 * none of the purge's own code is used. Turns side by side look for themselves, so one view of the last seconds that
 * allows the delete is enough; with one turn at a time only the last view counts.
 *
 * @returns what is wrong with it.
 */
export function judgeDelete(sent: Sent, simulation: Simulation, sideBySide: boolean): readonly string[] {
  const views = listViews(sent, simulation, sideBySide);
  if (views.length === 0) return [`${sent.what}: deleted without a look`];
  const asked = simulation.history(sent.repository).referrers.get(sent.what)?.[
    (sent.told.referrers.get(sent.what) ?? 0) - 1
  ];
  if (asked === undefined || sent.at - asked.at > windowOf(sideBySide))
    return [`${sent.what}: nobody asked just before what points at it`];
  const verdicts = views.map((view) => judgeView(sent.what, view));
  const best = verdicts.reduce((least, one) => (one.length < least.length ? one : least));
  const first = simulation.history(sent.repository);
  const planned = listBelongings(first.tags[0]?.value ?? [], first.manifests[0]?.value ?? [], simulation, sent);
  const stray = planned.has(sent.what) ? [] : [`${sent.what}: was never the environment's`];
  return [...best, ...stray];
}

/** Judges the DELETE of a tag in the same way. */
export function judgeUntag(sent: Sent, simulation: Simulation, sideBySide: boolean): readonly string[] {
  const { tags } = simulation.history(sent.repository);
  const planned = tags[0]?.value.find(({ name }) => name === sent.what);
  if (planned === undefined) return [`${sent.what}: was not there when the plan was made`];
  const judge = (list: readonly AcrTag[]): readonly string[] => {
    const live = list.find(({ name }) => name === sent.what);
    const faults: string[] = [];
    if (live === undefined) faults.push(`${sent.what}: was not there`);
    else if (live.digest !== planned.digest) faults.push(`${sent.what}: had moved`);
    else if (!(live.writeEnabled && live.deleteEnabled)) faults.push(`${sent.what}: was locked`);
    if (!OWN.test(sent.what) && !CONTENT.test(sent.what)) faults.push(`${sent.what}: is not the environment's`);
    return faults;
  };
  const verdicts = recent(tags.slice(0, sent.told.tags), sent, sideBySide).map(({ value }) => judge(value));
  return verdicts.reduce<readonly string[]>(
    (least, one) => (one.length < least.length ? one : least),
    verdicts[0] ?? [`${sent.what}: removed without a look`],
  );
}

function judgeView(digest: string, { tags, manifests, referrers }: View): readonly string[] {
  const faults: string[] = [];
  const wrong = (text: string): void => void faults.push(`${digest}: ${text}`);
  const own = manifests.find((one) => one.digest === digest);
  if (own === undefined) return [`${digest}: was not listed`];
  const falling = new Set([digest]);
  for (const one of falling) for (const other of referrers.get(one) ?? []) falling.add(other);
  const reached = new Set([
    ...tags.map((tag) => tag.digest),
    ...manifests.filter((one) => one.tags.length > 0).map((one) => one.digest),
  ]);
  for (const one of reached) {
    for (const part of manifests.find((other) => other.digest === one)?.references ?? []) reached.add(part);
    for (const other of referrers.get(one) ?? []) reached.add(other);
  }
  for (const one of falling) {
    if (reached.has(one)) wrong(`a tag reaches ${one}, which goes with it`);
    const live = manifests.find((other) => other.digest === one);
    if (live !== undefined && !(live.writeEnabled && live.deleteEnabled)) wrong(`${one} is locked`);
  }
  const parent = manifests.find((one) => one.references.includes(digest));
  if (parent !== undefined) wrong(`the index ${parent.digest} is made of it`);
  return faults;
}

function listViews(sent: Sent, simulation: Simulation, sideBySide: boolean): readonly View[] {
  const history = simulation.history(sent.repository);
  const tags = recent(history.tags.slice(0, sent.told.tags), sent, sideBySide);
  const manifests = recent(history.manifests.slice(0, sent.told.manifests), sent, sideBySide);
  const referrers = new Map(
    [...sent.told.referrers].map(([digest, count]) => [
      digest,
      history.referrers.get(digest)?.slice(0, count).at(-1)?.value ?? [],
    ]),
  );
  return tags.flatMap((tag) =>
    manifests.map((manifest) => ({ tags: tag.value, manifests: manifest.value, referrers })),
  );
}

function recent<T>(told: readonly Told<T>[], { at }: Sent, sideBySide: boolean): readonly Told<T>[] {
  const fresh = told.filter((one) => at - one.at <= windowOf(sideBySide));
  return sideBySide ? fresh : fresh.slice(-1);
}

/** What hung together with the environment's tags when the plan was made. */
function listBelongings(
  tags: readonly AcrTag[],
  manifests: readonly AcrManifest[],
  simulation: Simulation,
  { repository }: Sent,
): ReadonlySet<string> {
  const { referrers } = simulation.history(repository);
  const found = new Set(tags.filter(({ name }) => OWN.test(name)).map(({ digest }) => digest));
  for (const one of found) {
    for (const part of manifests.find(({ digest }) => digest === one)?.references ?? []) found.add(part);
    for (const other of referrers.get(one)?.[0]?.value ?? []) found.add(other);
  }
  return found;
}

function windowOf(sideBySide: boolean): number {
  return sideBySide ? LONGEST_WINDOW_MS.sideBySide : LONGEST_WINDOW_MS.alone;
}
