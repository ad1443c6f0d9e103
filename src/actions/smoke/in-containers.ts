import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import { oneLine } from "../../rollout/one-line.ts";
import { listOf } from "../../rollout/read-field.ts";
import type { Pods } from "../../smoke/spec/pods.ts";
import { findContainers } from "./find-containers.ts";
import type { Look } from "./look.ts";
import type { Scope } from "./scope.ts";

export type FoundContainer = Awaited<ReturnType<typeof findContainers>>[number];

/** What one container shows. */
export interface Sight {
  readonly holds: boolean;
  /** In a line. */
  readonly seen: string;
}

/** More are counted, not told one by one. */
const MOST_TOLD = 3;

/**
 * Looks into every container that is found: all must show what is expected. A container that nobody can look into just
 * now, such as one that ends, does not; a right that is missing is thrown.
 */
export async function lookInContainers(
  pods: Pods,
  scope: Scope,
  expected: string,
  look: (container: FoundContainer) => Promise<Sight>,
): Promise<Look> {
  const containers = await findContainers(pods, scope);
  const sights = await Promise.all(
    containers.map(async (container) => ({ container, ...(await lookInto(container, look, scope)) })),
  );
  const failing = sights.filter(({ holds }) => !holds);
  const told = (failing.length > 0 ? failing : sights).slice(0, MOST_TOLD).map((sight) => tell(sight, sights.length));
  const holds = sights.length > 0 && failing.length === 0;
  return {
    state: holds ? "holds" : "not-yet",
    expected,
    seen:
      sights.length === 0
        ? "no container that runs"
        : [...told, ...countRest(failing.length, sights.length)].join("; "),
    involved: (failing.length > 0 ? failing : sights).map(({ container }) => podOf(container)),
  };
}

async function lookInto(
  container: FoundContainer,
  look: (container: FoundContainer) => Promise<Sight>,
  { world }: Scope,
): Promise<Sight> {
  try {
    return await look(container);
  } catch (error) {
    const refusal = world.readRefusal(error);
    if (refusal === undefined || refusal.status === 403) throw error;
    return { holds: false, seen: oneLine(world.redact(refusal.message)) };
  }
}

function tell({ container, seen }: { readonly container: FoundContainer } & Sight, count: number): string {
  const { pod, object } = container;
  const name = listOf(object, "spec", "containers").length > 1 ? `${pod} (${container.container})` : pod;
  return count === 1 ? seen : `${name}: ${seen}`;
}

function countRest(failing: number, all: number): readonly string[] {
  if (failing === 0) return all > MOST_TOLD ? [`and ${all - MOST_TOLD} more`] : [];
  return all > 1 ? [`${failing} of ${all} containers fail`] : [];
}

function podOf({ namespace, pod }: FoundContainer): ObjectRef {
  return { apiVersion: "v1", kind: "Pod", namespace, name: pod };
}
