import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { listOf, textOf, textsOf, timeOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { isOverdue, type Look, makeSign } from "../signs/sign.ts";
import { type Finding, ready, unready } from "./finding.ts";
import { readNoMatch } from "./no-match.ts";

/** Ready when it can be reached: a load balancer when it has an address. That it leads nowhere is said. */
export function judgeService(service: KubeObject, look: Look): Finding {
  const type = textOf(service, "spec", "type") || "ClusterIP";
  if (type === "ExternalName") return ready(`leads to ${textOf(service, "spec", "externalName")}`);
  const selector = textsOf(service, "spec", "selector");
  const sign = Object.keys(selector).length === 0 ? undefined : readNoMatch(service, selector, look);
  if (type === "LoadBalancer") {
    const address = listOf(service, "status", "loadBalancer", "ingress").map(
      (each) => textOf(each, "ip") || textOf(each, "hostname"),
    )[0];
    return address === undefined ? unready("pending", [readPending(service, look)]) : ready(`at ${address}`, { sign });
  }
  if (textOf(service, "spec", "clusterIP") === "") return unready("no address yet", []);
  return ready("is there", { sign });
}

function readPending(service: KubeObject, { seen, patience }: Look) {
  const events = seen.eventsOf(service).filter(({ warning }) => warning);
  const [first, last] = [events[0], events.at(-1)];
  const { name, namespace = "" } = service.metadata;
  const since = first?.firstAt ?? timeOf(service, "metadata", "creationTimestamp");
  return makeSign("load-balancer/pending", {
    fatal: isOverdue(since, patience.silenceMs, seen),
    where: refOf(service),
    says: last === undefined ? "it has no address, and nothing says why" : `it has no address: ${last.message}`,
    fix:
      last === undefined
        ? `see whether the cluster makes load balancers at all: kubectl -n ${shellQuote(namespace)} describe service ${shellQuote(name)}; else set service.type: ClusterIP`
        : "give the cluster's identity Network Contributor on its subnet and addresses, or see the quota of public addresses: az network list-usages --location <region>",
    said: last?.message ?? "",
  });
}
