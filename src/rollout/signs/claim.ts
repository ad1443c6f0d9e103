import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import type { Pod } from "../pod.ts";
import { textOf } from "../read-field.ts";
import { refOf, type Seen } from "../seen.ts";
import type { SeenEvent } from "../seen-event.ts";
import { isOverdue, type Look, makeSign, type Sign } from "./sign.ts";

const TROUBLE = new Set(["ProvisioningFailed", "FailedBinding", "ClaimLost", "VolumeMismatch"]);

/** Whether a claim has its volume, or does not need one before a pod comes that uses it. */
export function isClaimSettled(claim: KubeObject, seen: Seen): boolean {
  if (textOf(claim, "status", "phase") === "Bound") return true;
  return latestOf(claim, seen)?.reason === "WaitForFirstConsumer";
}

/** Why a claim has no volume; undefined while nobody says. */
export function readClaimSign(claim: KubeObject, { seen, patience }: Look): Sign | undefined {
  if (isClaimSettled(claim, seen)) return undefined;
  const events = seen.eventsOf(claim).filter(({ reason }) => TROUBLE.has(reason));
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { name, namespace = "" } = claim.metadata;
  const unknown = /storageclass\S* "([^"]*)" not found/i.exec(last.message)?.[1];
  return makeSign("claim/pending", {
    fatal: isOverdue(first.firstAt, patience.mountMs, seen),
    where: refOf(claim),
    says: `the claim ${name} gets no volume: ${
      unknown === undefined ? last.message : `there is no StorageClass ${unknown}`
    }`,
    fix: /no storage class is set/.test(last.message)
      ? "name a storageClassName in the chart's values: kubectl get storageclass"
      : unknown === undefined
        ? `see what the storage says: kubectl -n ${shellQuote(namespace)} describe persistentvolumeclaim ${shellQuote(name)}`
        : "name a storageClassName that the cluster has: kubectl get storageclass",
    said: last.message,
    fault: `${namespace}/${name}`,
  });
}

/** The first claim of a pod that is in trouble. */
export function findClaimTrouble(pod: Pod, look: Look): Sign | undefined {
  for (const name of pod.claims) {
    const claim = look.seen
      .list("PersistentVolumeClaim")
      .find(({ metadata }) => metadata.name === name && (metadata.namespace ?? "") === pod.namespace);
    const sign = claim === undefined ? undefined : readClaimSign(claim, look);
    if (sign !== undefined) return sign;
  }
  return undefined;
}

function latestOf(claim: KubeObject, seen: Seen): SeenEvent | undefined {
  return seen.eventsOf(claim).at(-1);
}
