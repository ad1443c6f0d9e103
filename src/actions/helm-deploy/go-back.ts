import { explainHelm } from "../../helm/explain-helm.ts";
import { makeRollbackArguments } from "../../helm/helm-arguments.ts";
import { chooseRollbackTarget } from "../../helm/release-history.ts";
import { hasFailedSmoke } from "../../helm/smoke-label.ts";
import { clearPending } from "./lock.ts";
import { isOwnRollback } from "./own-revision.ts";
import type { RunRecord } from "./record.ts";
import type { Helm, World } from "./world.ts";

/** The release that has to go back. */
export interface GoBackOrder {
  readonly release: string;
  readonly namespace: string;
  readonly context: string | undefined;
  readonly timeoutMs: number;
  readonly force: boolean;
  /** The chart's folder in the workspace, for what helm says of its templates. */
  readonly folder: string | undefined;
  /** Whether all kinds of the chart may be watched. */
  readonly mayWatch: boolean;
  /** The revision that proved to be bad: with a newer one there, somebody else is at work. The newest where left out. */
  readonly bad?: number | undefined;
}

/** What going back takes of the world. */
export interface GoBackScope {
  readonly world: Pick<World, "log" | "cancelled" | "redact" | "readReleases" | "lastingCluster">;
  readonly helm: Helm;
  /** Writes down the rollback that is begun, for post. */
  record(change: Pick<RunRecord, "rollback">): void;
  /** Does a part of the work, and notes its time. */
  phase<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** A sentence on what was looked after. */
  note(sentence: string): void;
}

/** Where a release is after it was to go back. */
export interface WentBack {
  /** The newest revision there is. */
  readonly revision: number | undefined;
  /** The revision whose copy it now is; undefined where it did not go back, which was told. */
  readonly target: number | undefined;
}

/**
 * Goes back to the newest revision that was deployed, and waits for it. Where there is none, where somebody else has been
 * at work since, where it cannot be reached, and in a job that was cancelled, the release is left as it is, which is said.
 */
export async function goBack(scope: GoBackScope, order: GoBackOrder): Promise<WentBack> {
  const { world, helm } = scope;
  const { release: name, namespace } = order;
  const { releases } = await world.readReleases(namespace, name);
  const newest = releases[0]?.record;
  const revision = newest?.revision ?? 0;
  const leave = (because: string): WentBack => {
    scope.note(because);
    return { revision: newest?.revision, target: undefined };
  };
  if (order.bad !== undefined && (revision !== order.bad || newest?.status.startsWith("pending-"))) {
    return leave(
      `${name} is not what was looked at any more (revision ${order.bad}; now ${revision} ${newest?.status ?? ""}): somebody else works on it, and it is not rolled back.`,
    );
  }
  // helm may have called the newest one deployed: it does not look as long as we do.
  const target = chooseRollbackTarget(
    releases.map(({ record }) => record),
    revision,
  );
  if (target === undefined) {
    const refused = releases.some(({ record }) => record.revision < revision && hasFailedSmoke(record));
    const why = refused
      ? `${name} has no revision to go back to whose smoke test did not fail`
      : `${name} was never deployed before: there is nothing to go back to`;
    return leave(`${why}. It is left as it is, for a look.`);
  }
  if (world.cancelled.aborted) return leave(`The job was cancelled, so ${name} is not rolled back.`);
  world.log.info(`rolling ${name} back to revision ${target}`);
  const begun = { revision: revision + 1, target };
  scope.record({ rollback: begun });
  const parameters = makeRollbackArguments(order, target, helm.version, order.mayWatch);
  const done = await scope.phase("roll back", () => helm.run({ name: "rollback", parameters }));
  const left = await endRollback(scope, order, begun);
  if (done.exitCode === 0) {
    scope.note(`${name} went back to revision ${target}.`);
    return { revision: left ?? revision, target };
  }
  const because = world.cancelled.aborted
    ? "the job was cancelled"
    : explainHelm(done.stderr, { version: helm.version, chart: order.folder }).message;
  const text = `${name} could not go back to revision ${target}: ${because}\nTo do: helm rollback ${name} ${target} --namespace ${namespace} --wait`;
  world.log.error(world.redact(text), { title: "Not rolled back" });
  return { revision: left ?? revision, target: undefined };
}

/** A helm that is told to stop does not wind up a rollback as it does an upgrade. Returns the newest revision there is. */
async function endRollback(
  { world, note }: GoBackScope,
  { release, namespace }: GoBackOrder,
  begun: { readonly revision: number; readonly target: number },
): Promise<number | undefined> {
  const { releases } = await world.readReleases(namespace, release);
  const [newest, before] = releases;
  if (newest === undefined || !isOwnRollback(newest.record, begun)) return newest?.record.revision;
  await clearPending(world.lastingCluster, newest);
  note(`helm had left the rollback (revision ${begun.revision}) pending; it was cleared.`);
  return before?.record.revision;
}
