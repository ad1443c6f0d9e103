import { createHash } from "node:crypto";

/** All that decides what a build makes, but for what it fetches by itself while it runs. */
export interface BuildContent {
  /** The context after `.dockerignore`, in any order. */
  readonly entries: readonly ContentEntry[];
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Which name stands for what; where they are images, their digests are among the bases. */
  readonly buildContexts: Readonly<Record<string, string>>;
  /** Names only: a secret must not change what is built, and its value must not stand in a hash. */
  readonly secretIds: readonly string[];
  readonly ssh: readonly string[];
  /** Never empty where several machines build: with none named it is the builder's own. */
  readonly platforms: readonly string[];
  readonly provenance: string | undefined;
  readonly sbom: boolean;
  /** Those that the user gave: the computed ones change with each commit. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Digests of the images that it begins with or copies from, by their names in the Dockerfile. */
  readonly bases: Readonly<Record<string, string>>;
}

export interface ContentEntry {
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
  /** Permission bits, which an image keeps; 0 of a link, which has none of its own. */
  readonly mode: number;
  /** Of a link: what it points at. Of a file: the SHA-256 of its content. */
  readonly content: string | undefined;
}

/** Changes with what is hashed, so that an older name never stands for something else. */
const FORM = "mayfly-content-2";
const HEX_DIGITS = 32;

/**
 * The tag that names a build's content: `ctx-` and 32 hex digits. The same content gives the same tag, on any machine and
 * in any order; times and owners of files do not count, as they do not for a builder's cache. Permissions do, in both: a
 * machine with another umask builds anew.
 *
 * Each part is a line of JSON, which holds no line break itself: two contents have the same text only when they are the
 * same.
 */
export function nameContext(content: BuildContent): string {
  const hash = createHash("sha256");
  const add = (...part: readonly unknown[]): void => {
    hash.update(`${JSON.stringify(part)}\n`);
  };
  add(FORM);
  add("dockerfile", content.dockerfile);
  add("options", content.target ?? null, content.provenance ?? null, content.sbom);
  for (const name of ["buildArgs", "buildContexts", "labels", "annotations", "bases"] as const)
    add(name, sortPairs(content[name]));
  for (const name of ["secretIds", "ssh", "platforms"] as const) add(name, content[name].toSorted());
  const entries = content.entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, kind, mode, content: inner } of entries) add(path, kind, mode, inner ?? null);
  return `ctx-${hash.digest("hex").slice(0, HEX_DIGITS)}`;
}

/**
 * The tag under which a builder delivers that cannot push by digest: one for each content, so that they do not pile up,
 * and never the content's own. That one is only for an image that was scanned, and whose base images were asked for.
 */
export function nameCarrier(contentTag: string): string {
  return `ctx-${createHash("sha256").update(`carrier of ${contentTag}`).digest("hex").slice(0, HEX_DIGITS)}`;
}

function sortPairs(pairs: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
}
