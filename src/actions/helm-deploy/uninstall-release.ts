import { takeTurn } from "./lock.ts";
import { refuseOthers } from "./refuse-others.ts";
import { removeNamespace } from "./remove-namespace.ts";
import type { Session } from "./session.ts";
import { uninstall } from "./uninstall.ts";
import type { UninstallRequest } from "./uninstall-request.ts";

/** A cluster and a helm that are ready to take something away. */
export type UninstallSession = Omit<Session, "request"> & { readonly request: UninstallRequest };

/**
 * Takes a release away with all its objects, and waits until they are gone; then its namespace, where that is wanted and
 * its marks allow it. What is not there is fine: a job that was cut off is run again.
 *
 * @throws UserError that says what is left, and what holds it
 */
export async function uninstallRelease(session: UninstallSession): Promise<void> {
  const { teller, request } = session;
  const { name, namespace } = request.order;
  teller.begin({ name, namespace, chart: "" });
  await refuseOthers(session);
  const [newest] = await takeTurn(session, { name, namespace }, "uninstall");
  if (newest === undefined) teller.note(`There is no release ${name} in namespace ${namespace}.`);
  else if (request.planOnly) teller.note(`${name} would be uninstalled.`);
  else {
    const { record } = newest;
    teller.tell({ previous: record.revision, chart: `${record.chart.name} ${record.chart.version}` });
    await uninstall(session, request.order, newest);
  }
  await removeNamespace(session);
  teller.tell({ status: request.planOnly ? "planned" : "uninstalled" });
}
