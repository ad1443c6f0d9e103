import { shellQuote } from "../../paste/quote.ts";
import type { CauseCode } from "../cause-codes.ts";
import type { Container } from "../container.ts";
import type { Pod } from "../pod.ts";
import { isOverdue, type Look, makeContainerSign, type Sign } from "./sign.ts";

interface Fault {
  readonly cause: CauseCode;
  readonly says: string;
  readonly fix: string;
  readonly fault?: string;
  /** Whether somebody else could still bring it. */
  readonly mayCome?: boolean;
}

/** What a container is made from is wrong or missing: `CreateContainerConfigError`. */
export function readConfigSign(pod: Pod, container: Container, look: Look): Sign | undefined {
  const { state } = container;
  if (state.kind !== "waiting" || state.reason !== "CreateContainerConfigError") return undefined;
  const { cause: causeCode, mayCome = false, ...told } = explainConfig(state.message, pod.namespace);
  const waits = mayCome && look.mayCome;
  return makeContainerSign(causeCode, pod, container, {
    ...told,
    fatal: !waits || isOverdue(pod.createdAt, look.patience.mountMs, look.seen),
    said: state.message,
  });
}

function explainConfig(said: string, namespace: string): Fault {
  const [, kind = "", name = ""] = /^(secret|configmap) "([^"]*)" not found/i.exec(said) ?? [];
  if (name !== "") return explainMissing(kind, name, namespace);
  const [, key = "", where = "", owner = ""] = /couldn't find key (.+) in (Secret|ConfigMap) (\S+)/i.exec(said) ?? [];
  if (owner !== "") {
    const object = owner.replace(/^.*\//, "");
    return {
      cause: "container-config/key-missing",
      says: `wants the key ${key} of ${where}/${object}, which has none of that name`,
      fix: `add the key ${key} to it, or name one that it has: kubectl -n ${shellQuote(namespace)} describe ${where.toLowerCase()} ${shellQuote(object)}`,
      fault: `${where}/${object}/${key}`,
      mayCome: true,
    };
  }
  if (/runAsNonRoot|non-numeric user/i.test(said)) {
    return {
      cause: "container-config/run-as-root",
      says: "may not run as root (runAsNonRoot), and its image does",
      fix: "set USER to a number in the Dockerfile, or securityContext.runAsUser in the chart",
    };
  }
  return {
    cause: "container-config/invalid",
    says: `cannot be made: ${said || "the kubelet does not say why"}`,
    fix: "correct what is said in the pod's template",
  };
}

function explainMissing(kind: string, name: string, namespace: string): Fault {
  const secret = kind.toLowerCase() === "secret";
  return {
    cause: secret ? "container-config/secret-missing" : "container-config/config-map-missing",
    says: `wants the ${secret ? "Secret" : "ConfigMap"} ${name}, which is not there`,
    fix: secret
      ? `create it before the chart (input secret-objects), or: kubectl -n ${shellQuote(namespace)} create secret generic ${shellQuote(name)} --from-literal=<key>=<value>`
      : `add it to the chart, or: kubectl -n ${shellQuote(namespace)} create configmap ${shellQuote(name)} --from-literal=<key>=<value>`,
    fault: `${namespace}/${name}`,
    mayCome: true,
  };
}
