import type { AcrManifest, AcrTag } from "../../registry/registry.ts";
import type { PurgeRegistry, World } from "./world.ts";

/** What a repository holds, as it was at `answeredAt` (`monotonic` milliseconds) or later. */
export interface Look {
  readonly tags: readonly AcrTag[];
  readonly manifests: readonly AcrManifest[];
  readonly startedAt: number;
  /** When the older of the two lists came. */
  readonly answeredAt: number;
}

/** A look at a repository; undefined when there is no such repository. */
export async function lookAt(
  repository: string,
  { metadata }: Pick<PurgeRegistry, "metadata">,
  world: Pick<World, "monotonic">,
): Promise<Look | undefined> {
  const startedAt = world.monotonic();
  const dated = async <T>(answer: Promise<T>) => ({ value: await answer, at: world.monotonic() });
  const [tags, manifests] = await Promise.all([
    dated(metadata.listTags(repository)),
    dated(metadata.listManifests(repository)),
  ]);
  if (tags.value === undefined && manifests.value === undefined) return undefined;
  return {
    tags: tags.value ?? [],
    manifests: manifests.value ?? [],
    startedAt,
    answeredAt: Math.min(tags.at, manifests.at),
  };
}

/** How old the start of a look may be for another turn to use it, too. */
const SHARED_FOR_MS = 250;

export interface Looks {
  /** A look that began less than a quarter of a second ago. A repository that is gone is empty. */
  fresh(): Promise<Look>;
  /** What was seen until now does not count any more. */
  forget(): void;
}

/** Looks at one repository, for several turns side by side: lists of thousands of tags are not read for each of them. */
export function shareLooks(
  repository: string,
  registry: Pick<PurgeRegistry, "metadata">,
  world: Pick<World, "monotonic">,
): Looks {
  let latest: { readonly startedAt: number; readonly look: Promise<Look> } | undefined;
  return {
    fresh: () => {
      const now = world.monotonic();
      if (latest !== undefined && now - latest.startedAt <= SHARED_FOR_MS) return latest.look;
      const look = lookAt(repository, registry, world).then(
        (found) => found ?? { tags: [], manifests: [], startedAt: now, answeredAt: world.monotonic() },
      );
      latest = { startedAt: now, look };
      return look;
    },
    forget: () => {
      latest = undefined;
    },
  };
}
