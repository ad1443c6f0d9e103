import { explainHelm } from "../../helm/explain-helm.ts";
import { makeUninstallArguments } from "../../helm/helm-arguments.ts";
import { UserError } from "../../kit/user-error.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import { helmFault } from "./helm-fault.ts";
import { listLeftovers } from "./leftovers.ts";
import { takeTurn } from "./lock.ts";
import { removeNamespace } from "./remove-namespace.ts";
import type { Session } from "./session.ts";
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
  const [newest] = await takeTurn(session, { name, namespace }, "uninstall");
  if (newest === undefined) teller.note(`There is no release ${name} in namespace ${namespace}.`);
  else if (request.planOnly) teller.note(`${name} would be uninstalled.`);
  else await teller.phase("uninstall", () => uninstall(session, newest));
  await removeNamespace(session);
  teller.tell({ status: request.planOnly ? "planned" : "uninstalled" });
}

async function uninstall({ world, helm, teller, request }: UninstallSession, { record }: StoredRelease): Promise<void> {
  const { order } = request;
  teller.tell({ previous: record.revision, chart: `${record.chart.name} ${record.chart.version}` });
  const target = { ...order, release: order.name };
  const parameters = makeUninstallArguments(target, helm.version);
  const done = await helm.run({ name: "uninstall", parameters });
  if (world.cancelled.aborted) {
    teller.tell({ status: "cancelled" });
    const text = `The job was cancelled while ${order.name} was taken away.\nTo do: run it again; what is left goes then.`;
    throw new UserError("cancelled", text);
  }
  if (done.exitCode === 0) return teller.note(`${order.name} was uninstalled.`);
  const { message, ...fault } = helmFault(
    { world },
    explainHelm(done.stderr, { version: helm.version, chart: undefined }),
  );
  const left = await listLeftovers(world, record);
  const told = left.length === 0 ? [] : [`Still there: ${left.join("; ")}`];
  throw new UserError(fault.code, world.redact([message, ...told].join("\n")));
}
