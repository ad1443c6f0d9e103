import type { ReleaseRecord } from "../../helm/release-record.ts";
import { UserError } from "../../kit/user-error.ts";
import type { SmokeWorld } from "../smoke/world.ts";

/**
 * The newest revision of the release that the specs are about.
 *
 * @throws UserError `release-not-found`, `smoke-needs-cluster`, `cluster-refused`
 */
export async function findRelease(
  world: Pick<SmokeWorld, "cluster" | "readReleases" | "readRefusal" | "redact">,
  namespace: string,
  release: string,
): Promise<ReleaseRecord> {
  if (world.cluster === undefined) {
    const text = `release: the job has no kubeconfig, so nothing is known of ${release}.\nTo do: run aks-set-context before, or give kubeconfig.`;
    throw new UserError("smoke-needs-cluster", text);
  }
  const found = await read(world, namespace, release);
  if (found === undefined) {
    const text = `There is no release ${release} in the namespace ${namespace}.\nTo do: look where it is: helm list --all-namespaces --all --filter '^${release}$'`;
    throw new UserError("release-not-found", text);
  }
  return found;
}

/** The newest revision; undefined where there is none. */
async function read(
  world: Pick<SmokeWorld, "readReleases" | "readRefusal" | "redact">,
  namespace: string,
  release: string,
): Promise<ReleaseRecord | undefined> {
  try {
    const { releases } = await world.readReleases(namespace, release);
    return releases[0]?.record;
  } catch (error) {
    const refusal = world.readRefusal(error);
    if (refusal === undefined) throw error;
    const text = `The cluster does not let us read what helm keeps of ${release} (Secrets in ${namespace}): ${refusal.message}\nTo do: give the identity get and list of secrets there, or leave release out.`;
    throw new UserError("cluster-refused", world.redact(text), { cause: error });
  }
}
