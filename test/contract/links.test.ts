import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "@jest/globals";
import { listSources, ROOT, readSource } from "./repository.ts";

const pages = listSources([".md"]);
const headings = new Map(pages.map((path) => [path, listAnchors(readSource(path))]));

/** The anchors of a page, as GitHub makes them of its headings. */
function listAnchors(text: string): ReadonlySet<string> {
  const titles = [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => title);
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}

/** The links of a page that lead to no file or heading of the repository. */
function listDeadLinks(path: string, text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : posix.join(posix.dirname(path), file);
    if (!existsSync(join(ROOT, target))) return [`${path}: ${link} leads to no file`];
    return anchor === undefined || headings.get(target)?.has(anchor) ? [] : [`${path}: ${link} leads to no heading`];
  });
}

test("each link of a page leads somewhere", () => {
  expect(pages).toContain("docs/troubleshooting.md");
  expect(pages.flatMap((path) => listDeadLinks(path, readSource(path)))).toEqual([]);
});

test("a link that leads nowhere is found", () => {
  const text =
    "[a](images.md#builders) [b](images.md#none) [c](none.md) [d](https://x.example/#y)\n```md\n[e](f.md)\n```\n";
  expect(listDeadLinks("docs/a.md", text)).toEqual([
    "docs/a.md: images.md#none leads to no heading",
    "docs/a.md: none.md leads to no file",
  ]);
});
