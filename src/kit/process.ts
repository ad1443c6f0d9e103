import { type ChildProcess, spawn } from "node:child_process";
import { splitLines } from "./split-lines.ts";
import { explainStart, unreadInput } from "./start-fault.ts";
import { stopOnCancel, type Tool } from "./stop-signals.ts";

/** How long a tool's output is still read once it has ended: what it leaves running may hold the pipes for ever. */
const DRAIN_MS = 2_000;
const TAIL_LINES = 40;
const TAIL_LINE_LENGTH = 2_000;

export type OutputStream = "stdout" | "stderr";

/** A tool that is run until its end, and told of a cancel in its own way. */
export interface ProcessRequest {
  readonly tool: Tool;
  readonly path: string;
  readonly parameters: readonly string[];
  /** The whole environment: nothing of ours is added. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where it runs. */
  readonly folder: string;
  /** What it reads from stdin, which is empty otherwise. */
  readonly input?: string;
  /** Each line as soon as it is whole, without its break, and harmless in the log. */
  readonly onLine: (stream: OutputStream, line: string) => void;
  readonly cancelled: AbortSignal;
}

export interface ProcessOutcome {
  /** Undefined when a signal ended it, or when it was never started because the job is cancelled. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** The last 40 lines that are not empty, both streams as they came, long ones cut. */
  readonly tail: readonly string[];
  /** Whether the job was cancelled before the tool had ended. */
  readonly cancelled: boolean;
}

/**
 * Runs a tool without a shell, in a process group of its own, so that a Ctrl-C in a terminal reaches it once and
 * through us. A cancel sends it what `stop-signals.ts` says; the promise still waits for its end. It ends when the
 * tool does, not when the last of its children does.
 *
 * @throws UserError `tool-missing`, `tool-not-runnable`, `tool-not-started` or `folder-missing` when it cannot be
 *   started, `tool-input-unread` when it succeeded without reading its input; and whatever `onLine` threw, after the
 *   tool was stopped.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  if (request.cancelled.aborted) return { exitCode: undefined, signal: undefined, tail: [], cancelled: true };
  const broken = new AbortController();
  const stop = AbortSignal.any([request.cancelled, broken.signal]);
  const tail: string[] = [];
  let fault: { readonly error: unknown } | undefined;
  const take = (stream: OutputStream, line: string): void => {
    if (line.trim() !== "") tail.push(line.length <= TAIL_LINE_LENGTH ? line : cut(line));
    if (tail.length > TAIL_LINES) tail.shift();
    if (fault !== undefined) return;
    try {
      request.onLine(stream, line);
    } catch (error) {
      fault = { error };
      broken.abort();
    }
  };

  const child = startChild(request);
  const { inputFault, ...ended } = await waitForEnd(child, request, stop, take);
  if (fault !== undefined) throw fault.error;
  if (inputFault !== undefined && ended.exitCode === 0) throw unreadInput(request, inputFault);
  return { ...ended, tail, cancelled: request.cancelled.aborted };
}

function cut(line: string): string {
  return `${line.slice(0, TAIL_LINE_LENGTH - 1).toWellFormed()}…`;
}

function startChild({ path, parameters, environment, folder, input, ...request }: ProcessRequest): ChildProcess {
  try {
    return spawn(path, parameters, {
      cwd: folder,
      env: { ...environment },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      // On Windows this would open a console window.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (error) {
    throw explainStart({ path, folder, tool: request.tool }, error);
  }
}

interface Ended extends Pick<ProcessOutcome, "exitCode" | "signal"> {
  /** Why not all of the input was read. */
  readonly inputFault: Error | undefined;
}

/** Rejects only when the child could not be started. */
function waitForEnd(
  child: ChildProcess,
  request: ProcessRequest,
  stop: AbortSignal,
  onLine: ProcessRequest["onLine"],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let inputFault: Error | undefined;
    child.stdin?.on("error", (error) => {
      inputFault = error;
    });
    child.stdin?.end(request.input);
    for (const name of ["stdout", "stderr"] as const) {
      const lines = splitLines((line) => onLine(name, line));
      child[name]?.on("data", lines.write).on("close", lines.end);
    }
    const endWatch = stopOnCancel(child, request.tool, stop);
    let drain: NodeJS.Timeout | undefined;
    child.on("error", (error) => {
      // It is also what a signal that could not be sent says; then the child is there and will end.
      if (child.pid !== undefined) return;
      endWatch();
      reject(explainStart(request, error));
    });
    child.on("exit", () => {
      endWatch();
      drain = setTimeout(() => {
        for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy();
      }, DRAIN_MS);
    });
    child.on("close", (code, signal) => {
      clearTimeout(drain);
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined, inputFault });
    });
  });
}
