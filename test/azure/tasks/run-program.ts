import { spawn } from "node:child_process";
import { TaskFailure } from "./failure.ts";

export interface ProgramCall {
  readonly program: string;
  readonly words: readonly string[];
  readonly folder: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  /** What it reads. */
  readonly input?: string;
}

/**
 * Runs a program to its end and prints what it prints; returns its output. An abort ends it, and this waits until it has ended.
 * @throws TaskFailure `exit status 1`
 */
export async function runProgram({ program, words, folder, env, print, signal, input }: ProgramCall): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(program, words, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      print(text);
    });
  }
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  const stop = () => child.kill("SIGTERM");
  const kill = () => child.kill("SIGKILL");
  let patience: NodeJS.Timeout | undefined;
  const abort = () => {
    stop();
    patience = setTimeout(kill, 5000);
  };
  signal.addEventListener("abort", abort);
  try {
    const code = await new Promise<number | null>((done, fail) => {
      child.on("error", fail);
      child.on("close", done);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new TaskFailure(`exit status ${code ?? 1}`);
    return output;
  } finally {
    clearTimeout(patience);
    signal.removeEventListener("abort", abort);
  }
}
