import { findFault, splitHost } from "./parse-repository.ts";
import { parseTag } from "./parse-tag.ts";
import { type Parsed, refuse } from "./problem.ts";
import type { Repository } from "./repository.ts";

/** An image as somebody wrote it to read it: with neither tag nor digest, `latest` is meant. */
export interface Reference {
  readonly repository: Repository;
  readonly tag: string | undefined;
  /** It counts before the tag. */
  readonly digest: string | undefined;
}

/** Hex digits of each algorithm that images are named by. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * A full reference, `ghcr.io/a/b:tag@sha256:…`. A name without a registry is Docker Hub's, and one without a slash its
 * official image: `alpine` is `docker.io/library/alpine`.
 *
 * Problems have the code `image-reference-invalid`.
 */
export function parseReference(text: string): Parsed<Reference> {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const whole = at < 0 ? text : text.slice(0, at);
  const colon = whole.indexOf(":", whole.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : whole.slice(colon + 1);
  const repository = normalise(colon < 0 ? whole : whole.slice(0, colon));
  const fault = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? findFault(text, repository)
    : (findFault(whole, repository) ?? findTagFault(tag) ?? findDigestFault(digest));
  if (fault !== undefined) return refuse("image-reference-invalid", `The image "${text}" ${fault}.`);
  return { value: { repository, tag, digest } };
}

function normalise(name: string): Repository {
  const { host, path } = splitHost(name);
  const hub = host === undefined || host === "docker.io";
  return { host: host ?? "docker.io", name: hub && path !== "" && !path.includes("/") ? `library/${path}` : path };
}

function findTagFault(tag: string | undefined): string | undefined {
  if (tag === undefined) return undefined;
  const parsed = parseTag(tag);
  return "value" in parsed ? undefined : `has a bad tag: ${parsed.problems[0].message.replace(/\.$/, "")}`;
}

function findDigestFault(digest: string | undefined): string | undefined {
  if (digest === undefined || isWholeDigest(digest)) return undefined;
  return `has a digest that is none: "${digest}", where sha256: and 64 hex digits (0-9, a-f) are needed`;
}

/** Whether a text names content: an algorithm that registries know, and exactly its number of lower-case hex digits. */
export function isWholeDigest(text: string): boolean {
  const [, algorithm = "", hex = ""] = /^([a-z0-9]+):([0-9a-f]+)$/.exec(text) ?? [];
  return hex !== "" && DIGEST_LENGTHS[algorithm] === hex.length;
}
