import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import type { NamespaceFacts } from "../../ttl/namespace.ts";
import { explainKeep } from "../../ttl/namespace-marks.ts";
import { identify } from "./mark-namespace.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { UninstallSession } from "./uninstall-release.ts";

const LOOK_AGAIN_MS = 2_000;
/** Somebody who writes on it at the same moment is read again. */
const MOST_TRIES = 5;

/**
 * Deletes the namespace of an environment, and waits until it is gone. One whose marks do not say that it is this
 * environment's, and may go, is left alone, which is told.
 *
 * @throws UserError `namespace-not-gone` that says what holds it
 */
export async function removeNamespace(session: UninstallSession): Promise<void> {
  const { world, request, teller, job } = session;
  if (request.ending === undefined) return;
  const { namespace } = request.order;
  const identity = identify(request.ending, job);
  for (let tries = 1; ; tries += 1) {
    const found = await world.namespaces.find(namespace);
    if (found === undefined) return tellGone(session, `There is no namespace ${namespace}.`);
    const keep = explainKeep(identity, found);
    if (keep !== undefined) {
      world.log.warning(`Namespace ${namespace} is not deleted: ${keep}.`);
      teller.tell({ namespaceDeleted: false });
      return;
    }
    if (request.planOnly) return teller.note(`Namespace ${namespace} would be deleted.`);
    refuseCancelled(world, `namespace ${namespace} to be deleted`);
    const removal = found.deleting ? "accepted" : await world.namespaces.remove(found);
    if (removal !== "changed") return teller.phase("delete namespace", () => waitUntilGone(session, found));
    if (tries < MOST_TRIES) continue;
    throw new UserError(
      "namespace-not-gone",
      `Namespace ${namespace} was changed by somebody each time it was to be deleted, and stays.\nTo do: run it again`,
    );
  }
}

async function waitUntilGone(session: UninstallSession, { uid }: NamespaceFacts): Promise<void> {
  const { world, request } = session;
  const { namespace, timeoutMs } = request.order;
  const until = world.monotonic() + timeoutMs;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  for (;;) {
    const found = await world.namespaces.find(namespace);
    // Another one of the same name is none of ours.
    if (found === undefined || found.uid !== uid) return tellGone(session, `Namespace ${namespace} was deleted.`);
    refuseCancelled(world, `namespace ${namespace} to be gone`);
    const held = (found.heldBy ?? []).join("; ");
    if (world.monotonic() >= until) {
      const why = held === "" ? "nothing says what holds it" : held;
      const text = `Namespace ${namespace} is being deleted, and not gone after ${renderDuration(timeoutMs)}: ${why}\nTo do: see that whoever put a finalizer there takes it off (kubectl get all --namespace ${namespace}), or give it longer: timeout`;
      throw new UserError("namespace-not-gone", world.redact(text));
    }
    progress.say(`waiting for namespace ${namespace} to be gone${held === "" ? "" : `: ${held}`}`);
    await world.sleep(LOOK_AGAIN_MS);
  }
}

function tellGone({ teller }: UninstallSession, note: string): void {
  teller.note(note);
  teller.tell({ namespaceDeleted: true });
}
