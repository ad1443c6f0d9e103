import { isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { ImageEntry } from "./image-entry.ts";
import type { Parsed, Problem } from "./problem.ts";
import { completeEntry, readEntry, type Say } from "./read-entry.ts";
import { follow, splitText } from "./read-entry-value.ts";

/** Jobs that GitHub makes of one matrix at most. */
const MOST_IMAGES = 256;

/**
 * A list of images as people write it (YAML): entries whose keys are inputs of acr-build-push, a single entry, or only
 * the repositories of one image, one on each line.
 *
 * Problems have the code `images-list-invalid`: all of them at once, each with its line.
 *
 * @param file where the text stands, for annotations; undefined for one that was given as an input.
 */
export function parseImagesFile(text: string, file?: string): Parsed<readonly ImageEntry[]> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const problems: Problem[] = [];
  const say: Say = (message, offset) => {
    problems.push(place(message, offset === undefined ? undefined : counter.linePos(offset).line, file));
  };
  const done = <T>(value: T): Parsed<T> => {
    const [first, ...others] = problems;
    return first === undefined ? { value } : { problems: [first, ...others] };
  };

  for (const { message, pos } of document.errors) say(`This is no YAML: ${message}`, pos[0]);
  if (problems.length > 0) return done([]);
  const { contents } = document;
  if (contents !== null && isScalar(contents) && contents.value !== null) {
    const entry = completeEntry({ images: splitText(text).join("\n") }, undefined, say);
    return done(entry === undefined ? [] : [entry]);
  }
  const nodes: readonly unknown[] = isSeq(contents) ? contents.items : contents === null ? [] : [contents];
  if (nodes.length === 0 || isScalar(contents))
    say("Expected at least one image, such as - images: team/app", undefined);
  if (nodes.length > MOST_IMAGES) {
    say(`Expected at most ${MOST_IMAGES} images, which is what GitHub makes jobs of, got ${nodes.length}`, undefined);
  }
  const entries: ImageEntry[] = [];
  for (const [index, item] of (problems.length > 0 ? [] : nodes).entries()) {
    const node = follow(item, document);
    const entry = readEntry(node, document, (message, at) => say(`Image ${index + 1}: ${message}`, at));
    if (entry === undefined) continue;
    for (const message of findTwins(entry, entries)) say(message, node?.range?.[0]);
    entries.push(entry);
  }
  return done(entries);
}

function place(message: string, line: number | undefined, file: string | undefined): Problem {
  const code = "images-list-invalid";
  if (file === undefined) return { code, message: line === undefined ? message : `Line ${line}: ${message}` };
  return { code, message, file, ...(line === undefined ? {} : { line }) };
}

/** Two jobs of one name would overwrite each other's results, and two of one tag each other's images. */
function findTwins(entry: ImageEntry, others: readonly ImageEntry[]): readonly string[] {
  const namesake = others.find(({ name }) => name.toLowerCase() === entry.name.toLowerCase());
  if (namesake !== undefined) return [`The name ${entry.name} stands twice: give each image a name of its own`];
  return entry.images.split("\n").flatMap((repository) => {
    const twin = others.find(({ images, tags }) => images.split("\n").includes(repository) && tags === entry.tags);
    return twin === undefined
      ? []
      : [`${twin.name} and ${entry.name} push the same tags to ${repository}: give one of them other tags`];
  });
}
