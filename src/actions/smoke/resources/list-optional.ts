import { UserError } from "../../../kit/user-error.ts";
import type { KubeObject, ObjectKind } from "../../../kubernetes/kube-object.ts";
import type { Scope } from "../scope.ts";

/** Objects that would explain more: none where the cluster does not know the kind, or nobody may list it. */
export async function listOptional(
  { watches, world }: Pick<Scope, "watches" | "world">,
  kind: ObjectKind,
  namespace: string | undefined,
): Promise<readonly KubeObject[]> {
  try {
    return await watches.list(kind, namespace);
  } catch (error) {
    if (error instanceof UserError && error.code === "kind-unknown") return [];
    if (world.readRefusal(error)?.status === 403) return [];
    throw error;
  }
}
