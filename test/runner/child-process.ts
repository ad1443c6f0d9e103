import { spawn } from "node:child_process";
import { constants } from "node:os";
import { splitLines } from "./line-splitter.ts";

/** A process of a step. */
export interface ChildRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Aborting it starts SIGINT, SIGTERM, SIGKILL. */
  readonly cancel: AbortSignal;
  readonly interruptMs: number;
  readonly terminateMs: number;
  readonly streamsMs: number;
}

export interface ChildExit {
  /** 128 plus the signal's number for a signalled process, as .NET reports it. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
  /** What was sent to it, in order. */
  readonly signalsSent: readonly NodeJS.Signals[];
}

/**
 * Runs a process with closed stdin and piped output. On cancel only this process is signalled, never its children:
 * SIGINT, SIGTERM after `interruptMs`, SIGKILL after `terminateMs`. A process counts as ended when its pipes are
 * closed too, or `streamsMs` later, since a surviving child may hold them. Rejects when it cannot be started.
 */
export async function runChild(request: ChildRequest): Promise<ChildExit> {
  const child = spawn(request.file, request.args, {
    cwd: request.cwd,
    env: request.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = Promise.withResolvers<ChildExit>();
  child.on("error", (error) => ended.reject(error));
  // A process that never reads stdin may be gone before the pipe is closed.
  child.stdin.on("error", () => {});
  child.stdin.end();
  let alive = true;
  const signalsSent: NodeJS.Signals[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const lines = splitLines(request.onLine);
    stream.on("data", lines.write);
    stream.on("close", lines.end);
  }
  let giveUp: NodeJS.Timeout | undefined;
  child.on("exit", () => {
    alive = false;
    giveUp = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, request.streamsMs);
  });
  child.on("close", (code, signal) => {
    clearTimeout(giveUp);
    const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    ended.resolve({ exitCode, signal: signal ?? undefined, signalsSent });
  });
  const timers: NodeJS.Timeout[] = [];
  const send = (signal: NodeJS.Signals): void => {
    if (!alive) return;
    signalsSent.push(signal);
    child.kill(signal);
  };
  const cancel = (): void => {
    send("SIGINT");
    timers.push(
      setTimeout(() => {
        send("SIGTERM");
        timers.push(setTimeout(() => send("SIGKILL"), request.terminateMs));
      }, request.interruptMs),
    );
  };
  if (request.cancel.aborted) cancel();
  else request.cancel.addEventListener("abort", cancel, { once: true });
  try {
    return await ended.promise;
  } finally {
    request.cancel.removeEventListener("abort", cancel);
    for (const timer of timers) clearTimeout(timer);
  }
}
