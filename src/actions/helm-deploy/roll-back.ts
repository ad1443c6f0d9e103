import { explainHelm } from "../../helm/explain-helm.ts";
import { makeRollbackArguments } from "../../helm/helm-arguments.ts";
import { chooseRollbackTarget } from "../../helm/release-history.ts";
import { clearPending } from "./lock.ts";
import { isOwnRollback } from "./own-revision.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import type { Session } from "./session.ts";

/**
 * Goes back to the newest revision that was deployed, waits for it, and tells of it. Where there is none, where it
 * cannot be reached, and in a job that was cancelled, the release is left as it is, which is said.
 *
 * @param mayWatch whether all kinds of the chart may be watched
 */
export async function rollBack(session: Session, chart: PreparedChart, mayWatch: boolean): Promise<void> {
  const { world, helm, teller } = session;
  const { release: name, namespace } = chart.order;
  const { releases } = await world.readReleases(namespace, name);
  const revision = releases[0]?.record.revision ?? 0;
  // helm may have called the newest one deployed: it does not look as long as we do.
  const target = chooseRollbackTarget(
    releases.map(({ record }) => record),
    revision,
  );
  if (target === undefined) {
    teller.note(`${name} was never deployed before: there is nothing to go back to. It is left as it is, for a look.`);
    return;
  }
  if (world.cancelled.aborted) {
    teller.note(`The job was cancelled, so ${name} is not rolled back.`);
    return;
  }
  world.log.info(`rolling ${name} back to revision ${target}`);
  session.record({ rollback: { revision: revision + 1, target } });
  const parameters = makeRollbackArguments(chart.order, target, helm.version, mayWatch);
  const done = await teller.phase("roll back", () => helm.run({ name: "rollback", parameters }));
  const newest = await endRollback(session, chart.order, { revision: revision + 1, target });
  teller.tell({ revision: newest ?? revision });
  if (done.exitCode === 0) {
    teller.tell({ status: "rolled-back", rolledBackTo: target });
    teller.note(`${name} went back to revision ${target}.`);
    return;
  }
  const because = world.cancelled.aborted
    ? "the job was cancelled"
    : explainHelm(done.stderr, { version: helm.version, chart: chart.folder }).message;
  const text = `${name} could not go back to revision ${target}: ${because}\nTo do: helm rollback ${name} ${target} --namespace ${namespace} --wait`;
  world.log.error(world.redact(text), { title: "Not rolled back" });
}

/** A helm that is told to stop does not wind up a rollback as it does an upgrade. Returns the newest revision there is. */
async function endRollback(
  { world, teller }: Session,
  { release, namespace }: PreparedChart["order"],
  begun: { readonly revision: number; readonly target: number },
): Promise<number | undefined> {
  const { releases } = await world.readReleases(namespace, release);
  const [newest, before] = releases;
  if (newest === undefined || !isOwnRollback(newest.record, begun)) return newest?.record.revision;
  await clearPending(world.lastingCluster, newest);
  teller.note(`helm had left the rollback (revision ${begun.revision}) pending; it was cleared.`);
  return before?.record.revision;
}
