import { UserError } from "../../kit/user-error.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { Container } from "../../rollout/container.ts";
import type { Pod } from "../../rollout/pod.ts";
import type { Pods } from "../../smoke/spec/pods.ts";
import { findPods } from "./find-pods.ts";
import type { Scope } from "./scope.ts";

/** A container that can be looked into. */
export interface FoundContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The pod. */
  readonly object: KubeObject;
}

/**
 * The running containers that a check means, of pods of the newest revision; empty as long as there are none.
 *
 * @throws UserError `container-ambiguous`, `container-unknown`
 */
export async function findContainers(pods: Pods, scope: Scope): Promise<readonly FoundContainer[]> {
  const found = await findPods(pods, scope);
  return found.flatMap((pod) => {
    const { name, state } = chooseContainer(pod, pods.container);
    if (state.kind !== "running") return [];
    return [{ namespace: pod.namespace, pod: pod.name, container: name, object: pod.object }];
  });
}

const DEFAULT = "kubectl.kubernetes.io/default-container";

/**
 * The container that is named, or the one that `kubectl` would take, or the only one.
 *
 * @throws UserError `container-ambiguous`, `container-unknown`
 */
export function chooseContainer({ object, name, containers }: Pod, wanted: string | undefined): Container {
  const mains = containers.filter(({ role }) => role === "main");
  const named = wanted ?? object.metadata.annotations?.[DEFAULT];
  const names = containers.map((container) => container.name).join(", ");
  if (named !== undefined) {
    const found = containers.find((container) => container.name === named);
    if (found !== undefined) return found;
    throw new UserError("container-unknown", `Pod ${name} has no container ${named}. It has: ${names}.`);
  }
  const [only, ...others] = mains;
  if (only !== undefined && others.length === 0) return only;
  throw new UserError("container-ambiguous", `Pod ${name} has several containers: ${names}. Say which: container: …`);
}
