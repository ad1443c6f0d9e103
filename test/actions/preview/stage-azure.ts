import type { AzureWorld } from "../../../src/actions/preview/world.ts";
import type { StateBlobFacts } from "../../../src/azure/state-container.ts";
import type { GroupFacts } from "../../../src/ttl/facts.ts";
import { type Blob, type Stage, SUBSCRIPTION } from "./stage.ts";
import { NOW } from "./stories.ts";

/** ARM takes half a minute for a group. */
const DELETE_MS = 30_000;

/** Azure as a stage has it. `needs` refuses what the stage says is down. */
export function connectAzure(stage: Stage, needs: (name: string) => void): AzureWorld {
  const goneAt = new Map<string, number>();
  const look = (): readonly GroupFacts[] => {
    needs("arm");
    stage.onLook();
    for (const [name, at] of goneAt) {
      const index = stage.groups.findIndex((one) => one.name === name);
      if (index >= 0 && stage.now.getTime() >= at) stage.groups.splice(index, 1);
    }
    return [...stage.groups];
  };
  return {
    subscriptionId: SUBSCRIPTION,
    groups: {
      listByTag: async (_, name, value) => look().filter(({ tags }) => tags[name] === value),
      mergeTags: async (id, tags) =>
        replaceNamed(stage.groups, id.split("/").at(-1) ?? "", (one) => ({ ...one, tags: { ...one.tags, ...tags } })),
      list: async function* () {
        yield* look();
      },
      find: async (_, name) => look().find((one) => one.name === name),
      reserveDelete: async () => undefined,
      delete: async (_, name) => {
        replaceNamed(stage.groups, name, (one) => ({ ...one, provisioningState: "Deleting" }));
        if (!stage.stuck.has(name)) goneAt.set(name, stage.now.getTime() + DELETE_MS);
        return { kind: "accepted", operation: undefined };
      },
      findOperation: async () => ({ kind: "pending", retryAfterMs: undefined }),
    },
    barriers: { listLocks: async () => stage.locks, listDenyAssignments: async () => [] },
    armSkewMs: () => 0,
    stateContainer: () => ({
      find: async (name) => toFacts(name, stage.blobs.get(name)),
      read: async (name) => {
        const blob = stage.blobs.get(name);
        return blob === undefined ? undefined : Buffer.from(blob.text);
      },
      write: async () => {
        throw new Error("nobody writes states here");
      },
      delete: async (name) => (stage.blobs.delete(name) ? "deleted" : "absent"),
      list: async (prefix) => [...stage.blobs.keys()].filter((name) => name.startsWith(prefix)),
      breakLease: async () => {
        throw new Error("nobody breaks leases here");
      },
    }),
  };
}

function toFacts(name: string, blob: Blob | undefined): StateBlobFacts | undefined {
  if (blob === undefined) return undefined;
  const lease = { state: blob.lease ?? "available", infinite: blob.lease === "leased" };
  return { name, size: blob.text.length, etag: "1", lastModified: NOW, metadata: {}, lease };
}

/** Puts another in the place of the one that is called so. */
export function replaceNamed<T extends { readonly name: string }>(all: T[], name: string, change: (one: T) => T): void {
  const index = all.findIndex((one) => one.name === name);
  const one = all[index];
  if (one !== undefined) all[index] = change(one);
}
