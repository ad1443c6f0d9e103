import { UserError } from "../../kit/user-error.ts";
import type { CommentState } from "../../preview/comment-state.ts";
import type { World } from "./world.ts";

/**
 * Why an environment may have a namespace that this job cannot see: the comment notes one in a shared cluster, and no
 * cluster was given. Undefined where there is a cluster to look into, or nothing was noted. What was not looked at is
 * neither deleted nor called gone.
 */
export function explainHidden(
  environment: string,
  { cluster, namespace }: CommentState,
  { namespaces }: Pick<World, "namespaces">,
): UserError | undefined {
  if (namespace === undefined || namespaces !== undefined) return undefined;
  const where = cluster === undefined ? "a shared cluster" : `the shared cluster ${cluster}`;
  const text = `${environment} has the namespace ${namespace} in ${where}, and this job was given no cluster to look into: nothing is deleted, and nothing is called gone.\nTo do: give the input cluster (with cluster-resource-group, where it is a name) in the calls of preview-teardown.yml and preview-command.yml, as in that of preview.yml; then run this again. Until then the namespace stays to its end, and goes with the sweep of a reaper whose input clusters has this cluster.`;
  return new UserError("preview-unseen", text);
}
