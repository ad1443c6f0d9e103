/** Values of a chart, as YAML or JSON has them. */
export type Tree = Readonly<Record<string, unknown>>;

/** Whether something has keys: no list, no text, not nothing. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Both, the second one winning: mappings are joined, anything else is replaced, as helm does it. */
export function mergeTrees(first: Tree, second: Tree): Tree {
  const merged = new Map<string, unknown>(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const before = merged.get(key);
    merged.set(key, isTree(before) && isTree(value) ? mergeTrees(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** A tree with a value at a path; what is in the way is replaced. */
export function putIn(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (key === undefined) return tree;
  const below = tree[key];
  return { ...tree, [key]: rest.length === 0 ? value : putIn(isTree(below) ? below : {}, rest, value) };
}

/** Every text and number in a tree of values, as texts. */
export function listLeaves(value: unknown): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(listLeaves);
}
