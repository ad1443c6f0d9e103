import type { Container } from "../container.ts";
import type { Pod } from "../pod.ts";
import { budgetMs } from "../probe.ts";
import { refOf } from "../seen.ts";
import { isOverdue, type Look, logOf, makeContainerSign, makeSign, nameContainer, type Sign } from "./sign.ts";

/** A container that runs and does not get ready: what its probe says, and whether its time is over. */
export function readUnreadySign(pod: Pod, container: Container, look: Look): Sign | undefined {
  const { state, ready, role, startup, started, readiness } = container;
  if (state.kind !== "running" || ready || role === "init") return undefined;
  const events = look.seen
    .eventsOf(pod.object)
    .filter(({ about, reason }) => about.container === container.name && reason === "Unhealthy");
  if (startup !== undefined && !started) {
    const said = events.findLast(({ message }) => message.startsWith("Startup"))?.message;
    if (said === undefined) return undefined;
    return makeContainerSign("never-ready/startup", pod, container, {
      // The kubelet ends it when its time is over.
      fatal: false,
      says: `does not pass its startup probe (${startup.asks})`,
      fix: "give it more time (startupProbe.failureThreshold), or correct what the probe asks",
      said,
      logs: [logOf(pod, container)],
    });
  }
  const said = events.findLast(({ message }) => message.startsWith("Readiness"))?.message;
  if (readiness === undefined || said === undefined) return undefined;
  const limitMs = budgetMs(readiness, startup) + look.patience.unreadyMs;
  return makeContainerSign("never-ready/readiness", pod, container, {
    fatal: isOverdue(state.startedAt, limitMs, look.seen),
    says: `runs, and its readiness probe fails (${readiness.asks})${hint(said)}`,
    fix: "read its log for what it waits for; correct readinessProbe (path, port) in the chart, or the dependency it needs",
    said,
    logs: [logOf(pod, container)],
  });
}

function hint(said: string): string {
  const [, status] = /statuscode: (\d+)/.exec(said) ?? [];
  if (status !== undefined) return `: it answers ${status}`;
  if (/connection refused/.test(said)) return ": nobody listens there";
  if (/deadline exceeded|timeout/i.test(said)) return ": no answer in time";
  return "";
}

/** What a pod is that nothing is told of. Never fatal: only time will tell. */
export function readSilentSign(pod: Pod, { seen }: Look): Sign {
  const latest = Math.max(
    pod.createdAt ?? seen.startedAt,
    ...seen.eventsOf(pod.object).map(({ lastAt }) => lastAt),
    ...pod.containers.map(({ state }) => (state.kind === "running" ? (state.startedAt ?? 0) : 0)),
  );
  const minutes = Math.floor((seen.at - latest) / 60_000);
  const waiting = pod.containers.find(
    ({ ready, role, state }) => !ready && !(role === "init" && state.kind === "ended"),
  );
  const [gate] = waiting === undefined ? pod.closedGates : [];
  const state = gate !== undefined ? `waits for its readiness gate ${gate}` : describeWaiting(pod, waiting);
  return makeSign("never-ready/silent", {
    fatal: false,
    where: refOf(pod.object),
    ...(waiting === undefined ? {} : { container: waiting.name }),
    says: `${pod.name} ${state}${minutes < 1 ? "" : `, and nothing was told of it for ${minutes} min`}`,
    fix: "look at what it waits for, and read its log; where it only takes long, raise the timeout",
    logs: waiting?.state.kind === "running" ? [logOf(pod, waiting)] : [],
  });
}

function describeWaiting({ phase }: Pod, container: Container | undefined): string {
  if (container === undefined) return `is ${phase === "" ? "not told of" : phase}`;
  const { state } = container;
  const name = nameContainer(container);
  if (state.kind === "running")
    return container.role === "init" ? `has its ${name} still at work` : `has its ${name} not ready`;
  return `waits for its ${name}${state.kind === "waiting" ? ` (${state.reason})` : ""}`;
}
