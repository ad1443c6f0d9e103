import type { Manifest } from "../../image/manifest.ts";
import { type Repository, renderReference } from "../../image/repository.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Registry } from "../../registry/registry.ts";
import { matchesWildcard } from "../../wildcard/matches.ts";
import type { TagMove } from "./tag-move.ts";

export interface TagPlan {
  readonly manifest: Manifest;
  readonly repositories: readonly Repository[];
  readonly tags: readonly string[];
  /** Patterns of tags that are never moved to another digest. */
  readonly writeOnce: readonly string[];
}

type Tags = Pick<Registry, "findManifest" | "readManifest" | "putManifest">;

export interface TagWorld {
  registry(host: string): Tags;
  /** Lasts longer after a cancel, so that what moved until then can go back. */
  restoringRegistry(host: string): Tags;
}

/** One tag as it stands, and what it would be put back to. */
interface Stand {
  readonly repository: Repository;
  readonly tag: string;
  readonly before: Manifest | undefined;
}

/**
 * Puts every tag on a manifest that is already there, all together: first every one is looked at, so that a tag that may
 * not move stops all of them; then all are put. When one cannot be put, those that moved go back to where they stood,
 * and so does that one where nobody knows whether it moved: the registry gave no answer.
 * A new tag cannot be taken away again (a push right does not include it) and is told of.
 *
 * @returns every tag with what became of it; the caller decides what a failed one means.
 * @throws UserError `tag-is-write-once` before anything moved.
 */
export async function moveTags(plan: TagPlan, world: TagWorld): Promise<readonly TagMove[]> {
  const stands = await lookAtTags(plan, world);
  const refused = stands.filter(
    ({ tag, before }) => movesAway(before, plan) && plan.writeOnce.some((pattern) => matchesWildcard(tag, pattern)),
  );
  if (refused.length > 0) throw explainWriteOnce(refused, plan);

  const moves = await Promise.all(stands.map((stand) => put(stand, plan.manifest, world.registry)));
  if (moves.every(({ outcome }) => outcome !== "failed")) return moves;
  return Promise.all(moves.map((move, index) => putBack(move, stands[index], plan.manifest, world)));
}

/** Where each tag stands now, with the bytes that would put it back. */
function lookAtTags({ repositories, tags, manifest }: TagPlan, world: TagWorld): Promise<readonly Stand[]> {
  const wanted = repositories.flatMap((repository) => tags.map((tag) => ({ repository, tag })));
  return Promise.all(
    wanted.map(async ({ repository, tag }) => {
      const registry = world.registry(repository.host);
      const found = await registry.findManifest(repository.name, tag);
      if (found === undefined) return { repository, tag, before: undefined };
      if (found.digest === manifest.digest) return { repository, tag, before: manifest };
      // By digest: the tag may be on something else by now.
      return { repository, tag, before: await registry.readManifest(repository.name, found.digest) };
    }),
  );
}

function movesAway(before: Manifest | undefined, { manifest }: TagPlan): boolean {
  return before !== undefined && before.digest !== manifest.digest;
}

function explainWriteOnce(refused: readonly Stand[], { manifest }: TagPlan): UserError {
  const lines = refused.map(
    ({ repository, tag, before }) => `${renderReference(repository, tag)} stands on ${before?.digest}`,
  );
  return new UserError(
    "tag-is-write-once",
    `No tag was moved to ${manifest.digest}: write-once-tags forbids to move\n${lines.join("\n")}\nBuild under a new version, or take the pattern out of write-once-tags.`,
  );
}

async function put(
  { repository, tag, before }: Stand,
  manifest: Manifest,
  registry: TagWorld["registry"],
): Promise<TagMove> {
  const facts = { repository, tag, before: before?.digest };
  if (before?.digest === manifest.digest) return { ...facts, outcome: "already" };
  try {
    await registry(repository.host).putManifest(repository.name, tag, manifest);
    return { ...facts, outcome: "moved" };
  } catch (error) {
    return {
      ...facts,
      outcome: "failed",
      because: error instanceof Error ? error.message : String(error),
      fault: error,
    };
  }
}

async function putBack(move: TagMove, stand: Stand | undefined, manifest: Manifest, world: TagWorld): Promise<TagMove> {
  const failed = move.outcome === "failed";
  if (move.outcome !== "moved" && !(failed && !isRefusal(move.fault))) return move;
  if (stand?.before === undefined) return failed ? move : { ...move, outcome: "left" };
  const other = await findOther(stand, manifest, world);
  if (other !== undefined) {
    const because = `somebody else has moved it to ${other} meanwhile`;
    return failed ? { ...move, because: `${move.because}; ${because}` } : { ...move, outcome: "left", because };
  }
  const back = await put({ ...stand, before: undefined }, stand.before, world.restoringRegistry);
  if (back.outcome === "moved") return failed ? move : { ...move, outcome: "rolled-back" };
  if (failed) return { ...move, because: `${move.because}; where it stands now is not known` };
  return { ...move, outcome: "left", because: back.because ?? "" };
}

/** What a tag stands on that is neither ours nor what it stood on: another run's, which stays. Without an answer, none. */
async function findOther(
  { repository, tag, before }: Stand,
  manifest: Manifest,
  world: TagWorld,
): Promise<string | undefined> {
  const found = await world
    .restoringRegistry(repository.host)
    .findManifest(repository.name, tag)
    .catch(() => undefined);
  return found === undefined || [manifest.digest, before?.digest].includes(found.digest) ? undefined : found.digest;
}

/** An answer that says for certain that nothing was done: a `RegistryFault` with such a status. */
function isRefusal(fault: unknown): boolean {
  const { facts } = (fault ?? {}) as { readonly facts?: { readonly status?: unknown } };
  return typeof facts?.status === "number" && facts.status < 500;
}
