import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import { oneLine } from "../../rollout/one-line.ts";
import { listOf } from "../../rollout/read-field.ts";
import type { Sight } from "../../smoke/pace.ts";
import type { Pods } from "../../smoke/spec/pods.ts";
import { listNearNames } from "../../spelling/near-names.ts";
import { type FoundContainer, findContainers } from "./find-containers.ts";
import type { Look } from "./look.ts";
import type { Scope } from "./scope.ts";
import { readWorkload } from "./workload.ts";

/** What one container shows. */
export interface ContainerLook {
  /** `unseen`: nobody could look into it. */
  readonly state: Exclude<Sight, "never">;
  /** In a line. */
  readonly seen: string;
}

/** More are counted, not told one by one. */
const MOST_TOLD = 3;

/**
 * Looks into every container that is found: all must show what is expected, and in `error` none may. A container that
 * nobody can look into just now, such as one that ends, proves neither; a right that is missing is thrown.
 */
export async function lookInContainers(
  pods: Pods,
  scope: Scope,
  expected: string,
  look: (container: FoundContainer) => Promise<ContainerLook>,
): Promise<Look> {
  const containers = await findContainers(pods, scope);
  const looks = await Promise.all(
    containers.map(async (container) => ({ container, ...(await lookInto(container, look, scope)) })),
  );
  const failing = looks.filter(({ state }) => state !== "holds");
  const shown = failing.length > 0 ? failing : looks;
  const told = shown.slice(0, MOST_TOLD).map((each) => tell(each, looks.length));
  const seen =
    looks.length === 0 ? await tellNone(pods, scope) : [...told, ...countRest(failing.length, looks.length)].join("; ");
  return { state: sumUp(looks), expected, seen, involved: shown.map(({ container }) => podOf(container)) };
}

/** Why there is none: a workload that is not there is mostly one that is called otherwise. */
async function tellNone(pods: Pods, { watches, namespace: usual }: Scope): Promise<string> {
  const workload = readWorkload(pods.workload);
  if (workload === undefined) return "no container that runs";
  const namespace = pods.namespace ?? usual;
  const names = (await watches.list(workload, namespace)).map(({ metadata }) => metadata.name);
  if (names.includes(workload.name)) return "no container that runs";
  const near = listNearNames(workload.name, names);
  const meant = near.length === 0 ? "" : ` (there is ${near.join(", ")})`;
  return `no ${workload.kind} "${workload.name}" in the namespace "${namespace}"${meant}`;
}

function sumUp(looks: readonly ContainerLook[]): Sight {
  const [first] = looks;
  return first !== undefined && looks.every(({ state }) => state === first.state) ? first.state : "unseen";
}

async function lookInto(
  container: FoundContainer,
  look: (container: FoundContainer) => Promise<ContainerLook>,
  { world }: Scope,
): Promise<ContainerLook> {
  try {
    return await look(container);
  } catch (error) {
    const refusal = world.readRefusal(error);
    if (refusal === undefined || refusal.status === 403) throw error;
    return { state: "unseen", seen: oneLine(world.redact(refusal.message)) };
  }
}

function tell({ container, seen }: { readonly container: FoundContainer } & ContainerLook, count: number): string {
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
