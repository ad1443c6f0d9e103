import { groupCauses, type Trouble } from "./group-causes.ts";
import type { Finding } from "./kinds/finding.ts";
import { isCustom, judgeObject } from "./kinds/judge-object.ts";
import { kindOf, lookOver } from "./seen.ts";
import { type Look, makeSign, type Sign } from "./signs/sign.ts";
import type { Snapshot, Wanted } from "./snapshot.ts";
import type { Patience, Verdict } from "./verdict.ts";

/**
 * Decides whether what was rolled out is ready, and if it never will be, why. The order of the snapshot's objects does
 * not matter. Only what is newest counts: pods of an older ReplicaSet may be as broken as they like.
 */
export function judge(snapshot: Snapshot, patience: Patience): Verdict {
  const look: Look = { seen: lookOver(snapshot), patience, mayCome: false };
  const bringing = snapshot.wanted.some(
    (wanted) => isBringer(wanted) && judgeObject(wanted, look)?.state === "progressing",
  );
  const judged = snapshot.wanted.flatMap((ref) => {
    const finding = judgeObject(ref, { ...look, mayCome: bringing });
    return finding === undefined ? [] : [{ ref, finding }];
  });
  const parts = judged.map(({ ref, finding }) => ({ ref, state: finding.state, told: finding.told }));
  const troubles = judged.flatMap(({ ref, finding }) => listTroubles(ref, finding));
  const causes = groupCauses(troubles);
  if (parts.some(({ state }) => state === "failed")) {
    const fatal = new Set(troubles.filter(({ sign }) => sign.fatal).map(({ sign }) => faultOf(sign)));
    return { state: "failed", parts, causes: groupCauses(troubles.filter(({ sign }) => fatal.has(faultOf(sign)))) };
  }
  if (parts.some(({ state }) => state === "progressing")) return { state: "progressing", parts, doubts: causes };
  const until = Math.max(0, ...judged.map(({ finding }) => finding.settleUntil ?? 0));
  return { state: "ready", parts, doubts: causes, settleUntil: until === 0 ? undefined : new Date(until) };
}

/** What makes Secrets and the like for others: an ExternalSecret, a Certificate, a Job. */
function isBringer(wanted: Wanted): boolean {
  const kind = kindOf(wanted);
  return isCustom(kind) || kind === "batch/Job";
}

/** Of what is not ready something is always said, if only that nothing is. */
function listTroubles(ref: Wanted, { state, sign, told }: Finding): readonly Trouble[] {
  if (sign !== undefined) return [{ ref, sign }];
  if (state === "ready") return [];
  const { apiVersion, kind, namespace, name } = ref;
  const silent = makeSign("never-ready/silent", {
    fatal: false,
    where: { apiVersion, kind, namespace, name },
    says: `${told}, and nothing says why`,
    fix: "see what it waits for; where it only takes long, raise the timeout",
  });
  return [{ ref, sign: silent }];
}

function faultOf({ code: causeCode, fault, where }: Sign): string {
  return `${causeCode} ${fault ?? JSON.stringify(where)}`;
}
