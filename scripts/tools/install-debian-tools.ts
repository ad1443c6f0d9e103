import type { DebianTool } from "./debian-tools.ts";
import { findProgram } from "./find-program.ts";
import { onlyOne } from "./only-one.ts";
import { runQuietly } from "./run-quietly.ts";
import type { Workshop } from "./workshop.ts";

/** What decides whether packages can be installed here. */
export interface PackageSystem {
  readonly isRoot: boolean;
  /** The path of apt-get. */
  readonly aptGet: string | undefined;
}

const readSystem = (): PackageSystem => ({ isRoot: process.getuid?.() === 0, aptGet: findProgram("apt-get") });

/**
 * Installs Debian packages, all in one go.
 *
 * @returns what failed; one text for all of them
 */
export async function installDebianTools(
  tools: readonly DebianTool[],
  workshop: Workshop,
  system = readSystem(),
): Promise<readonly string[]> {
  if (tools.length === 0) return [];
  const name = tools.map((tool) => tool.name).join(", ");
  const expectedSeconds = tools.reduce((sum, tool) => sum + tool.expectedSeconds, 0);
  const failed = await workshop.work({ name, version: undefined, expectedSeconds }, "installed from Debian", () =>
    onlyOne(
      "apt",
      () => workshop.info(`${name}: waiting for another run that installs packages`),
      () => install(tools, system),
    ),
  );
  return failed === undefined ? [] : [failed];
}

async function install(tools: readonly DebianTool[], { isRoot, aptGet }: PackageSystem): Promise<void> {
  const names = tools.map(({ name }) => name);
  const programs = tools.flatMap((tool) => tool.programs).join(", ");
  if (aptGet === undefined)
    throw new Error(`there is no apt-get here. Put the programs ${programs} on PATH by the means of this system`);
  if (!isRoot) {
    const line = `apt-get install -y --no-install-recommends ${names.join(" ")}`;
    throw new Error(`only root installs packages. Run:\n  sudo apt-get update && sudo ${line}`);
  }
  // Never cancelled: half a package is worse than a late end.
  const run = (...parameters: readonly string[]) =>
    runQuietly({
      command: aptGet,
      parameters,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "a" },
    });
  const parameters = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", ...names];
  try {
    await run(...parameters);
  } catch {
    // The lists of packages are missing on a fresh machine, or too old to be true.
    await run("update");
    await run(...parameters);
  }
  const missing = tools.filter((tool) => tool.find() === undefined);
  if (missing.length === 0) return;
  const still = missing.map((tool) => `${tool.name} (${tool.programs.join(", ")})`).join(", ");
  throw new Error(`installed, and yet not all of their programs can be run: ${still}`);
}
