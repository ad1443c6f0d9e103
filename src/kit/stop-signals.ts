import type { ChildProcess } from "node:child_process";

/** The tools whose work a cancel may not leave half done. */
export type Tool = "docker" | "helm" | "terraform";

interface Stop {
  /** Whether only the tool is told, or all that it has started as well. */
  readonly reaches: "tool" | "group";
  /** What is sent, in milliseconds since the cancel. */
  readonly signals: readonly { readonly signal: NodeJS.Signals; readonly afterMs: number }[];
}

/**
 * What each tool gets on a cancel. The runner tells only our own process: SIGINT, SIGTERM 7.5 s later, SIGKILL 2.5 s
 * after that (https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs), so all is sent by us.
 */
const STOPS: Readonly<Record<Tool, Stop>> = {
  // It sends its plugins no signal, and docker 20.10 does not even end before them: the whole group is told. Nothing
  // that docker holds is lost by a kill, while one that lives on may still push.
  docker: {
    reaches: "group",
    signals: [
      { signal: "SIGTERM", afterMs: 0 },
      { signal: "SIGKILL", afterMs: 6_000 },
    ],
  },
  // The first marks the release as failed, which takes a request or two.
  helm: {
    reaches: "tool",
    signals: [
      { signal: "SIGINT", afterMs: 0 },
      { signal: "SIGTERM", afterMs: 6_000 },
    ],
  },
  // A second signal of either kind makes terraform drop what it is doing, and the state with it.
  terraform: { reaches: "tool", signals: [{ signal: "SIGINT", afterMs: 0 }] },
};

/**
 * Sends a child that was started as a leader of its own group what its tool wants on a cancel, at once when the job is
 * cancelled already. Returns what ends the watch; nothing is sent to a child that has ended. Windows has no signals:
 * the first one ends the tool there.
 *
 * @param claim is asked before the first signal; where it says no, somebody else has told the tool.
 */
export function stopOnCancel(
  child: ChildProcess,
  tool: Tool,
  cancelled: AbortSignal,
  claim: () => boolean = () => true,
): () => void {
  const { reaches, signals } = STOPS[tool];
  const timers: NodeJS.Timeout[] = [];
  const send = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (reaches === "group" && process.platform !== "win32") sendTo(-child.pid, signal);
    else child.kill(signal);
  };
  const stop = (): void => {
    if (!claim()) return;
    for (const { signal, afterMs } of signals) {
      if (afterMs === 0) send(signal);
      else timers.push(setTimeout(() => send(signal), afterMs));
    }
  };
  if (cancelled.aborted) stop();
  else cancelled.addEventListener("abort", stop, { once: true });
  return () => {
    cancelled.removeEventListener("abort", stop);
    for (const timer of timers) clearTimeout(timer);
  };
}

/**
 * Sends a process that need not be our child what its tool wants first on a cancel. False when it has ended this
 * moment, or may not be told by us.
 */
export function sendFirst(pid: number, tool: Tool): boolean {
  const { reaches, signals } = STOPS[tool];
  return signals.slice(0, 1).every(({ signal }) => sendTo(reaches === "group" ? -pid : pid, signal));
}

function sendTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
