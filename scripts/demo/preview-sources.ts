import { join } from "node:path";
import { readFolder } from "./deploy-sources.ts";
import type { Files } from "./shop-sources.ts";

/** What the team adds to its repository for previews: the two workflows, values, a public Service, a smoke test. */
export const PREVIEW_FOLDER = join(import.meta.dirname, "preview");

export function readPreviewFiles(): Files {
  return readFolder(PREVIEW_FOLDER, "");
}

/** The heading that a pull request gives the shop. */
export function headline(heading: string): Files {
  return { "web/pages/index.html": `<!doctype html>\n<title>Shop</title>\n<h1>${heading}</h1>\n` };
}
