import { readFileSync } from "node:fs";

/**
 * A YAML example of a page, as people copy it.
 *
 * @param page path of the markdown file
 * @param title the example's `name:`
 * @throws Error unless exactly one example of the page has that name
 */
export function readExample(page: string, title: string): string {
  const examples = [...readFileSync(page, "utf8").matchAll(/^```yaml\n([\s\S]*?\n)```$/gm)].map(
    ([, text = ""]) => text,
  );
  const found = examples.filter((text) => text.startsWith(`name: ${title}\n`));
  const [example] = found;
  if (example === undefined || found.length > 1) throw new Error(`${page} has ${found.length} examples "${title}"`);
  return example;
}
