import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listDebianTools } from "../../../scripts/tools/debian-tools.ts";
import { findProgram } from "../../../scripts/tools/find-program.ts";
import { installDebianTools } from "../../../scripts/tools/install-debian-tools.ts";
import { openWorkshop } from "../../../scripts/tools/workshop.ts";

let here: string;
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "mayfly-debian-"));
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

/** Packages `shell` (program `ash`) and `fish` (`fish`, `chips`), which are looked for in the test's folder only. */
function listPackages() {
  const file = join(here, "packages.txt");
  writeFileSync(file, "# two\n\nshell   ash  # a shell\nfish fish chips\n");
  return listDebianTools(file, (name) => (existsSync(join(here, name)) ? join(here, name) : undefined));
}

/** An apt-get that notes its calls, knows packages only after an update, and installs these programs. */
function writeApt(...programs: readonly string[]): string {
  const apt = join(here, "apt-get");
  const script = [
    "#!/bin/sh",
    `echo "$*" >>"${here}/calls"`,
    `[ "$1" != update ] || { touch "${here}/updated"; exit 0; }`,
    `[ -e "${here}/updated" ] || { echo "E: Unable to locate package shell"; exit 100; }`,
    ...programs.map((program) => `touch "${here}/${program}"`),
  ];
  writeFileSync(apt, `${script.join("\n")}\n`, { mode: 0o755 });
  return apt;
}

const workshop = openWorkshop(() => undefined, new AbortController().signal);
const calls = () => readFileSync(join(here, "calls"), "utf8").trim().split("\n");

describe("Debian packages", () => {
  test("are there when all of their programs are", () => {
    const [shell, fish] = listPackages();
    writeFileSync(join(here, "ash"), "");
    writeFileSync(join(here, "fish"), "");
    expect(shell?.find()).toEqual(new Map([["ash", join(here, "ash")]]));
    expect(fish?.find()).toBeUndefined();
  });

  test("are installed together, after an update where the lists are missing", async () => {
    const aptGet = writeApt("ash", "fish", "chips");
    expect(await installDebianTools(listPackages(), workshop, { isRoot: true, aptGet })).toEqual([]);
    const install = "install -y --no-install-recommends -o DPkg::Lock::Timeout=300 shell fish";
    expect(calls()).toEqual([install, "update", install]);
  });

  test("that lack a program afterwards are named", async () => {
    const aptGet = writeApt("ash", "fish");
    expect(await installDebianTools(listPackages(), workshop, { isRoot: true, aptGet })).toEqual([
      "shell, fish: installed, and yet not all of their programs can be run: fish (fish, chips)",
    ]);
  });

  test("are left to sudo by anybody but root, and to people where there is no apt-get", async () => {
    const aptGet = writeApt();
    expect(await installDebianTools(listPackages(), workshop, { isRoot: false, aptGet })).toEqual([
      "shell, fish: only root installs packages. Run:\n" +
        "  sudo apt-get update && sudo apt-get install -y --no-install-recommends shell fish",
    ]);
    expect(await installDebianTools(listPackages(), workshop, { isRoot: true, aptGet: undefined })).toEqual([
      "shell, fish: there is no apt-get here. Put the programs ash, fish, chips on PATH by the means of this system",
    ]);
    expect(existsSync(join(here, "calls"))).toBe(false);
  });
});

test("a program is looked for on the path first, and must be executable", () => {
  writeFileSync(join(here, "sh"), "", { mode: 0o755 });
  writeFileSync(join(here, "env"), "", { mode: 0o644 });
  expect(findProgram("sh", `:${here}:/usr/bin`)).toBe(join(here, "sh"));
  expect(findProgram("env", `${here}:/usr/bin`)).toBe("/usr/bin/env");
  expect(findProgram("no-such-program", here)).toBeUndefined();
});
