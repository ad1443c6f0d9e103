import type { ObjectRef } from "../kubernetes/kube-object.ts";
import type { Cause } from "./cause.ts";
import { rankOf } from "./cause-codes.ts";
import { oneLine } from "./one-line.ts";
import { compareTexts } from "./seen-event.ts";
import type { Sign } from "./signs/sign.ts";

/** A sign, and whom it keeps from being ready. */
export interface Trouble {
  readonly ref: ObjectRef;
  readonly sign: Sign;
}

/** What several objects suffer from alike is one cause. First what explains most. */
export function groupCauses(troubles: readonly Trouble[]): readonly Cause[] {
  const groups = Map.groupBy(troubles, ({ ref, sign }) =>
    [sign.code, sign.fault === undefined ? `own ${nameOf(ref)} ${ref.namespace}` : `of ${sign.fault}`].join(" "),
  );
  return [...groups.values()]
    .map((group) => makeCause(group.toSorted(compareTroubles)))
    .filter((cause) => cause !== undefined)
    .toSorted((a, b) => rankOf(a.code) - rankOf(b.code) || compareTexts(a.sentence, b.sentence));
}

/** `Deployment/api`. */
export function nameOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

function makeCause([first, ...others]: readonly Trouble[]): Cause | undefined {
  if (first === undefined) return undefined;
  const { code: causeCode, where, container, says, fix, said, logs } = first.sign;
  const also = others.map(({ ref }) => ref);
  const names = also.map(nameOf).join(", ");
  return {
    code: causeCode,
    subject: first.ref,
    also,
    where,
    container,
    sentence: oneLine(`${nameOf(first.ref)}: ${says}${names === "" ? "" : `; so for ${names}`}`),
    fix,
    said,
    logs: [...logs, ...others.flatMap(({ sign }) => sign.logs)],
  };
}

/** What is certain before what may pass, then by name. */
function compareTroubles(a: Trouble, b: Trouble): number {
  return (
    Number(b.sign.fatal) - Number(a.sign.fatal) ||
    compareTexts(nameOf(a.ref), nameOf(b.ref)) ||
    compareTexts(a.ref.namespace ?? "", b.ref.namespace ?? "")
  );
}
