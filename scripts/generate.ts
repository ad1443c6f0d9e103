// Usage: npm run generate [-- --check]
// Writes what is made from the specs and YAML: actions/*/action.yml, src/all.ts, the schema of smoke tests, and the tables
// in README files and pages of docs.
// --check writes nothing: it shows what differs, names each file, and exits 1.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { loadSpecs } from "./generate/load-specs.ts";
import { planFiles } from "./generate/plan.ts";
import { showDiff } from "./generate/show-diff.ts";
import { makeSmokeReference } from "./generate/smoke/reference.ts";

const root = join(import.meta.dirname, "..");
const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
const { files, problems } = planFiles(root, await loadSpecs(root), makeSmokeReference());

const differing = [...files].filter(([path, text]) => stands(path) !== text);
for (const [path, text] of differing) {
  if (check) {
    console.log(`--- ${path}\n${showDiff(stands(path) ?? "", text)}\n`);
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
for (const problem of problems) console.error(`generate: ${problem}`);
if (check && differing.length > 0) {
  console.error(`generate: not as generated: ${differing.map(([path]) => path).join(", ")}. Run npm run generate.`);
}
if (problems.length > 0 || (check && differing.length > 0)) process.exitCode = 1;
else console.log(`generate: ${files.size} files are as generated`);

function stands(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}
