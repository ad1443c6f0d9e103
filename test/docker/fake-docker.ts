import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A program that answers like docker where no real one will: each answer is a piece of shell. */
export async function installDocker(folder: string, answers: Readonly<Record<string, string>>): Promise<string> {
  const cases = Object.entries(answers).map(([words, answer]) => `"${words}"*) ${answer} ;;`);
  const path = join(folder, "docker");
  const script = `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) echo "docker: unknown command: $*" >&2; exit 1 ;;\nesac\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

/** Prints a text as it is. */
export const say = (text: string): string => `cat <<'END'\n${text}\nEND\n`;
