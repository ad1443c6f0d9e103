import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "./shop-sources.ts";

/** The folder that is the team's repository in the beginning. */
export const ENVIRONMENT_FOLDER = join(import.meta.dirname, "environment");

/** What the repository has in the beginning: workflows, and a configuration of terraform's own resources. */
export function readFirstFiles(): Files {
  const paths = readdirSync(ENVIRONMENT_FOLDER, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(ENVIRONMENT_FOLDER, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(ENVIRONMENT_FOLDER, path), "utf8")]));
}

/** Two changes that are in no environment. */
export const FASTER: Files = { "orders/worker.js": "export const batch = 20;\n" };
export const FASTER_STILL: Files = { "orders/worker.js": "export const batch = 40;\n" };

/** What the provisioner of the cache says when it begins; it takes longer than anybody waits here. */
export const AT_WORK = "filling the cache";

/** A cache that takes long to fill, something that is made beside it, and something that waits for it. */
export const WITH_CACHE: Files = {
  "infrastructure/cache.tf": `resource "terraform_data" "cache_rules" {
  input = "keep the last \${var.workers * 100} orders"
}

resource "terraform_data" "cache" {
  input = terraform_data.cache_rules.output

  provisioner "local-exec" {
    command = "echo ${AT_WORK}; exec sleep 60"
  }
}

resource "terraform_data" "cache_probe" {
  input = terraform_data.cache.output
}
`,
};
