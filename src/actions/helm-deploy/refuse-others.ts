import { readRunLabels } from "../../helm/run-labels.ts";
import { UserError } from "../../kit/user-error.ts";
import { ENVIRONMENT } from "../../preview/environment.ts";
import { explainAnothers } from "../../ttl/namespace-marks.ts";
import { identify } from "./mark-namespace.ts";
import type { UninstallSession } from "./uninstall-release.ts";

/**
 * Refuses to take a release away that is not this environment's, before anything is touched. A name is no proof: two
 * repositories may fill the same template with the same number, and a deployment into what was there before was refused.
 * In a namespace without marks only a release counts that a run of this repository has made.
 *
 * @throws UserError `namespace-not-ours`
 */
export async function refuseOthers({ world, request, job }: UninstallSession): Promise<void> {
  if (request.ending === undefined) return;
  const { name, namespace } = request.order;
  const identity = identify(request.ending, job);
  const found = await world.namespaces.find(namespace);
  if (found === undefined) return;
  const because = explainAnothers(identity, found);
  if (because !== undefined) throw refusal(namespace, because);
  if (found.labels[ENVIRONMENT] !== undefined) return;
  const { releases } = await world.readReleases(namespace, name);
  const [newest] = releases;
  if (newest === undefined || readRunLabels(newest.record.labels)?.repositoryId === job.repositoryId) return;
  throw refusal(
    namespace,
    `it has no label ${ENVIRONMENT}, and no run of this repository has made the release ${name}`,
  );
}

function refusal(namespace: string, because: string): UserError {
  const text = `Namespace ${namespace} is not this environment's: ${because}. Nothing was uninstalled.\nTo do: see that namespace-template has {environment} and {repository-id} in it, so that no two environments share a name; what is in this namespace is for whoever made it to take away`;
  return new UserError("namespace-not-ours", text);
}
