import { decideManifests } from "../../image/purge-manifests.ts";
import type { Look } from "./look.ts";
import type { Referrers } from "./plan.ts";

export type LastWord =
  | { readonly kind: "delete" }
  | { readonly kind: "gone" }
  | { readonly kind: "keep"; readonly because: string };

export interface LastLook {
  readonly digest: string;
  readonly look: Pick<Look, "tags" | "manifests">;
  /** What points at each digest, this one's as fresh as the look. */
  readonly referrers: Referrers;
  /** Digests of the plan whose turn has not come, or is now. */
  readonly pending: ReadonlySet<string>;
}

/**
 * Decides on a manifest in the moment before its DELETE, which takes every tag on it along, and with it what points at it.
 * By now its tags are gone, and so is every index that is made of it: whatever still holds it does so against the plan.
 */
export function decideDelete({ digest, look, referrers, pending }: LastLook): LastWord {
  const { tags, manifests } = look;
  const onIt = new Map<string, string[]>();
  const note = (on: string, tag: string): void => void onIt.set(on, [...(onIt.get(on) ?? []), tag]);
  for (const tag of tags) note(tag.digest, tag.name);
  for (const manifest of manifests) for (const tag of manifest.tags) note(manifest.digest, tag);

  const [tag] = onIt.get(digest) ?? [];
  if (tag !== undefined) return keep(`the tag ${tag} is on it`);
  if (!manifests.some((one) => one.digest === digest)) return { kind: "gone" };
  const parent = manifests.find((one) => one.references.includes(digest));
  if (parent !== undefined) return keep(`the index ${parent.digest} is made of it`);
  const listed = new Set(manifests.map((one) => one.digest));
  // What is not there any more holds nothing.
  const live = new Map([...referrers].filter(([subject]) => listed.has(subject)));
  const { goes, keeps } = decideManifests(new Set([...pending, digest]), onIt, { manifests, referrers: live });
  if (goes.some((one) => one.digest === digest)) return { kind: "delete" };
  return keep(keeps.find((one) => one.digest === digest)?.because ?? "something else holds it");
}

function keep(because: string): LastWord {
  return { kind: "keep", because };
}
