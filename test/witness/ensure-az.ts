import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../scripts/cache-folder.ts";
import { startProgress } from "../../src/kit/progress.ts";

const requirements = join(import.meta.dirname, "../../tools/az/requirements.txt");

/**
 * The folder with the real `az` in the pinned version. It is installed into a virtual environment in the user's cache
 * when it is not there with exactly the pinned packages; that takes about two minutes and 730 MB.
 *
 * @param info is told what is installed, with the elapsed time.
 * @throws Error with pip's words when the installation fails
 */
export async function ensureAz(info: (line: string) => void): Promise<string> {
  const { pins, version, venv } = await locate();
  const bin = join(venv, "bin");
  if (listMissing(venv, pins).length === 0) {
    info(`az ${version} is already in ${venv}`);
    return bin;
  }
  const progress = startProgress({ now: () => new Date(), info });
  const state = `installing azure-cli ${version} and ${pins.length - 1} packages from PyPI into ${venv}`;
  progress.say(state);
  const ticking = setInterval(() => progress.say(state), 1_000);
  try {
    await rm(venv, { recursive: true, force: true });
    await mkdir(venv, { recursive: true });
    await run("python3", "-m", "venv", venv);
    await run(join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", requirements);
  } finally {
    clearInterval(ticking);
  }
  const missing = listMissing(venv, pins);
  if (missing.length > 0) throw new Error(`${venv} still lacks ${missing.join(", ")}`);
  progress.say(`installed azure-cli ${version}`);
  return bin;
}

/** The folder with the pinned `az` when it is installed already, with its version; undefined when it is not. */
export async function findAz(): Promise<{ readonly bin: string; readonly version: string } | undefined> {
  const { pins, version, venv } = await locate();
  return listMissing(venv, pins).length === 0 ? { bin: join(venv, "bin"), version } : undefined;
}

async function locate() {
  const pins = readPins(await readFile(requirements, "utf8"));
  const version = pins.find((pin) => pin.startsWith("azure-cli=="))?.split("==")[1];
  if (version === undefined) throw new Error(`${requirements} does not pin azure-cli`);
  const venv = join(cacheFolder(), `az-${version}`);
  return { pins, version, venv };
}

/** The `name==version` lines of a requirements file. */
export function readPins(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** An installation that was interrupted, or has other versions, lacks some of the pins. */
function listMissing(venv: string, pins: readonly string[]): readonly string[] {
  if (!existsSync(join(venv, "bin/az"))) return pins;
  const { stdout } = spawnSync(join(venv, "bin/pip"), ["freeze", "--disable-pip-version-check"], { encoding: "utf8" });
  const there = new Set((stdout ?? "").split("\n"));
  return pins.filter((pin) => !there.has(pin));
}

/** Not spawnSync: the elapsed time is told meanwhile. */
async function run(command: string, ...parameters: readonly string[]): Promise<void> {
  const child = spawn(command, parameters, { stdio: ["ignore", "inherit", "inherit"] });
  const code = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  if (code === 0) return;
  throw new Error(`${command} ${parameters[0]} ended with ${code}. It needs python3 with venv (Debian: python3-venv).`);
}
