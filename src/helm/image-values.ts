import { type Parsed, type Problem, refuse } from "./problem.ts";
import { isTree, mergeTrees, putIn, type Tree } from "./value-tree.ts";

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const PATH = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/**
 * Values that set `repository`, `tag` and `digest` where a chart wants them: from what a build says of its images, and
 * from the path of each.
 *
 * Problems have the code `image-values-invalid`: all of them at once.
 *
 * @param images JSON: `{"api":{"repository":"…","tag":"…","digest":"sha256:…"}}`
 * @param paths an image's name to its path in the values: `api: proxy.image`
 */
export function applyImageValues(images: string, paths: Tree): Parsed<Tree> {
  const known = parse(images);
  if (known === undefined) {
    const form = '{"api":{"repository":"…","tag":"…","digest":"sha256:…"}}';
    return refuse("image-values-invalid", `images: expected the output images of a build, ${form}`);
  }
  const problems: Problem[] = [];
  let values: Tree = {};
  for (const [name, path] of Object.entries(paths)) {
    const read = readOne(name, path, known);
    if (typeof read === "string") problems.push({ code: "image-values-invalid", message: read });
    else values = mergeTrees(values, putIn({}, read.path, read.image));
  }
  const [first, ...others] = problems;
  return first === undefined ? { value: values } : { problems: [first, ...others] };
}

function readOne(
  name: string,
  path: unknown,
  images: Tree,
): string | { readonly path: readonly string[]; readonly image: Tree } {
  if (typeof path !== "string" || !PATH.test(path)) {
    return `image-values: expected a path in the chart's values at ${name}, such as proxy.image`;
  }
  const image = images[name];
  if (!isTree(image)) {
    return `image-values: expected the name of an image of images (${Object.keys(images).join(", ") || "there is none"}), got ${name}`;
  }
  const { repository, tag, digest } = image;
  if (typeof repository !== "string" || typeof digest !== "string" || !DIGEST.test(digest)) {
    return `images: expected repository and digest (sha256:…) of ${name}`;
  }
  return { path: path.split("."), image: { repository, ...(typeof tag === "string" ? { tag } : {}), digest } };
}

function parse(text: string): Tree | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
