import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import type { CauseCode } from "../cause-codes.ts";
import { findCondition } from "../condition.ts";
import { refOf } from "../seen.ts";
import { roomMayCome } from "./room.ts";
import { isOverdue, type Look, makeSign, type Sign } from "./sign.ts";

/**
 * Pods that the API server does not let in: none will ever exist. ReplicaSets and Deployments have a condition that says
 * so; StatefulSets, DaemonSets and Jobs only events.
 */
export function readRefusal(owner: KubeObject, look: Look): Sign | undefined {
  const found = findRefusal(owner, look);
  if (found === undefined) return undefined;
  const { namespace = "" } = owner.metadata;
  const fault = explainRefusal(found.message, namespace);
  const patient = fault.passes || (fault.needsRoom && roomMayCome(namespace, look));
  return makeSign(fault.cause, {
    fatal: !patient || isOverdue(found.since, look.patience.unschedulableMs, look.seen),
    where: refOf(owner),
    says: `no pod is let in: ${fault.says}`,
    fix: fault.fix,
    said: found.message,
    fault: fault.fault,
  });
}

function findRefusal(
  owner: KubeObject,
  { seen }: Look,
): { readonly message: string; readonly since: number | undefined } | undefined {
  const condition = findCondition(owner, "ReplicaFailure");
  if (condition?.status === "True" && condition.reason === "FailedCreate") {
    return { message: tidy(condition.message), since: condition.since };
  }
  const events = seen.eventsOf(owner).filter(({ reason }) => /^(?:FailedCreate|SuccessfulCreate)$/.test(reason));
  const last = events.at(-1);
  if (last?.reason !== "FailedCreate") return undefined;
  const first = events.find(({ reason }) => reason === "FailedCreate");
  return { message: tidy(last.message), since: first?.firstAt };
}

function tidy(message: string): string {
  return message.replace(/^\(combined from similar events\): /, "").replace(/^Error creating: /, "");
}

interface Fault {
  readonly cause: CauseCode;
  readonly says: string;
  readonly fix: string;
  readonly fault: string;
  /** It passes as soon as other pods go. */
  readonly needsRoom?: boolean;
  /** It may be that something has only not come up yet. */
  readonly passes?: boolean;
}

function explainRefusal(message: string, namespace: string): Fault {
  const ns = shellQuote(namespace);
  const short = message.replace(/^.*?pods "[^"]*" is forbidden: /s, "");
  const quota = /(exceeded|failed) quota: ([^,:]+)/.exec(message);
  if (quota !== null) {
    const [, how, name = ""] = quota;
    return {
      cause: "pods-refused/quota",
      says: short,
      fix:
        how === "failed"
          ? `set what the quota ${name} asks for (resources.requests and limits) in the chart's values`
          : `raise the quota or lower replicas and resources: kubectl -n ${ns} describe resourcequota ${shellQuote(name)}`,
      fault: `${namespace}/${name}`,
      needsRoom: how === "exceeded",
    };
  }
  if (/\b(?:maximum|minimum) [\w.-]+ usage per (?:Container|Pod)/i.test(message)) {
    return {
      cause: "pods-refused/quota",
      says: short,
      fix: `stay within the LimitRange: kubectl -n ${ns} describe limitrange`,
      fault: `${namespace}/limits`,
    };
  }
  if (/violates PodSecurity/.test(message)) {
    return {
      cause: "pods-refused/pod-security",
      says: short,
      fix: `set the securityContext that is asked for in the chart, or a wider level: kubectl label namespace ${ns} --overwrite pod-security.kubernetes.io/enforce=baseline`,
      fault: `${namespace}/${/violates (PodSecurity "[^"]*")/.exec(message)?.[1] ?? ""}`,
    };
  }
  const account = /error looking up service account \S+: serviceaccount "([^"]*)" not found/.exec(message)?.[1];
  if (account !== undefined) {
    return {
      cause: "pods-refused/service-account",
      says: `there is no service account ${account}`,
      fix: `have the chart create it (serviceAccount.create), or: kubectl -n ${ns} create serviceaccount ${shellQuote(account)}`,
      fault: `${namespace}/${account}`,
    };
  }
  if (/failed calling webhook|failed to call webhook/.test(message)) {
    const name = /webhook "([^"]*)"/.exec(message)?.[1] ?? "";
    return {
      cause: "pods-refused/policy",
      says: `the webhook ${name} gives no answer`,
      fix: "get its service running, or remove its configuration: kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations",
      fault: name,
      passes: true,
    };
  }
  if (/ValidatingAdmissionPolicy|denied (?:the )?request|denied by|admission webhook/i.test(message)) {
    return {
      cause: "pods-refused/policy",
      says: short,
      fix: "change the pod's template so that the policy lets it in, or ask who owns the policy",
      fault: /(?:ValidatingAdmissionPolicy|webhook) ["']([^"']*)["']/.exec(message)?.[1] ?? short,
    };
  }
  return {
    cause: "pods-refused/other",
    says: short,
    fix: "correct what the API server says in the pod's template",
    fault: short,
  };
}
