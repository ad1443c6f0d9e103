import type { RegistryFacts, World } from "../../../src/actions/acr-purge/world.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import type { AcrManifest, AcrTag } from "../../../src/registry/registry.ts";
import { recordLog } from "../recording-log.ts";
import {
  digestOf,
  listFalling,
  type SimulatedRepository,
  toDescriptor,
  toManifest,
  toTag,
} from "./simulated-repository.ts";

export const HOST = "mayfly.azurecr.io";
const ID =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/mayfly";

export interface Request {
  readonly call: "tags" | "locks" | "manifests" | "referrers" | "untag" | "delete";
  readonly repository: string;
  readonly what: string;
  readonly at: number;
}

/** What goes wrong with an answer. */
export type Mishap =
  | { readonly kind: "throw"; readonly error: Error }
  /** Carried out, and the answer gets lost. */
  | { readonly kind: "lose-answer"; readonly error: Error };

/** An answer, and when it was given. */
export interface Told<T> {
  readonly at: number;
  readonly value: T;
}

/** All that a repository has told, the oldest first. */
export interface History {
  readonly tags: Told<readonly AcrTag[]>[];
  readonly manifests: Told<readonly AcrManifest[]>[];
  /** By digest: what points at it. */
  readonly referrers: Map<string, Told<readonly string[]>[]>;
}

/** A DELETE that left: when, and how much the repository had told by then. */
export interface Sent {
  readonly repository: string;
  /** A tag or a digest. */
  readonly what: string;
  readonly at: number;
  /** When the last lists had come. */
  readonly lookedAt: number;
  readonly told: { readonly tags: number; readonly manifests: number; readonly referrers: ReadonlyMap<string, number> };
}

/** A registry in memory with a clock of its own: time passes only when somebody waits or asks. */
export interface Simulation {
  readonly world: World;
  readonly repositories: Map<string, SimulatedRepository>;
  readonly lockedRepositories: Set<string>;
  readonly requests: Request[];
  readonly deleted: Sent[];
  readonly untagged: Sent[];
  history(repository: string): History;
  readonly lines: string[];
  readonly warnings: string[];
  readonly summaries: string[];
  readonly reports: string[];
  /** Called before each answer: may edit the world, and says what goes wrong. */
  before: (request: Request) => Mishap | undefined;
  latencyMs: (request: Request) => number;
  /** How long what is gone is still listed. */
  staleMs: number;
  repository(name: string): SimulatedRepository;
  /** Pushes an image (or an index of others) and returns its digest. */
  push(repository: string, label: string, more?: PushOptions): string;
  tagsOf(repository: string): readonly string[];
  digestsOf(repository: string): readonly string[];
  cancel(): void;
}

interface PushOptions {
  readonly tags?: readonly string[];
  readonly references?: readonly string[];
  readonly subject?: string;
  readonly locked?: boolean;
}

export function simulate(now = new Date("2026-11-21T09:17:00Z")): Simulation {
  const cancel = new AbortController();
  let clock = now.getTime();
  const repositories = new Map<string, SimulatedRepository>();
  const ghosts: {
    readonly repository: string;
    readonly until: number;
    readonly tag?: AcrTag;
    readonly manifest?: AcrManifest;
  }[] = [];
  const histories = new Map<string, History>();
  const historyOf = (name: string): History => {
    const history = histories.get(name) ?? { tags: [], manifests: [], referrers: new Map() };
    histories.set(name, history);
    return history;
  };
  const note = (repository: string, what: string): Sent => {
    const { tags, manifests, referrers } = historyOf(repository);
    const counts = new Map([...referrers].map(([digest, told]) => [digest, told.length] as const));
    const lookedAt = Math.min(tags.at(-1)?.at ?? 0, manifests.at(-1)?.at ?? 0);
    const told = { tags: tags.length, manifests: manifests.length, referrers: counts };
    return { repository, what, at: clock, lookedAt, told };
  };

  const answer = async <T>(
    call: Request["call"],
    repository: string,
    what: string,
    reply: () => T,
    leave: () => void = () => undefined,
  ): Promise<T> => {
    const request = { call, repository, what, at: clock };
    leave();
    await Promise.resolve();
    simulation.requests.push(request);
    const mishap = simulation.before(request);
    clock += simulation.latencyMs(request);
    if (mishap?.kind === "throw") throw mishap.error;
    const value = reply();
    await Promise.resolve();
    if (mishap !== undefined) throw mishap.error;
    return value;
  };

  const listTags = (name: string): readonly AcrTag[] | undefined => {
    const found = repositories.get(name);
    if (found === undefined) return undefined;
    const tags = [...found.tags].map(([tag, { digest, locked }]) => toTag(tag, digest, locked));
    const gone = ghosts.flatMap((ghost) =>
      ghost.tag !== undefined && ghost.repository === name && ghost.until > clock && !found.tags.has(ghost.tag.name)
        ? [ghost.tag]
        : [],
    );
    return [...tags, ...gone];
  };

  const listManifests = (name: string): readonly AcrManifest[] | undefined => {
    const found = repositories.get(name);
    if (found === undefined) return undefined;
    const gone = ghosts.flatMap((ghost) =>
      ghost.manifest !== undefined &&
      ghost.repository === name &&
      ghost.until > clock &&
      !found.manifests.has(ghost.manifest.digest)
        ? [ghost.manifest]
        : [],
    );
    return [...[...found.manifests.values()].map((one) => toManifest(one, found)), ...gone];
  };

  const simulation: Simulation = {
    repositories,
    lockedRepositories: new Set(),
    requests: [],
    deleted: [],
    untagged: [],
    lines: [],
    warnings: [],
    summaries: [],
    reports: [],
    before: () => undefined,
    latencyMs: () => 20,
    staleMs: 0,
    history: historyOf,
    repository: (name) => {
      const found = repositories.get(name) ?? { tags: new Map(), manifests: new Map() };
      repositories.set(name, found);
      return found;
    },
    push: (name, label, more = {}) => {
      const { tags, manifests } = simulation.repository(name);
      const digest = digestOf(label);
      const { references = [], subject, locked = false } = more;
      manifests.set(digest, { digest, references, subject, locked });
      for (const tag of more.tags ?? []) tags.set(tag, { digest, locked: false });
      return digest;
    },
    tagsOf: (name) => [...(repositories.get(name)?.tags.keys() ?? [])].sort(),
    digestsOf: (name) => [...(repositories.get(name)?.manifests.keys() ?? [])].sort(),
    cancel: () => cancel.abort(),
    world: {
      requireRegistry: async (nameOrId): Promise<RegistryFacts> => {
        if (["mayfly", HOST, ID].includes(nameOrId)) return { id: ID, name: "mayfly", loginServer: HOST };
        throw new UserError("registry-not-found", `There is no registry "${nameOrId}"`);
      },
      openRegistry: () => ({
        registry: {
          listReferrers: (name, digest) =>
            answer("referrers", name, digest, () => {
              const found = [...(repositories.get(name)?.manifests.values() ?? [])].filter(
                ({ subject }) => subject === digest,
              );
              const { referrers } = historyOf(name);
              const value = found.map((one) => one.digest);
              referrers.set(digest, [...(referrers.get(digest) ?? []), { at: clock, value }]);
              return found.map(toDescriptor);
            }),
        },
        metadata: {
          findLocks: (name) =>
            answer("locks", name, "", () => {
              if (!repositories.has(name)) return undefined;
              const open = !simulation.lockedRepositories.has(name);
              return { writeEnabled: open, deleteEnabled: open };
            }),
          listTags: (name) =>
            answer("tags", name, "", () => {
              const tags = listTags(name);
              historyOf(name).tags.push({ at: clock, value: tags ?? [] });
              return tags;
            }),
          listManifests: (name) =>
            answer("manifests", name, "", () => {
              const manifests = listManifests(name);
              historyOf(name).manifests.push({ at: clock, value: manifests ?? [] });
              return manifests;
            }),
          untag: (name, tag) =>
            answer(
              "untag",
              name,
              tag,
              () => {
                const found = repositories.get(name);
                const one = found?.tags.get(tag);
                if (found === undefined || one === undefined) return "gone";
                if (one.locked) return "locked";
                found.tags.delete(tag);
                const until = clock + simulation.staleMs;
                ghosts.push({ repository: name, until, tag: toTag(tag, one.digest, false) });
                return "removed";
              },
              () => void simulation.untagged.push(note(name, tag)),
            ),
          deleteManifest: (name, digest) =>
            answer(
              "delete",
              name,
              digest,
              () => {
                const found = repositories.get(name);
                const one = found?.manifests.get(digest);
                if (found === undefined || one === undefined) return "gone";
                if (one.locked) return "locked";
                const until = clock + simulation.staleMs;
                ghosts.push({ repository: name, until, manifest: toManifest(one, found) });
                // As the registry does: every tag on it goes along, and what points at it.
                for (const falling of listFalling(digest, found)) {
                  for (const [tag, { digest: on }] of found.tags) if (on === falling) found.tags.delete(tag);
                  found.manifests.delete(falling);
                }
                if (found.manifests.size === 0) repositories.delete(name);
                return "removed";
              },
              () => void simulation.deleted.push(note(name, digest)),
            ),
        },
      }),
      now: () => new Date(clock),
      monotonic: () => clock,
      sleep: async (milliseconds) => {
        await Promise.resolve();
        if (!cancel.signal.aborted) clock += milliseconds;
      },
      cancelled: cancel.signal,
      log: recordLog(() => simulation),
      summarize: async (markdown) => void simulation.summaries.push(markdown),
      writeReport: async (json) => {
        simulation.reports.push(json);
        return "report.json";
      },
    },
  };
  return simulation;
}
