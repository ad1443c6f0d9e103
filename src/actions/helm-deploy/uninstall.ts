import { explainHelm } from "../../helm/explain-helm.ts";
import { makeUninstallArguments } from "../../helm/helm-arguments.ts";
import { renderUninstallLabels } from "../../helm/run-labels.ts";
import { UserError } from "../../kit/user-error.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import { helmFault } from "./helm-fault.ts";
import { listLeftovers } from "./leftovers.ts";
import type { Session } from "./session.ts";
import type { UninstallRequest } from "./uninstall-request.ts";

/**
 * Lets helm take a release away, and waits until all of it is gone.
 *
 * @throws UserError that says what is left, and what holds it; `cancelled`
 */
export async function uninstall(
  session: Pick<Session, "world" | "helm" | "teller" | "job">,
  target: UninstallRequest["order"],
  stored: StoredRelease,
): Promise<void> {
  const { world, helm, teller } = session;
  const { name, namespace } = target;
  await sayWho(session, stored);
  const parameters = makeUninstallArguments({ ...target, release: name }, helm.version);
  const done = await teller.phase("uninstall", () => helm.run({ name: "uninstall", parameters }));
  if (world.cancelled.aborted) {
    teller.tell({ status: "cancelled" });
    const text = `The job was cancelled while ${name} was taken away.\nTo do: run it again; what is left goes then.`;
    throw new UserError("cancelled", text);
  }
  if (done.exitCode === 0) return teller.note(`${name} was uninstalled from namespace ${namespace}.`);
  const fault = helmFault({ world }, explainHelm(done.stderr, { version: helm.version, chart: undefined }));
  const left = await listLeftovers(world, stored.record);
  const told = left.length === 0 ? [] : [`Still there: ${left.join("; ")}`];
  throw new UserError(fault.code, world.redact([fault.message, ...told].join("\n")));
}

/** On the release, for whoever finds it half gone: a helm that is cut off here leaves no word of its own. */
async function sayWho(
  { world, job }: Pick<Session, "world" | "job">,
  { record, secret }: StoredRelease,
): Promise<void> {
  const labels = renderUninstallLabels(job, record.revision);
  if (labels === undefined) return;
  const ref = { apiVersion: "v1", kind: "Secret", namespace: record.namespace, name: secret.name };
  try {
    // With its uid nobody else is meant.
    await world.cluster.patch(ref, { metadata: { uid: secret.uid, labels } });
  } catch (error) {
    // Who may not write it may still take it away.
    if (world.readRefusal(error) === undefined) throw error;
  }
}
