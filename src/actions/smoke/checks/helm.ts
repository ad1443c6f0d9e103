import { UserError } from "../../../kit/user-error.ts";
import type { StoredReleases } from "../../../kubernetes/read-release-records.ts";
import { needCluster } from "../begin-check.ts";
import type { Checker, Look } from "../look.ts";
import { type HelmTests, takeHelmTests } from "../take-helm-tests.ts";

/** Looks at what helm keeps of a release, and has its tests run, once. */
export const helmChecker: Checker<"helm"> = {
  begin: (payload, scope) => {
    const { namespace = scope.namespace, release = scope.release, status, tests = [] } = payload;
    const tested = payload.test || tests.length > 0;
    let took: HelmTests | undefined;
    return {
      look: async (): Promise<Look> => {
        if (release === undefined) throw sayNoRelease();
        needCluster(scope.world);
        const stored = await scope.world.readReleases(namespace, release);
        const [newest] = stored.releases;
        const expected = `release ${release} ${status}${tested ? ", its tests passed" : ""}`;
        const seen = tellReleases(stored, release, namespace);
        if (isHidden(stored)) return { state: "unseen", expected, seen };
        if (newest?.record.status !== status) return { state: "not-yet", expected, seen };
        if (!tested) return { state: "holds", expected, seen };
        took ??= await takeHelmTests(newest.record, tests, scope);
        return { expected, ...took, seen: `${seen}; ${took.seen}` };
      },
    };
  },
};

function tellReleases(stored: StoredReleases, release: string, namespace: string): string {
  const [newest] = stored.releases;
  const unread = stored.unreadable.map(({ name, because }) => `; ${name} cannot be read: ${because}`).join("");
  if (newest === undefined) return `no release ${release} in the namespace ${namespace}${unread}`;
  const { revision, status } = newest.record;
  return `revision ${revision} ${status}${unread}`;
}

/** Whether what cannot be read is newer than what can. */
function isHidden({ releases, unreadable }: StoredReleases): boolean {
  const newest = releases[0]?.record.revision ?? 0;
  return unreadable.some(({ revision }) => revision === undefined || revision > newest);
}

function sayNoRelease(): UserError {
  return new UserError(
    "smoke-release-missing",
    'helm: expected the name of a release. Give it in the check ("release: shop"), or as the action\'s input "release".',
  );
}
