import { type Document, isMap, isScalar, isSeq, type Node } from "yaml";
import { ENTRY_KEYS, findNameFault, type ImageEntry, isEntryKey } from "./image-entry.ts";
import { parseRepository } from "./parse-repository.ts";
import { follow, readEntryValue } from "./read-entry-value.ts";

/** Takes what is wrong, and the offset in the text where it stands. */
export type Say = (message: string, offset: number | undefined) => void;

/** Stands for the registry of names that bring none, while names are only checked. */
const OWN_REGISTRY = "registry.azurecr.io";

/** An entry of a list of images; undefined when something is wrong with it, which `say` has been told. */
export function readEntry(node: Node | null, document: Document, say: Say): ImageEntry | undefined {
  const at = node?.range?.[0];
  if (!isMap(node)) {
    say("expected keys and values, such as images: team/app", at);
    return undefined;
  }
  const values: Partial<Record<string, string>> = {};
  let faulty = false;
  const fault: Say = (message, offset) => {
    faulty = true;
    say(message, offset ?? at);
  };
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const place = (key as Node | null)?.range?.[0];
    if (!isEntryKey(name)) {
      fault(`${name} is no key of an image; known are ${Object.keys(ENTRY_KEYS).join(", ")}`, place);
      continue;
    }
    const found = readEntryValue(ENTRY_KEYS[name], follow(value, document), document);
    if ("text" in found) values[name] = found.text;
    else fault(`${name}: expected ${found.expected}${hint(name, value)}`, found.at?.range?.[0] ?? place);
  }
  if (!node.has("images")) fault("images: expected the image's repository, such as team/app", at);
  return faulty || values["images"] === undefined
    ? undefined
    : completeEntry({ ...values, images: values["images"] }, at, say);
}

/** An entry with its name, when its names are such that registries and jobs can have. */
export function completeEntry(
  entry: Omit<ImageEntry, "name"> & { readonly name?: string },
  at: number | undefined,
  say: Say,
): ImageEntry | undefined {
  const repositories = entry.images.split("\n");
  const faults = repositories.flatMap((line) => {
    const parsed = parseRepository(line, OWN_REGISTRY);
    return "problems" in parsed ? parsed.problems.map(({ message }) => `images: ${message}`) : [];
  });
  for (const fault of faults) say(fault, at);
  if (faults.length > 0) return undefined;
  // As acr-build-push calls an image that nobody named.
  const name = entry.name ?? repositories[0]?.split("/").at(-1) ?? "";
  const fault = findNameFault(name);
  if (fault === undefined) return { name, ...entry };
  say(
    `name: ${fault}${entry.name === undefined ? ". Give the image a name of its own, such as name: my-app" : ""}`,
    at,
  );
  return undefined;
}

/** The mistake that everybody makes once. */
function hint(name: string, value: unknown): string {
  const wrapped = name === "images" && isSeq(value) && value.items.some(isMap);
  return wrapped ? ". The list begins at the top of the file, without a key around it" : "";
}
