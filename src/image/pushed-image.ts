import { findNameFault } from "./image-entry.ts";
import { isWholeDigest, parseReference } from "./parse-reference.ts";
import { pick } from "./payload.ts";
import { collect, type Parsed, refuse } from "./problem.ts";
import { renderReference } from "./repository.ts";

/** An image that was pushed, as jobs tell each other of it. */
export interface PushedImage {
  /** The key in the JSON `images`. */
  readonly name: string;
  /** With its registry: `mayfly.azurecr.io/team/app`. */
  readonly repository: string;
  /** Empty for an image that is named by its digest only. */
  readonly tag: string;
  /** `sha256:…` */
  readonly digest: string;
}

/** `{"api":{"repository":"…","tag":"…","digest":"sha256:…"}}`, sorted by name: the same images make the same text. */
export function renderPushedImages(images: readonly PushedImage[]): string {
  const sorted = images.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return JSON.stringify(
    Object.fromEntries(sorted.map(({ name, repository, tag, digest }) => [name, { repository, tag, digest }])),
  );
}

/** The name of the file in which a job tells of its image: the JSON `images` with this one alone. */
export const imageRecordName = (name: string): string => `image-${name}.json`;

/**
 * Images that were pushed: the JSON `images` of a build or an import, or references with their digests, one on each
 * line, named by the last part of their repositories.
 *
 * Problems have the code `pushed-images-invalid`.
 */
export function parsePushedImages(text: string): Parsed<readonly PushedImage[]> {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return parseJson(trimmed);
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const references = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (references.length === 0) return refuse("pushed-images-invalid", "Expected at least one image, got nothing.");
  return withoutTwins(collect(references.map(parseLine)));
}

function parseJson(text: string): Parsed<readonly PushedImage[]> {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return refuse("pushed-images-invalid", `Expected JSON such as the output "images" of a build: ${because}.`);
  }
  const images = Object.entries(tree as Readonly<Record<string, unknown>>);
  if (images.length === 0) return refuse("pushed-images-invalid", "Expected at least one image, got {}.");
  return collect(images.map(([name, value]) => parseImage(name, value)));
}

function parseImage(name: string, value: unknown): Parsed<PushedImage> {
  const repository = pick(value, "repository");
  const digest = pick(value, "digest");
  const tag = pick(value, "tag") ?? "";
  const faults = [
    findNameFault(name),
    typeof repository === "string" && isWholeRepository(repository) ? undefined : `no repository with its registry`,
    typeof digest === "string" && isWholeDigest(digest) ? undefined : "no digest (sha256: and 64 hex digits)",
    typeof tag === "string" ? undefined : "a tag that is no text",
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0 || typeof repository !== "string" || typeof digest !== "string" || typeof tag !== "string") {
    return refuse("pushed-images-invalid", `The image ${JSON.stringify(name)} has ${faults.join(", ")}.`);
  }
  return { value: { name, repository, tag, digest } };
}

/** `ghcr.io/a/b`: with a registry and nothing behind it. */
function isWholeRepository(text: string): boolean {
  const parsed = parseReference(text);
  return "value" in parsed && renderReference(parsed.value.repository) === text;
}

function parseLine(line: string): Parsed<PushedImage> {
  const parsed = parseReference(line);
  if ("problems" in parsed) {
    return refuse("pushed-images-invalid", parsed.problems.map(({ message }) => message).join(" "));
  }
  const { repository, tag, digest } = parsed.value;
  if (digest === undefined) {
    return refuse("pushed-images-invalid", `${line} has no digest: write ${renderReference(repository)}@sha256:…`);
  }
  const name = repository.name.split("/").at(-1) ?? "";
  return parseImage(name, { repository: renderReference(repository), tag: tag ?? "", digest });
}

function withoutTwins(parsed: Parsed<readonly PushedImage[]>): Parsed<readonly PushedImage[]> {
  if ("problems" in parsed) return parsed;
  const names = parsed.value.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin === undefined) return parsed;
  const text = `Two images are called ${twin}. Give them as JSON, with a name for each: {"${twin}-a":{"repository":"…","digest":"sha256:…"}}`;
  return refuse("pushed-images-invalid", text);
}
