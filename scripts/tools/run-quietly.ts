import { type ChildProcess, spawn } from "node:child_process";

export interface QuietRun {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly cwd?: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the command and its children at once. Where left out, nothing interrupts it. */
  readonly cancelled?: AbortSignal;
}

const TOLD_LINES = 20;

/**
 * Runs a command and shows nothing of what it prints, unless it fails.
 *
 * @throws Error with the command and its last lines when it cannot be started or ends with anything but 0
 */
export async function runQuietly({ command, parameters, cwd, env, cancelled }: QuietRun): Promise<void> {
  if (cancelled?.aborted === true) throw new Error("cancelled");
  // A process group of its own: a cancel reaches compilers, too, and Ctrl-C reaches nothing but through us.
  const child = spawn(command, parameters, {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const kill = () => killGroup(child);
  cancelled?.addEventListener("abort", kill);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    // Enough for the last lines: a build may print without end.
    stream.on("data", (text: string) => {
      said = (said + text).slice(-20_000);
    });
  }
  const ended = await new Promise<string>((done, failed) => {
    child.on("error", (cause) => failed(new Error(`${command} could not be run: ${cause.message}`, { cause })));
    child.on("close", (code, signal) => done(signal ?? `${code}`));
  }).finally(() => cancelled?.removeEventListener("abort", kill));
  if (ended === "0") return;
  const lines = said.trimEnd().split("\n").slice(-TOLD_LINES);
  const shown = [command, ...parameters].join(" ");
  throw new Error(`${shown}\nended with ${ended}. The last lines:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself just now.
  }
}
