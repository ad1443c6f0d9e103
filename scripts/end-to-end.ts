// Usage: npm run end-to-end, MAYFLY_E2E=test/e2e/smoke npm run end-to-end
// Runs the end-to-end tests, six files at a time: most wait for an emulated Azure, or for pods, most of their time. Files that
// fail are run once more, one after another, when all others have ended. That hides nothing: what fails again fails this
// run, and what passes then is told as FLAKY, with the words of its first failure. A test that fails on a machine without a
// core to spare says something about its patience; one that fails alone says something about Mayfly.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Flake, type JestReport, listFailedFiles, listFailures, listLasting } from "./end-to-end/second-chance.ts";

const LANES = 6;
const root = join(import.meta.dirname, "..");
const ORDER = join(root, "test/e2e/longest-first.cjs");
const scratch = mkdtempSync(join(tmpdir(), "mayfly-end-to-end-"));
try {
  main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function main(): void {
  const which = `--testPathPatterns=${process.env["MAYFLY_E2E"] ?? "test/e2e/"}`;
  const first = runJest("first", [`--maxWorkers=${LANES}`, `--testSequencer=${ORDER}`, which]);
  const files = listFailedFiles(first);
  if (files.length === 0) {
    tell([]);
    // Nothing was found, say.
    if (!first.success) fail("jest failed, and no file did");
    return;
  }
  console.log(`\nend-to-end: ${files.length} of ${first.testResults.length} files failed. Once more, each alone.\n`);
  const second = runJest("second", ["--runInBand", "--runTestsByPath", ...files]);
  const failures = listFailures(first);
  const lasting = listLasting(failures, second);
  tell(failures.filter((failure) => !lasting.includes(failure)));
  const names = new Set([...lasting, ...listFailures(second)].map(nameOf));
  if (!second.success || names.size > 0) fail(`failed, and not beside others alone:\n${[...names].join("\n")}`);
}

/** @throws Error when jest ends without a report */
function runJest(name: string, words: readonly string[]): JestReport {
  const report = join(scratch, `${name}.json`);
  const jest = ["--experimental-vm-modules", join(root, "node_modules/jest/bin/jest.js")];
  const env = { ...process.env, NODE_NO_WARNINGS: "1" };
  const { error, status } = spawnSync(process.execPath, [...jest, "--json", `--outputFile=${report}`, ...words], {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error !== undefined) throw error;
  const told: JestReport = JSON.parse(readFileSync(report, "utf8"));
  // Where it finds no test it ends with 1, and calls that a success.
  return { ...told, success: told.success && status === 0 };
}

/** Says which tests are flaky, here and where `.ci/run` reads it for its last lines. */
function tell(flakes: readonly Flake[]): void {
  for (const flake of flakes) {
    const said = flake.failure.replaceAll(/\n +at .*(?:node_modules|node:internal|<anonymous>\)$).*/gm, "");
    console.log(`\nFLAKY: ${nameOf(flake)}\nIt passed alone. When it failed:\n\n${said.replaceAll(/^/gm, "    ")}`);
  }
  const file = process.env["MAYFLY_FLAKY"];
  if (file !== undefined) appendFileSync(file, flakes.map((flake) => `${nameOf(flake)}\n`).join(""));
}

function fail(why: string): void {
  console.log(`\nend-to-end: ${why}`);
  process.exitCode = 1;
}

function nameOf({ file, test }: Flake): string {
  return `${relative(root, file)}: ${test}`;
}
