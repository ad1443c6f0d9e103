import type { CauseCode } from "../cause-codes.ts";
import type { Container, Ended } from "../container.ts";
import { oneLine } from "../one-line.ts";
import type { Pod } from "../pod.ts";
import { type Look, logCommand, logOf, makeContainerSign, type Sign } from "./sign.ts";

/**
 * A container that ended where it should run. `restartCount` tells of it some seconds before `CrashLoopBackOff` does.
 * One that has failed no more often than is borne with, or that runs again and is ready, is no more than a doubt.
 */
export function readCrashSign(pod: Pod, container: Container, look: Look): Sign | undefined {
  const failures = countFailures(pod, container, look);
  const ended = container.state.kind === "ended" ? container.state : container.last;
  if (failures === 0 || ended === undefined) return undefined;
  const fault = explainEnd(pod, container, ended, look);
  const log = logOf(pod, container);
  const times = failures === 1 ? "" : `, ${failures} times`;
  return makeContainerSign(fault.cause, pod, container, {
    fatal: failures > look.patience.restarts && !hasRecovered(container, look),
    says: `${fault.says}${times}`,
    fix: `${fault.fix}${fault.needsLog ? `: ${logCommand(log)}` : ""}`,
    said: fault.said,
    logs: [log],
  });
}

/** Runs that failed since the rollout began. */
function countFailures(pod: Pod, { role, state, restarts, last }: Container, { seen }: Look): number {
  if (state.kind === "ended" && state.exitCode === 0 && (role === "init" || !pod.runsForever)) return 0;
  const down = state.kind === "ended" || (state.kind === "waiting" && state.reason === "CrashLoopBackOff");
  if (down) return restarts + 1;
  if (restarts === 0) return 0;
  if (role === "init" && pod.phase === "Running") return 0;
  // Of a pod that was there before, the count tells of weeks.
  if (seen.isFresh(pod.createdAt)) return restarts;
  return last !== undefined && last.finishedAt !== undefined && seen.isFresh(last.finishedAt) ? 1 : 0;
}

function hasRecovered({ state, ready }: Container, { seen, patience }: Look): boolean {
  return state.kind === "running" && ready && seen.at - (state.startedAt ?? seen.at) >= patience.settleMs;
}

interface Fault {
  readonly cause: CauseCode;
  readonly says: string;
  readonly fix: string;
  readonly needsLog: boolean;
  readonly said: string;
}

function explainEnd(pod: Pod, container: Container, ended: Ended, look: Look): Fault {
  if (ended.reason === "OOMKilled") {
    const { memoryLimit } = container;
    return {
      cause: "crash/out-of-memory",
      says: `was killed: it needs more memory than ${memoryLimit === "" ? "the node has" : `its limit of ${memoryLimit}`}`,
      fix: `raise resources.limits.memory in the chart's values${memoryLimit === "" ? "" : ` above ${memoryLimit}`}, or have the program use less`,
      needsLog: false,
      said: `OOMKilled, exit code ${ended.exitCode}`,
    };
  }
  return explainProbe(pod, container, look) ?? explainExit(ended);
}

/** Ended by the kubelet, since a probe failed. */
function explainProbe(pod: Pod, container: Container, { seen }: Look): Fault | undefined {
  const events = seen.eventsOf(pod.object).filter(({ about }) => about.container === container.name);
  const killed = events.findLast(
    ({ reason, message }) => reason === "Killing" && / failed (liveness|startup) probe/.test(message),
  );
  if (killed === undefined) return undefined;
  const startup = killed.message.includes("failed startup probe");
  const kind = startup ? "Startup" : "Liveness";
  const said = events.findLast(({ reason, message }) => reason === "Unhealthy" && message.startsWith(kind))?.message;
  const probe = startup ? container.startup : container.liveness;
  return {
    cause: startup ? "never-ready/startup" : "crash/liveness",
    says: `is ended by the kubelet, since its ${kind.toLowerCase()} probe fails${probe === undefined ? "" : ` (${probe.asks})`}`,
    fix: startup
      ? "give it more time (startupProbe.failureThreshold), or correct what the probe asks"
      : "correct what livenessProbe asks, or give the start its own time with a startupProbe",
    needsLog: false,
    said: said ?? killed.message,
  };
}

const LOG = "read its log";

/** What numbers mean that programs do not choose themselves. */
const EXITS: Readonly<Record<number, readonly [says: string, fix: string]>> = {
  0: ["ends by itself, without an error", "keep the program in the foreground, or make it a Job"],
  126: ["cannot execute its command (126)", "make the command executable in the image"],
  127: ["does not find its command (127)", "correct command and args in the chart, or ENTRYPOINT in the Dockerfile"],
  134: ["aborts (134, SIGABRT)", LOG],
  137: [
    "was killed (137, SIGKILL)",
    "its own process or the node has ended it; kubectl describe node tells of a lack of memory; read its log",
  ],
  139: [
    "breaks off (139, segmentation fault)",
    "native code that was built for another system often does this; read its log",
  ],
  143: ["was asked to end (143, SIGTERM)", "the pod's events say who asked; read its log"],
};

function explainExit({ exitCode, message, reason }: Ended): Fault {
  const [says, fix] = EXITS[exitCode] ?? [`exits with ${exitCode}`, LOG];
  const lastLine = oneLine(message.trim().split("\n").at(-1) ?? "");
  return {
    cause: "crash/exit",
    says: lastLine === "" ? says : `${says} (${lastLine})`,
    fix,
    needsLog: fix.endsWith(LOG),
    said: message || `${reason || "Error"}, exit code ${exitCode}`,
  };
}
