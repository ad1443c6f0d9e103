import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { textOf } from "../read-field.ts";
import { isClaimSettled, readClaimSign } from "../signs/claim.ts";
import type { Look } from "../signs/sign.ts";
import { type Finding, ready, unready } from "./finding.ts";

/** Ready when it has a volume, or when its storage makes one only for a pod. */
export function judgeClaim(claim: KubeObject, look: Look): Finding {
  const phase = textOf(claim, "status", "phase");
  if (isClaimSettled(claim, look.seen)) return ready(phase === "Bound" ? "bound" : "waits for its first pod");
  return unready(phase.toLowerCase() || "pending", [readClaimSign(claim, look)]);
}
