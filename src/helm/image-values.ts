import { type Parsed, type Problem, refuse, settle } from "./problem.ts";
import { isTree, mergeTrees, putIn, type Tree } from "./value-tree.ts";

interface Image {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** One key of values, as a path is written: `proxy.image`, `workers[0]` is none. */
const PATH = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/**
 * Values that put images where a chart wants them: `repository`, `tag` and `digest` at the path of each.
 *
 * Problems have the code `image-values-invalid`, all at once.
 *
 * @param images the output `images` of a build: `{"api":{"repository":"…","tag":"…","digest":"sha256:…"}}`
 * @param places an image's name to the path of a mapping in the chart's values, or to several: `{api: "proxy.image"}`
 */
export function applyImageValues(images: string, places: Tree): Parsed<Tree> {
  const parsed = parseImages(images);
  if ("problems" in parsed) return parsed;
  const problems: Problem[] = [];
  const say = (message: string): void => {
    problems.push({ code: "image-values-invalid", message });
  };
  const taken = new Map<string, string>();
  let values: Tree = {};
  for (const [name, place] of Object.entries(places)) {
    const image = parsed.value.get(name);
    if (image === undefined) {
      say(`image-values: ${name} is no image of images, which are ${[...parsed.value.keys()].join(", ") || "none"}`);
    }
    for (const path of Array.isArray(place) ? place : [place]) {
      const fault = findPathFault(path, taken);
      if (fault !== undefined) say(`image-values: ${name}: ${fault}`);
      if (fault !== undefined || image === undefined) continue;
      taken.set(String(path), name);
      values = mergeTrees(values, putIn({}, String(path).split("."), { ...image }));
    }
  }
  return settle(values, problems);
}

/** Paths may not lie in each other: the one would be a text of the other's. */
function findPathFault(path: unknown, taken: ReadonlyMap<string, string>): string | undefined {
  if (typeof path !== "string" || !PATH.test(path)) {
    return `expected the path of a mapping in the chart's values, such as proxy.image, got ${JSON.stringify(path)}`;
  }
  const near = [...taken.keys()].find(
    (other) => `${other}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${other}.`),
  );
  return near === undefined
    ? undefined
    : `${path} ${near === path ? "is" : "lies together with"} the place of ${taken.get(near)}`;
}

function parseImages(text: string): Parsed<ReadonlyMap<string, Image>> {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse("image-values-invalid", `images: expected JSON as the output images of a build: ${why}`);
  }
  if (!isTree(tree)) return refuse("image-values-invalid", "images: expected a mapping from names to images");
  const problems: Problem[] = [];
  const images = new Map<string, Image>();
  for (const [name, value] of Object.entries(tree)) {
    const fields = isTree(value) ? value : {};
    const [repository, digest] = [textOf(fields["repository"]), textOf(fields["digest"])];
    const tag = textOf(fields["tag"] ?? "");
    const faults = [
      ...(/^[^\s@]+\/[^\s@]+$/.test(repository ?? "") ? [] : ["no repository with its registry"]),
      ...(/^sha256:[0-9a-f]{64}$/.test(digest ?? "") ? [] : ["no digest (sha256: and 64 hex digits)"]),
      ...(/^(?:\w[\w.-]{0,127})?$/.test(tag ?? "?") ? [] : ["a tag that is none"]),
    ];
    if (faults.length > 0) {
      problems.push({
        code: "image-values-invalid",
        message: `images: ${JSON.stringify(name)} has ${faults.join(", ")}`,
      });
    }
    images.set(name, { repository: repository ?? "", tag: tag ?? "", digest: digest ?? "" });
  }
  return settle(images, problems);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
