import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { shellQuote } from "../../paste/quote.ts";
import { findCondition } from "../condition.ts";
import { textOf } from "../read-field.ts";
import { refOf } from "../seen.ts";
import { isOverdue, type Look, makeSign } from "../signs/sign.ts";
import { type Finding, ready, unready } from "./finding.ts";

/** A CustomResourceDefinition: ready when the API server serves its kind. */
export function judgeDefinition(definition: KubeObject): Finding {
  if (findCondition(definition, "Established")?.status === "True") return ready("established");
  const names = findCondition(definition, "NamesAccepted");
  if (names?.status !== "False") return unready("not served yet", []);
  const sign = makeSign("custom-resource/failed", {
    fatal: true,
    where: refOf(definition),
    says: `its names are taken by another definition: ${names.message}`,
    fix: "remove one of the two: kubectl get customresourcedefinitions",
    said: names.message,
  });
  return unready("not served", [sign]);
}

/** An APIService: ready when what stands behind it answers. */
export function judgeApiService(service: KubeObject, { seen, patience }: Look): Finding {
  const available = findCondition(service, "Available");
  if (available?.status === "True") return ready("available");
  const behind = textOf(service, "spec", "service", "name");
  const namespace = textOf(service, "spec", "service", "namespace");
  const sign = makeSign("api-service/unavailable", {
    fatal: available !== undefined && isOverdue(available.since, patience.silenceMs, seen),
    where: refOf(service),
    says: `nobody answers for this API${available === undefined ? "" : `: ${available.message || available.reason}`}`,
    fix: `see to the service behind it: kubectl -n ${shellQuote(namespace || "<namespace>")} get service,endpoints ${shellQuote(behind || "<name>")}; while it is down, namespaces cannot be deleted`,
    said: available?.message ?? "",
  });
  return unready("not available", [sign]);
}
