import type { RegistryFacts, World } from "../../../src/actions/acr-purge/world.ts";
import { type Descriptor, MEDIA_TYPES } from "../../../src/image/manifest.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import type { AcrManifest, AcrTag } from "../../../src/registry/registry.ts";

export const HOST = "mayfly.azurecr.io";
const ID =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/mayfly";

export interface SimulatedManifest {
  readonly digest: string;
  /** Digests of the manifests in it. */
  readonly references: readonly string[];
  /** The digest that it points at as a signature or attestation. */
  readonly subject: string | undefined;
  locked: boolean;
}

export interface SimulatedRepository {
  readonly tags: Map<string, { digest: string; locked: boolean }>;
  readonly manifests: Map<string, SimulatedManifest>;
}

export interface Request {
  readonly call: "tags" | "manifests" | "referrers" | "untag" | "delete";
  readonly repository: string;
  readonly what: string;
  readonly at: number;
}

/** What goes wrong with an answer. */
export type Mishap =
  | { readonly kind: "throw"; readonly error: Error }
  /** Carried out, and the answer gets lost. */
  | { readonly kind: "lose-answer"; readonly error: Error };

/** What had been answered last when a DELETE of a manifest left. */
export interface Deleted {
  readonly repository: string;
  readonly digest: string;
  readonly at: number;
  /** When the last answers had come. */
  readonly lookedAt: number;
  readonly tags: readonly AcrTag[];
  readonly manifests: readonly AcrManifest[];
  readonly referrers: ReadonlyMap<string, readonly string[]>;
}

export interface Untagged {
  readonly repository: string;
  readonly tag: string;
  readonly at: number;
  readonly tags: readonly AcrTag[];
}

/** A registry in memory with a clock of its own: time passes only when somebody waits or asks. */
export interface Simulation {
  readonly world: World;
  readonly repositories: Map<string, SimulatedRepository>;
  readonly requests: Request[];
  readonly deleted: Deleted[];
  readonly untagged: Untagged[];
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

/** A digest that people can tell apart in a failed test. */
export function digestOf(label: string): string {
  const hex = Buffer.from(label).toString("hex").slice(0, 64);
  return `sha256:${hex.padEnd(64, "0")}`;
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
  const last = new Map<
    string,
    {
      tags: readonly AcrTag[];
      manifests: readonly AcrManifest[];
      referrers: Map<string, readonly string[]>;
      at: number[];
    }
  >();
  const seenIn = (name: string) => {
    const seen = last.get(name) ?? { tags: [], manifests: [], referrers: new Map(), at: [0, 0] };
    last.set(name, seen);
    return seen;
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
              seenIn(name).referrers.set(
                digest,
                found.map((one) => one.digest),
              );
              return found.map(toDescriptor);
            }),
        },
        metadata: {
          listTags: (name) =>
            answer("tags", name, "", () => {
              const seen = seenIn(name);
              const tags = listTags(name);
              [seen.tags, seen.at[0]] = [tags ?? [], clock];
              return tags;
            }),
          listManifests: (name) =>
            answer("manifests", name, "", () => {
              const seen = seenIn(name);
              const manifests = listManifests(name);
              [seen.manifests, seen.at[1]] = [manifests ?? [], clock];
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
              () => simulation.untagged.push({ repository: name, tag, at: clock, tags: seenIn(name).tags }),
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
                // As the registry does: every tag on it goes along.
                for (const [tag, { digest: on }] of found.tags) if (on === digest) found.tags.delete(tag);
                found.manifests.delete(digest);
                if (found.manifests.size === 0) repositories.delete(name);
                return "removed";
              },
              () => {
                const { tags, manifests, referrers, at } = seenIn(name);
                const lookedAt = Math.min(...at);
                const seen = { tags, manifests, referrers: new Map(referrers) };
                simulation.deleted.push({ repository: name, digest, at: clock, lookedAt, ...seen });
              },
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
      log: {
        info: (line) => void simulation.lines.push(line),
        notice: (line) => void simulation.lines.push(line),
        warning: (line) => void simulation.warnings.push(line),
        error: (line) => void simulation.warnings.push(line),
        group: (_, work) => work(),
      },
      summarize: async (markdown) => void simulation.summaries.push(markdown),
      writeReport: async (json) => {
        simulation.reports.push(json);
        return "report.json";
      },
    },
  };
  return simulation;
}

function toTag(name: string, digest: string, locked: boolean): AcrTag {
  return { name, digest, createdAt: undefined, updatedAt: undefined, writeEnabled: !locked, deleteEnabled: !locked };
}

function toManifest({ digest, references, locked }: SimulatedManifest, { tags }: SimulatedRepository): AcrManifest {
  return {
    digest,
    mediaType: references.length === 0 ? MEDIA_TYPES.ociManifest : MEDIA_TYPES.ociIndex,
    tags: [...tags].flatMap(([tag, one]) => (one.digest === digest ? [tag] : [])),
    references,
    size: 100,
    createdAt: undefined,
    writeEnabled: !locked,
    deleteEnabled: !locked,
  };
}

function toDescriptor({ digest }: SimulatedManifest): Descriptor {
  return { mediaType: MEDIA_TYPES.ociManifest, digest, size: 100 };
}
