import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "./shop-sources.ts";
import type { Theatre } from "./theatre.ts";

/** What the team adds to its repository in order to deploy: a workflow and values of its own. */
export const DEPLOY_FOLDER = join(import.meta.dirname, "deploy");

/** The workflow, the values, and the chart as people copy it from the examples. */
export function readDeployFiles({ repositoryRoot }: Pick<Theatre, "repositoryRoot">): Files {
  const chart = join(repositoryRoot, "examples/deploy/charts/shop");
  return { ...readFolder(DEPLOY_FOLDER, ""), ...readFolder(chart, "charts/shop/") };
}

/** All files below a folder, by their path in it behind a prefix. */
export function readFolder(folder: string, prefix: string): Files {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [`${prefix}${path}`, readFileSync(join(folder, path), "utf8")]));
}
