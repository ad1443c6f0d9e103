// Usage: npm run lint:yaml
// Lints workflows and actions with actionlint and zizmor, and shell scripts with shellcheck, all from PyPI and pinned
// by hash in tools/lint/requirements.txt. They live in a virtual environment in the user's cache.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { listFilesBelow } from "./list-files.ts";

const root = join(import.meta.dirname, "..");
const requirements = join(root, "tools/lint/requirements.txt");

const LEFT_OUT = /^(?:node_modules|lib|dist|coverage|\.git)\/$/;

const bin = ensureTools();
const folders = [".github", "actions", "examples"].filter((folder) => existsSync(join(root, folder)));
const workflows = listFilesBelow(root, [".yml", ".yaml"], LEFT_OUT).filter(
  // In those of the runner harness `$/` is their own folder.
  (file) => /(^|\/)\.github\/workflows\//.test(file) && !file.startsWith("test/runner/fixtures/"),
);
const shell = [...listFilesBelow(root, [".sh"], LEFT_OUT), ".ci/run"];

const outcomes = [
  // `cache-mode:` is a key that GitHub's own parser refuses as yet; runs of such events may only read caches anyway
  // (https://github.blog/changelog/2026-06-26-read-only-actions-cache-for-untrusted-triggers).
  lint("actionlint", "-ignore", "has no explicit cache access limit", ...workflows),
  lint(
    "zizmor",
    "--config",
    "tools/lint/zizmor.yml",
    ...["--offline", "--no-progress", "--quiet"],
    ...["--persona", "auditor"],
    ...folders,
  ),
  lint("shellcheck", "--external-sources", ...shell.filter((file) => existsSync(join(root, file)))),
];
if (!outcomes.every(Boolean)) process.exitCode = 1;

function lint(tool: string, ...args: readonly string[]): boolean {
  // actionlint finds shellcheck on the path and reads `run:` with it.
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
  const { status, error } = spawnSync(join(bin, tool), args, { cwd: root, env, stdio: "inherit" });
  if (error !== undefined) throw error;
  console.log(`lint:yaml: ${tool} ${status === 0 ? "has no findings" : `failed with ${status}`}`);
  return status === 0;
}

/** The folder of the tools' programs; they are installed first when they are not there in these versions. */
function ensureTools(): string {
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const venv = join(cacheFolder(), `lint-${wanted}`);
  const complete = join(venv, "complete");
  if (!existsSync(complete)) {
    rmSync(venv, { recursive: true, force: true });
    mkdirSync(venv, { recursive: true });
    run("python3", "-m", "venv", venv);
    run(
      join(venv, "bin/pip"),
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--require-hashes",
      "-r",
      requirements,
    );
    writeFileSync(complete, "");
  }
  return join(venv, "bin");
}

function run(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error === undefined && status === 0) return;
  console.error(
    `lint:yaml: ${command} ${args[0]} ${args[1]} failed. It needs python3 with venv (Debian: python3-venv).`,
  );
  process.exit(1);
}
