import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { type Pod, readPod } from "../pod.ts";
import { textOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { explainPod } from "../signs/explain-pod.ts";
import { type Look, logOf, makeSign, type Sign } from "../signs/sign.ts";
import { type Finding, ready, unready } from "./finding.ts";
import { settleUntil } from "./pods.ts";

/** A pod that nobody owns: nothing starts it anew on another node. A hook has to end, and well. */
export function judgePod(object: KubeObject, look: Look, hook: boolean): Finding {
  const pod = readPod(object);
  if (pod.phase === "Succeeded") return ready("done");
  const why = explainPod(pod, look);
  if (pod.phase === "Failed" || willFail(pod))
    return unready("failed", [why?.fatal === true ? why : sayFailed(object)]);
  if (hook) return unready(pod.ready ? "running" : pod.phase.toLowerCase() || "begins", [why]);
  const until = settleUntil(pod, look);
  if (pod.ready && why?.fatal !== true) {
    return ready("ready", { sign: why, ...(until > look.seen.at ? { settleUntil: until } : {}) });
  }
  return unready(pod.phase.toLowerCase() || "begins", [why]);
}

/** Its phase follows its containers a second later, and until then it may still be called ready. */
function willFail({ object, containers }: Pod): boolean {
  if (textOf(object, "spec", "restartPolicy") !== "Never") return false;
  return containers.some(({ role, state }) => role !== "sidecar" && state.kind === "ended" && state.exitCode !== 0);
}

function sayFailed(object: KubeObject): Sign {
  const pod = readPod(object);
  const failed = pod.containers.find(({ state }) => state.kind === "ended" && state.exitCode !== 0);
  const how =
    failed?.state.kind === "ended"
      ? `its container ${failed.name} ended with ${failed.state.exitCode}${failed.state.reason === "OOMKilled" ? " (OOMKilled)" : ""}`
      : pod.reason || "its node does not say why";
  return makeSign("pod/failed", {
    fatal: true,
    where: refOf(object),
    ...(failed === undefined ? {} : { container: failed.name }),
    says: `it has failed, and nothing starts it anew: ${how}`,
    fix: `read its log, then delete it, so that the chart makes it anew: kubectl -n ${shellQuote(pod.namespace)} delete pod ${shellQuote(pod.name)}`,
    said: pod.message || (failed?.state.kind === "ended" ? failed.state.message : ""),
    logs: failed === undefined ? [] : [logOf(pod, failed)],
  });
}
