import { parseReference } from "../../image/parse-reference.ts";
import { parseRepository, splitHost } from "../../image/parse-repository.ts";
import { parseTag } from "../../image/parse-tag.ts";
import { type Repository, renderReference } from "../../image/repository.ts";

/** One image to copy: where it is, and the name it gets in every target. */
export interface ImageLine {
  /** The source as people read it. */
  readonly source: string;
  readonly from: Repository & { readonly tag: string | undefined; readonly digest: string | undefined };
  readonly to: {
    readonly name: string;
    /** Undefined for an image that is named by its digest only, on both sides. */
    readonly tag: string | undefined;
  };
}

/**
 * Reads the lines of `images`: `source`, or `source => repository[:tag]`. Name and tag of the target are the source's
 * where they are not given; a line that stands twice counts once.
 *
 * A source must name its registry, and a tag or a digest. What Docker would add to a short name is said and not guessed:
 * `team/app` could be meant for our own registry, and on Docker Hub it could be anybody's.
 *
 * @returns every problem in words, of all lines, beside the lines that could be read.
 */
export function parseImages(lines: readonly string[]): {
  readonly images: readonly ImageLine[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const taken = new Map<string, ImageLine>();
  for (const line of lines) {
    const image = parseLine(line);
    if (typeof image === "string") {
      problems.push(`images: ${image}`);
      continue;
    }
    const key = renderTarget(image);
    const other = taken.get(key);
    if (other !== undefined && other.source !== image.source) {
      problems.push(`images: expected each target once, but "${other.source}" and "${image.source}" both go to ${key}`);
    }
    taken.set(key, image);
  }
  return { images: [...taken.values()], problems };
}

/** The name an image gets, without a registry: `team/app:1.2`, or with its digest where it gets no tag. */
export function renderTarget({ from, to }: ImageLine): string {
  if (to.tag !== undefined) return `${to.name}:${to.tag}`;
  return from.digest === undefined ? to.name : `${to.name}@${from.digest}`;
}

/** What is wrong with a line that is no image. */
function parseLine(line: string): ImageLine | string {
  const [source = "", target, ...more] = line.split("=>").map((part) => part.trim());
  if (more.length > 0) return `expected one "=>" on a line, got "${line}"`;
  const from = parseSource(source);
  if (typeof from === "string") return from;
  const to = target === undefined ? { name: from.name, tag: undefined } : parseTarget(target);
  if (typeof to === "string") return to;
  return { source: renderSource(from), from, to: { name: to.name, tag: to.tag ?? from.tag } };
}

function parseSource(text: string): ImageLine["from"] | string {
  const parsed = parseReference(text);
  if ("problems" in parsed) return parsed.problems[0].message;
  const { repository, tag, digest } = parsed.value;
  const full = renderReference(repository);
  if (splitHost(text).host === undefined) {
    return `expected a source with its registry, got "${text}": for Docker Hub's write ${full}${tag === undefined ? "" : `:${tag}`}`;
  }
  if (tag === undefined && digest === undefined) {
    return `expected a tag or a digest at the source, got "${text}": write ${full}:latest if that is meant`;
  }
  return { ...repository, tag, digest };
}

/** Stands for the registries that `registry` and `targets` name. */
const TARGET_HOST = "target";

function parseTarget(text: string): ImageLine["to"] | string {
  if (text === "") return 'expected a repository behind "=>"';
  if (text.includes("@")) return `expected a target without a digest, since that is the source's, got "${text}"`;
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  const repository = parseRepository(colon < 0 ? text : text.slice(0, colon), TARGET_HOST);
  if ("problems" in repository) return repository.problems[0].message;
  if (repository.value.host !== TARGET_HOST) {
    return `expected a target without its registry, which \`registry\` and \`targets\` name: write ${repository.value.name}, not "${text}"`;
  }
  if (colon < 0) return { name: repository.value.name, tag: undefined };
  const tag = parseTag(text.slice(colon + 1));
  return "problems" in tag ? tag.problems[0].message : { name: repository.value.name, tag: tag.value };
}

function renderSource({ host, name, tag, digest }: ImageLine["from"]): string {
  const tagged = renderReference({ host, name }, tag);
  return digest === undefined ? tagged : `${tagged}@${digest}`;
}
