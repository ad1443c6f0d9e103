import { createHash } from "node:crypto";
import { LONGEST_TAG } from "./parse-tag.ts";

/**
 * A branch or git tag as a part of an image's tag: `feature/Größe 2` is `feature-Grosse-2`. Case is kept, as registries
 * keep it.
 *
 * Where letters or digits are lost, a hash of the name follows, so that two names in another script never share a tag.
 */
export function slug(name: string): string {
  const plain = name
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "");
  const kept = plain.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|[.-]+$/g, "");
  const lost = /\P{ASCII}/u.test(plain.replace(/[^\p{L}\p{N}]+/gu, ""));
  if (kept !== "" && !lost) return kept;
  return [kept, hash(name)].filter((part) => part !== "").join("-");
}

/** A tag that is too long, cut to its first part and a hash of the whole, so that two long ones stay apart. */
export function cutTag(tag: string): string {
  if (tag.length <= LONGEST_TAG) return tag;
  const suffix = `-${hash(tag)}`;
  return `${tag.slice(0, LONGEST_TAG - suffix.length)}${suffix}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
