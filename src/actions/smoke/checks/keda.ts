import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import { findCondition } from "../../../rollout/condition.ts";
import type { Keda } from "../../../smoke/spec/checks/keda.ts";
import { findAutoscalerFault } from "../keda/autoscaler.ts";
import { findWarning, readScaler, type ScalerRef, tellCondition } from "../keda/scaler.ts";
import type { Checker, Look } from "../look.ts";
import type { Scope } from "../scope.ts";

/** KEDA says `Ready` before it has asked a trigger: what is wrong with one shows up to two seconds later. */
const LOOKS = 3;
const APART_MS = 1_000;

/** What KEDA says of a ScaledObject or a ScaledJob. */
export const kedaChecker: Checker<"keda"> = {
  begin: (payload, scope) => {
    const ref = readScaler(payload, scope);
    const expected = tellExpected(payload, ref);
    const involved = [ref];
    let looks = 0;
    return {
      look: async (): Promise<Look> => {
        for (;;) {
          const faults = await listFaults(payload, ref, scope);
          looks = faults.length > 0 ? 0 : looks + 1;
          if (looks === 0) return { state: "not-yet", expected, seen: faults.join("; "), involved };
          const seen = `it is so, in ${Math.min(looks, LOOKS)} of ${LOOKS} looks in a row`;
          if (looks >= LOOKS) return { state: "holds", expected, seen, involved };
          await scope.world.sleep(APART_MS, scope.until);
          // Until it is decided, it does not count as not being so, either.
          if (scope.until.aborted) return { state: "unseen", expected, seen, involved };
        }
      },
    };
  },
};

type Wanted = readonly (readonly [type: string, wanted: boolean | undefined])[];

function listWanted({ ready, active, fallback, paused }: Keda): Wanted {
  return [
    ["Ready", ready],
    ["Active", active],
    ["Fallback", fallback],
    ["Paused", paused],
  ];
}

function tellExpected(payload: Keda, { kind, name }: ScalerRef): string {
  const told = listWanted(payload).flatMap(([type, wanted]) =>
    wanted === undefined ? [] : [wanted ? type : `not ${type}`],
  );
  return `${kind} ${name} ${told.join(", ")}`;
}

async function listFaults(payload: Keda, ref: ScalerRef, scope: Scope): Promise<readonly string[]> {
  const scaler = (await scope.watches.list(ref, ref.namespace)).find(({ metadata }) => metadata.name === ref.name);
  if (scaler === undefined) return [`there is no ${ref.kind} ${ref.name} in ${ref.namespace}`];
  const faults = listWanted(payload)
    .filter(([type, wanted]) => wanted !== undefined && isTrue(scaler, type) !== wanted)
    .map(([type]) => tellCondition(scaler, type));
  if (payload.ready && !isTrue(scaler, "Ready")) {
    const warning = await findWarning(ref, scope);
    return warning === undefined ? faults : [...faults, warning];
  }
  // One that is paused has none.
  if (faults.length > 0 || !payload.ready || payload.paused || ref.kind !== "ScaledObject") return faults;
  const fault = await findAutoscalerFault(scaler, ref, scope);
  return fault === undefined ? [] : [fault];
}

/** `Unknown`, which KEDA says of `Fallback` as long as there was no need of it, is not true. */
function isTrue(scaler: KubeObject, type: string): boolean {
  return findCondition(scaler, type)?.status === "True";
}
