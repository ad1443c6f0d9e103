import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";

// Each of these starts Node several times, which a busy machine lets wait.
jest.setTimeout(60_000);

const SCRIPT = join(import.meta.dirname, "../../../scripts/tools.ts");

/** Stands in for go: it notes each call, does what `mode` says to the package named there, and has KEDA's module. */
const GO = `#!/bin/sh
echo "$*" >>"$HERE/calls"
for argument in "$@"; do case $argument in -o=*) out=\${argument#-o=} ;; esac; done
case "$*" in *"$(cut -d' ' -f2 "$HERE/mode")"*)
  case $(cut -d' ' -f1 "$HERE/mode") in
  fail) i=0; while [ $i -lt 30 ]; do i=$((i + 1)); echo "line $i"; done; exit 3 ;;
  slow) echo begun >"$HERE/begun"; sleep 1 ;;
  esac ;;
esac
for argument in "$@"; do case $argument in */cmd/*) echo built >"$out$(basename "$argument")" ;; esac; done
for version in $(sed -n 's|.*github.com/kedacore/keda/v2 \\(v[^ ]*\\).*|\\1|p' go.mod); do
  module="$GOMODCACHE/github.com/kedacore/keda/v2@$version"
  mkdir -p "$module/config/crd/bases" "$module/config/rbac" "$module/config/samples" "$module/config/service_account"
  echo crd >"$module/config/crd/bases/keda.sh_scaledjobs.yaml"
done
`;
/** Stands in for apt-get: packages are found after an update only, and what is installed says so. */
const APT = `#!/bin/sh
echo "$1" >>"$HERE/calls"
[ "$1" != update ] || touch "$HERE/updated"
[ -e "$HERE/updated" ] || { echo "E: Unable to locate package"; exit 100; }
`;

/** Stands in for npm: it notes where it is and what for, and brings azurite's program; `mode` as for go. */
const NPM = `#!/bin/sh
echo "npm $*" >>"$HERE/calls"
case $(cat "$HERE/mode") in "fail npm") echo "npm error code EINTEGRITY"; exit 1 ;; esac
[ -e package-lock.json ] || exit 2
mkdir -p node_modules/.bin && echo installed >node_modules/.bin/azurite-blob
`;

let here: string;
let cache: string;
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "mayfly-tools-"));
  cache = join(here, "cache");
  mkdirSync(join(here, "bin"));
  for (const [name, text] of Object.entries({ go: GO, npm: NPM, "apt-get": APT }))
    writeFileSync(join(here, "bin", name), text, { mode: 0o755 });
  writeFileSync(join(here, "mode"), "well nothing");
});
afterEach(() => rmSync(here, { recursive: true, force: true, maxRetries: 3 }));

function start(...names: readonly string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...names], {
    env: { PATH: `${join(here, "bin")}:/usr/bin:/bin`, HERE: here, MAYFLY_CACHE: cache, NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return { child, ended };
}
const run = (...names: readonly string[]) => start(...names).ended;
const calls = () =>
  existsSync(join(here, "calls")) ? readFileSync(join(here, "calls"), "utf8").trim().split("\n") : [];
const kept = () => (existsSync(cache) ? readdirSync(cache).map((name) => name.replace(/-\d.*/, "")) : []);
const until = async (there: () => boolean) => {
  while (!there()) await new Promise((done) => setTimeout(done, 10));
};

describe("a Go tool", () => {
  test("is built once, and found after that", async () => {
    const { code, output } = await run("registry");
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(
        /^tools: \[0s\] getting registry [\d.]+, which takes about [\s\S]*: built in .*cache/,
      ),
    });
    expect(kept()).toEqual(["registry"]);
    expect((await run("registry", "--list")).output).toMatch(/^registry +[\d.]+ +there/m);
    expect(await run("registry")).toEqual({ code: 0, output: "tools: all there (registry)\n" });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(/^build .*-trimpath -ldflags=-s -w -X .*version=v[\d.]+ \S+\/cmd\/registry$/);
  });

  test("is built again when its recipe is another", async () => {
    await run("registry");
    const [folder = ""] = readdirSync(cache);
    appendFileSync(join(cache, folder, "recipe"), "changed");
    expect((await run("registry", "--list")).output).toMatch(/^registry +[\d.]+ +missing/m);
    expect((await run("registry")).code).toBe(0);
    expect((await run("registry", "--list")).output).toMatch(/^registry +[\d.]+ +there/m);
    expect(kept()).toEqual(["registry"]);
  });

  test("has the names that people know, and keeps what its family asks for of its module", async () => {
    expect((await run("keda")).code).toBe(0);
    expect((await run("keda", "--list")).output).toMatch(/^keda +[\d.]+ +there .* keda$/m);
    const [folder = ""] = readdirSync(cache);
    const files = readdirSync(join(cache, folder), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(["bin/keda", "kept/config/crd/bases/keda.sh_scaledjobs.yaml"]));
    expect(files).not.toContain("bin/operator");
    expect(files).not.toContain("kept/config/samples");
    expect(kept()).toEqual(["keda"]);
    rmSync(join(cache, folder, "kept/config/rbac"), { recursive: true });
    expect((await run("keda", "--list")).output).toMatch(/^keda +[\d.]+ +missing/m);
  });

  test("that cannot be built is named with the last lines, and the others are built", async () => {
    writeFileSync(join(here, "mode"), "fail docker/buildx");
    const { code, output } = await run("registry", "buildx", "buildkit");
    expect(code).toBe(1);
    expect(output).toMatch(/^tools: buildx [\d.]+: .*\bgo build [\s\S]*ended with 3\. The last lines:\n {2}line 11\n/m);
    expect(output).toMatch(/ {2}line 30\n$/);
    expect(kept().sort()).toEqual(["buildkit", "registry"]);
  });

  test("leaves nothing that looks finished when its build is killed, and is built by the next run", async () => {
    writeFileSync(join(here, "mode"), "slow registry");
    const { child, ended } = start("registry");
    await until(() => existsSync(join(here, "begun")));
    child.kill("SIGKILL");
    await ended;
    expect(kept()).toEqual([expect.stringMatching(/^building/)]);
    expect((await run("registry", "--list")).output).toMatch(/^registry +[\d.]+ +missing/m);
    writeFileSync(join(here, "mode"), "well nothing");
    expect((await run("registry")).code).toBe(0);
    expect(kept()).toEqual(["registry"]);
  });

  test("leaves nothing at all when its build is cancelled", async () => {
    writeFileSync(join(here, "mode"), "slow registry");
    const { child, ended } = start("registry", "buildx");
    await until(() => existsSync(join(here, "begun")));
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 1, output: expect.stringMatching(/registry [\d.]+: cancelled\n/) });
    expect(kept()).toEqual([]);
    expect(calls()).toHaveLength(1);
  });

  test("is built once by two runs at the same time", async () => {
    writeFileSync(join(here, "mode"), "slow registry");
    const [one, other] = await Promise.all([run("registry"), run("registry")]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(one.output + other.output).toContain("waiting for another run that builds tools");
    expect(calls()).toHaveLength(1);
    expect(kept()).toEqual(["registry"]);
  });
});

describe("a tool from npm", () => {
  test("is installed once, from its lock file, without scripts, and found after that", async () => {
    const { code, output } = await run("azurite");
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/azurite [\d.]+: installed in .*cache/),
    });
    expect(kept()).toEqual(["azurite"]);
    expect((await run("azurite", "--list")).output).toMatch(/^azurite +[\d.]+ +there/m);
    expect(await run("azurite")).toEqual({ code: 0, output: "tools: all there (azurite)\n" });
    expect(calls()).toEqual([expect.stringMatching(/^npm ci .*--ignore-scripts/)]);
  });

  test("that cannot be installed leaves nothing, and npm's words are told", async () => {
    writeFileSync(join(here, "mode"), "fail npm");
    const { code, output } = await run("azurite");
    expect(code).toBe(1);
    expect(output).toMatch(/^tools: azurite [\d.]+: .*npm ci [\s\S]*ended with 1[\s\S]*EINTEGRITY\n$/m);
    expect(kept()).toEqual([]);
  });
});

test("all unknown names are told, with those that there are", async () => {
  const { code, output } = await run("registry", "nix", "helm9");
  expect({ code, calls: calls() }).toEqual({ code: 1, calls: [] });
  expect(output).toMatch(/^tools: no such tool: nix, helm9\. There are docker\.io, .*azurite, .*buildkit\b/);
});
