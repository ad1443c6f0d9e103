import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a machine shows while a job runs there. */
export interface Sight {
  /** Texts of all files below the folders that were looked into, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Folders and files, by path, with their permission bits. */
  readonly modes: ReadonlyMap<string, number>;
  /** Command lines of every process of the machine. */
  readonly commands: readonly string[];
}

/** Looks at once, so that nothing moves meanwhile: what the machine shows at this moment. */
export function lookAround(...folders: readonly string[]): Sight {
  const files = new Map<string, string>();
  const modes = new Map<string, number>();
  const look = (path: string): void => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return;
    modes.set(path, found.mode & 0o777);
    if (found.isDirectory()) for (const name of readdirSync(path)) look(join(path, name));
    else if (found.isFile()) files.set(path, readFileSync(path, "latin1"));
  };
  for (const folder of folders) look(folder);
  return { files, modes, commands: listCommands() };
}

/** The command lines of this machine's processes, those in containers included. Linux only. */
function listCommands(): readonly string[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return command === "" ? [] : [command];
    } catch {
      // Gone in between.
      return [];
    }
  });
}

export function isRunning(command: string): boolean {
  return listCommands().some((one) => one.includes(command));
}

const PATIENCE_MS = 5_000;

/** What nobody waits for any more is ended a moment later. @throws Error when it is still there after seconds */
export async function expectGone(command: string): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; isRunning(command); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`Still there: ${command}`);
  }
}

/** The places where a secret shows, as it is or in Base64. */
export function findSecret({ files, commands }: Pick<Sight, "files" | "commands">, secret: string): readonly string[] {
  const encoded = [0, 1, 2].map((shift) => {
    // Only the digits that depend on the secret alone, wherever it stands.
    const digits = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString("base64");
    return digits.slice(shift === 0 ? 0 : 4, -4);
  });
  const forms = [secret, ...encoded].filter((form) => form !== "");
  const shows = (text: string): boolean => forms.some((form) => text.includes(form));
  return [
    ...[...files].filter(([, text]) => shows(text)).map(([path]) => path),
    ...commands.filter(shows).map((command) => `the command line of ${command.split(" ")[0]}`),
  ];
}
