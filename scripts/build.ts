// Usage: npm run build [-- --check]
// Builds dist, which is committed: a consumer's runner downloads it and runs it as it is.
// --check builds into another folder, shows where dist differs from that, and exits 1 if it does.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./build/bundle.ts";
import { compareFolders } from "./build/compare.ts";
import { listFilesBelow } from "./list-files.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;

if (check) await checkDist();
else {
  await bundle(root, dist);
  console.log(`build: dist holds ${describeSize(dist)}`);
}

async function checkDist(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "mayfly-dist-"));
  try {
    await bundle(root, scratch);
    const differences = compareFolders(dist, scratch);
    for (const difference of differences) console.log(`dist/${difference}`);
    if (differences.length === 0) {
      console.log(`build: dist is what the sources make, ${describeSize(dist)}`);
      return;
    }
    console.error("build: dist is not what the sources make. Run npm run build and commit dist.");
    process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function describeSize(folder: string): string {
  const files = listFilesBelow(folder, [""]);
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return `${(bytes / 1_000_000).toFixed(2)} MB in ${files.length} files`;
}
