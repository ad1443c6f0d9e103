import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import type { Tool } from "./tool.ts";

/** A tool that is a Debian package; its name is the package's. */
export interface DebianTool extends Tool {
  readonly source: "Debian";
}

/** Packages with more than a few files take longer than the list of them. */
const EXPECTED_SECONDS: Readonly<Record<string, number>> = { "docker.io": 14 };

/** The packages of tools/debian/packages.txt. */
export function listDebianTools(
  file = join(import.meta.dirname, "../../tools/debian/packages.txt"),
  find = findProgram,
): readonly DebianTool[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => {
    const [name, ...programs] = line.replace(/#.*/, "").split(/\s+/).filter(Boolean);
    return name === undefined ? [] : [describeDebianTool(name, programs, find)];
  });
}

function describeDebianTool(name: string, programs: readonly string[], find: typeof findProgram): DebianTool {
  return {
    name,
    source: "Debian",
    version: undefined,
    expectedSeconds: EXPECTED_SECONDS[name] ?? 1,
    programs,
    find: () => {
      const paths = programs.map((program) => [program, find(program)] as const);
      const there = paths.filter((entry): entry is [string, string] => entry[1] !== undefined);
      return there.length === programs.length ? new Map(there) : undefined;
    },
  };
}
