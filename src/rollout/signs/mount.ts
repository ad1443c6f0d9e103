import { shellQuote } from "../../paste/quote.ts";
import type { CauseCode } from "../cause-codes.ts";
import type { Pod } from "../pod.ts";
import { refOf } from "../seen.ts";
import type { SeenEvent } from "../seen-event.ts";
import { isOverdue, type Look, makeSign, type Sign } from "./sign.ts";

const REASONS = new Set(["FailedMount", "FailedAttachVolume", "FailedMapVolume"]);
const SETTLING = /not registered|no relationship found between node|failed to sync (?:configmap|secret) cache/;
/** What comes after all volumes are there. */
const AFTER = new Set(["Pulling", "Pulled", "Created", "Started"]);

/** A volume that does not come. Only events tell of it: the status stays `ContainerCreating`, without a text. */
export function readMountSign(pod: Pod, look: Look): Sign | undefined {
  const waits = pod.containers.some(
    ({ state }) => state.kind === "waiting" && /^(?:ContainerCreating|PodInitializing)$/.test(state.reason),
  );
  const events = look.seen.eventsOf(pod.object);
  const failures = events.filter(({ reason }) => REASONS.has(reason));
  const first = failures[0];
  const last = failures.at(-1);
  if (!waits || first === undefined || last === undefined) return undefined;
  if (events.some(({ reason, lastAt }) => AFTER.has(reason) && lastAt > last.lastAt)) return undefined;
  // The kubelet hears of a new pod before it may read what the pod mounts: that is normal, and passes in seconds.
  const settling = failures.every(({ message }) => SETTLING.test(message));
  if (settling && !isOverdue(first.firstAt, look.patience.mountMs, look.seen)) return undefined;
  // "Unable to attach or mount volumes: … timed out" follows an event that says why.
  const telling = failures.findLast(({ message }) => !message.startsWith("Unable to attach or mount")) ?? last;
  const { cause: causeCode, says, fix, fault } = explainMount(telling, pod);
  // A disk is let go by the node before in minutes.
  const limitMs = telling.reason === "FailedAttachVolume" ? look.patience.silenceMs : look.patience.mountMs;
  return makeSign(causeCode, {
    fatal: isOverdue(first.firstAt, limitMs, look.seen),
    where: refOf(pod.object),
    says: `${pod.name} ${says}`,
    fix,
    said: telling.message,
    fault,
  });
}

interface Fault {
  readonly cause: CauseCode;
  readonly says: string;
  readonly fix: string;
  readonly fault: string;
}

function explainMount({ message }: SeenEvent, { namespace, name: podName }: Pod): Fault {
  const volume = /for volume "([^"]*)"/.exec(message)?.[1] ?? "a volume";
  const ns = shellQuote(namespace);
  const key = /references non-existent (?:secret|config) key: (\S+)/.exec(message)?.[1];
  if (key !== undefined) {
    return {
      cause: "volume/key-missing",
      says: `mounts the key ${key} in volume ${volume}, which is not there`,
      fix: `add the key, or correct items in the chart: kubectl -n ${ns} get pod ${shellQuote(podName)} -o jsonpath='{.spec.volumes}'`,
      fault: `${namespace}/${volume}/${key}`,
    };
  }
  const [, kind = "", name = ""] = /\b(secret|configmap) "([^"]*)" not found/i.exec(message) ?? [];
  if (kind !== "") {
    const secret = kind.toLowerCase() === "secret";
    return {
      cause: secret ? "volume/secret-missing" : "volume/config-map-missing",
      says: `mounts the ${secret ? "Secret" : "ConfigMap"} ${name} (volume ${volume}), which is not there`,
      fix: secret
        ? `create it before the chart (input secret-objects), or: kubectl -n ${ns} create secret generic ${shellQuote(name)} --from-file=<file>`
        : `add it to the chart, or: kubectl -n ${ns} create configmap ${shellQuote(name)} --from-file=<file>`,
      fault: `${namespace}/${name}`,
    };
  }
  if (
    /AADSTS\d+|key ?vault|secretproviderclass|secrets-store|acquire.*token|federated|workload.?identity/i.test(message)
  ) {
    return {
      cause: "volume/identity",
      says: `cannot mount ${volume}: the vault or the identity refuses`,
      fix: "check the SecretProviderClass (clientID, tenantId, keyvaultName), the federated credential of the pod's service account, and the role Key Vault Secrets User",
      fault: `${namespace}/${volume}`,
    };
  }
  if (/Multi-Attach error/.test(message)) {
    return {
      cause: "volume/failed",
      says: "waits for a disk that another node holds",
      fix: "a disk is mounted by one node at a time: set the Deployment's strategy to Recreate, or take a StatefulSet",
      fault: `${namespace}/${volume}`,
    };
  }
  return {
    cause: "volume/failed",
    says: `cannot mount ${volume}`,
    fix: `look at the claim and its storage: kubectl -n ${ns} describe pod ${shellQuote(podName)}`,
    fault: `${namespace}/${volume}`,
  };
}
