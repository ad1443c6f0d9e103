import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { listOf, textOf } from "../read-field.ts";
import { type Finding, ready } from "./finding.ts";

/** Ready as soon as it is there: not every controller writes an address. */
export function judgeIngress(ingress: KubeObject): Finding {
  const [first] = listOf(ingress, "status", "loadBalancer", "ingress");
  const address = textOf(first, "ip") || textOf(first, "hostname");
  return ready(address === "" ? "no address yet" : `at ${address}`);
}
