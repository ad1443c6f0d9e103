/** What stands between `<!-- key -->` and `<!-- /key -->`, by key. */
export type Blocks = ReadonlyMap<string, string>;

/** A page with its blocks filled, and what was wrong with its markers. */
export interface Filled {
  readonly text: string;
  readonly keys: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** The markers that are ours; other comments in a page are left alone. */
const OURS = /^(?:inputs|outputs|actions|workflow \S+ (?:inputs|secrets|outputs)|smoke \w+)$/;

/**
 * Fills every block of a page. A marker that nobody can fill, that is not closed, or that stands twice is a problem:
 * otherwise a table would silently stay as it was.
 */
export function fillMarkers(page: string, blocks: Blocks): Filled {
  const problems: string[] = [];
  const keys = new Set<string>();
  let text = page;
  for (const [marker, key = ""] of page.matchAll(/<!-- ([^/][^>]*?) -->/g)) {
    if (!OURS.test(key)) continue;
    const block = blocks.get(key);
    const close = `<!-- /${key} -->`;
    const from = text.indexOf(marker);
    const to = text.indexOf(close, from);
    if (keys.has(key)) problems.push(`the marker ${marker} stands twice`);
    else if (block === undefined) problems.push(`nothing belongs to the marker ${marker}`);
    else if (to < 0) problems.push(`the marker ${marker} has no ${close}`);
    else text = `${text.slice(0, from)}${marker}\n${block}\n${text.slice(to)}`;
    keys.add(key);
  }
  return { text, keys, problems };
}
