import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { findCondition } from "../condition.ts";
import type { Container } from "../container.ts";
import { listPods } from "../newest-pods.ts";
import type { Pod } from "../pod.ts";
import { countOf, fieldOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { explainPod } from "../signs/explain-pod.ts";
import { readRefusal } from "../signs/refused-pods.ts";
import { type Look, logCommand, logOf, makeSign, type Sign } from "../signs/sign.ts";
import { chooseSign, type Finding, ready, unready } from "./finding.ts";

/** Ready when it is complete. How often it tries is its own affair (`backoffLimit`); what no try can mend is not. */
export function judgeJob(job: KubeObject, look: Look): Finding {
  const is = (type: string): boolean => findCondition(job, type)?.status === "True";
  if (is("Complete") || is("SuccessCriteriaMet")) return ready("done");
  if (fieldOf(job, "spec", "suspend") === true) return ready("suspended, as asked");
  const pods = listPods(job, look.seen).toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  if (is("Failed") || is("FailureTarget")) return unready("failed", [readFailure(job, pods, look)]);
  const failed = countOf(job, "status", "failed") ?? 0;
  const active = countOf(job, "status", "active") ?? 0;
  const told = failed > 0 ? `running, ${failed} failed` : active > 0 ? "running" : "begins";
  const living = pods.filter(({ terminating, phase }) => !terminating && phase !== "Failed" && phase !== "Succeeded");
  const signs = living.flatMap((pod) => [readEndless(pod, look), leaveTries(explainPod(pod, look))]);
  return unready(told, [readRefusal(job, look), ...signs, ...pods.filter(hasFailed).map((pod) => sayTry(pod))]);
}

/** A Job does not care whether its pods are ready, and tries again by itself. */
function leaveTries(sign: Sign | undefined): Sign | undefined {
  if (sign === undefined || sign.code.startsWith("never-ready/readiness")) return undefined;
  return sign.code.startsWith("crash/") ? { ...sign, fatal: false } : sign;
}

function readFailure(job: KubeObject, pods: readonly Pod[], look: Look): Sign {
  const condition = findCondition(job, "Failed") ?? findCondition(job, "FailureTarget");
  const reason = condition?.reason ?? "";
  const { name, namespace = "" } = job.metadata;
  const blocked = chooseSign(
    pods.filter(({ terminating }) => !terminating).map((pod) => leaveTries(explainPod(pod, look))),
  );
  // Its pods never came to run, and the Job only ran out of time.
  if (
    blocked !== undefined &&
    /^(?:image-pull|container-config|container-start|unschedulable|volume)\//.test(blocked.code)
  ) {
    return { ...blocked, fatal: true };
  }
  const last = pods.findLast(hasFailed) ?? pods.at(-1);
  const ended = last?.containers.find(endedBadly);
  const how = last === undefined || ended === undefined ? "" : `: ${sayEnd(last, ended)}`;
  const seconds = countOf(job, "spec", "activeDeadlineSeconds");
  const late = reason === "DeadlineExceeded";
  const running = last?.containers.find(({ state, role }) => role !== "init" && state.kind === "running");
  const told = ended ?? running ?? last?.containers.find(({ role }) => role === "main");
  const logs = last === undefined || told === undefined ? [] : [logOf(last, told)];
  const readLog = ["read its log", ...logs.map(logCommand)].join(": ");
  return makeSign(late ? "job/deadline" : "job/failed", {
    fatal: true,
    where: last === undefined ? refOf(job) : refOf(last.object),
    ...(told === undefined ? {} : { container: told.name }),
    says: late
      ? `it was not done within ${seconds === undefined ? "its deadline" : `${seconds} s (activeDeadlineSeconds)`}${how}`
      : `it has failed${reason === "" ? "" : ` (${reason})`}${how}`,
    fix: late
      ? "raise activeDeadlineSeconds, or see what it waits for in the evidence: the pods of a Job are deleted when its time is over"
      : `${readLog}, then deploy again; where the chart does not make it anew: kubectl -n ${shellQuote(namespace)} delete job ${shellQuote(name)}`,
    said: condition?.message ?? "",
    logs,
  });
}

/** A try that failed, while there are more. */
function sayTry(pod: Pod): Sign {
  const ended = pod.containers.find(endedBadly);
  return makeSign("job/failed", {
    fatal: false,
    where: refOf(pod.object),
    ...(ended === undefined ? {} : { container: ended.name }),
    says: `a try of it has failed: ${ended === undefined ? pod.reason || pod.name : sayEnd(pod, ended)}`,
    fix: "read its log",
    said: pod.message,
    logs: ended === undefined ? [] : [logOf(pod, ended)],
  });
}

/** One container is done and another never will be: the pod goes on for ever. */
function readEndless(pod: Pod, { seen, patience }: Look): Sign | undefined {
  const mains = pod.containers.filter(({ role }) => role === "main");
  const done = mains.find(
    ({ state }) => state.kind === "ended" && seen.at - (state.finishedAt ?? seen.at) >= patience.settleMs,
  );
  const goesOn = mains.find(({ state }) => state.kind === "running");
  if (done === undefined || goesOn === undefined) return undefined;
  return makeSign("never-ready/silent", {
    fatal: false,
    where: refOf(pod.object),
    container: goesOn.name,
    says: `container ${done.name} of ${pod.name} has ended and ${goesOn.name} still runs: a Job ends when all have`,
    fix: `make ${goesOn.name} a sidecar: move it to initContainers with restartPolicy: Always`,
    logs: [logOf(pod, goesOn)],
  });
}

function hasFailed({ phase, containers }: Pod): boolean {
  return phase === "Failed" || containers.some(endedBadly);
}

function endedBadly({ state, last }: Container): boolean {
  const ended = state.kind === "ended" ? state : last;
  return ended !== undefined && ended.exitCode !== 0;
}

function sayEnd({ name }: Pod, { name: container, state, last }: Container): string {
  const ended = state.kind === "ended" ? state : last;
  const because = ended?.reason === "OOMKilled" ? " (OOMKilled)" : "";
  return `container ${container} of ${name} ended with ${ended?.exitCode ?? "an error"}${because}`;
}
