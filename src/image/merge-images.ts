import type { Parsed, Problem } from "./problem.ts";
import { imageRecordName, type PushedImage, parsePushedImages } from "./pushed-image.ts";

/** A file in which a job told of its image. */
export interface ImageRecordFile {
  readonly path: string;
  readonly text: string;
}

/**
 * All images that the jobs of a matrix told of, each once.
 *
 * Problems, all at once: a file that cannot be read (`pushed-images-invalid`), two files that say different things of
 * one image (`images-conflict`), an image that was expected and is in no file (`images-missing`).
 *
 * @param expected names that must be there, and the only ones that count; without any, all count.
 */
export function mergeImages(
  files: readonly ImageRecordFile[],
  expected: readonly string[],
): Parsed<readonly PushedImage[]> {
  const problems: Problem[] = [];
  const found = new Map<string, { readonly image: PushedImage; readonly path: string }>();
  for (const { path, text } of files) {
    const parsed = parsePushedImages(text);
    if ("problems" in parsed) {
      problems.push(...parsed.problems.map((problem) => ({ ...problem, message: `${path}: ${problem.message}` })));
      continue;
    }
    for (const image of parsed.value) {
      // Another call of the workflow in the same run leaves its files beside ours.
      if (expected.length > 0 && !expected.includes(image.name)) continue;
      const other = found.get(image.name);
      if (other === undefined) found.set(image.name, { image, path });
      else if (!isSame(other.image, image)) problems.push(conflict(image, path, other));
    }
  }
  const missing = expected.filter((name) => !found.has(name));
  if (missing.length > 0) problems.push({ code: "images-missing", message: explainMissing(missing, files) });
  const [first, ...others] = problems;
  if (first !== undefined) return { problems: [first, ...others] };
  return { value: [...found.values()].map(({ image }) => image) };
}

function isSame(one: PushedImage, other: PushedImage): boolean {
  return one.repository === other.repository && one.tag === other.tag && one.digest === other.digest;
}

function conflict(image: PushedImage, path: string, other: { readonly image: PushedImage; readonly path: string }) {
  const tell = ({ repository, tag, digest }: PushedImage): string => `${repository}:${tag}@${digest}`;
  const message = `${other.path} says that ${image.name} is ${tell(other.image)}, and ${path} that it is ${tell(image)}. Give each image of a run a name of its own.`;
  return { code: "images-conflict", message } as const;
}

function explainMissing(missing: readonly string[], files: readonly ImageRecordFile[]): string {
  const wanted = missing.map((name) => `${name} (${imageRecordName(name)})`).join(", ");
  const there = files.length === 0 ? "there is no file at all" : `there is ${files.map(({ path }) => path).join(", ")}`;
  return `Expected what was pushed of ${wanted}; ${there}. The job of each image must have pushed it and handed its file on.`;
}
