import { hasFailedSmoke, renderSmokeLabel } from "../../helm/smoke-label.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import type { Session } from "./session.ts";

/**
 * Writes down with a revision that its smoke test has failed, or takes that away again: helm calls it deployed all the
 * same, and a later deployment must not go back to it. Where that is not allowed it is told, and stops nothing.
 */
export async function markSmoke(
  { world, teller }: Session,
  { record, secret }: StoredRelease,
  failed: boolean,
): Promise<void> {
  if (hasFailedSmoke(record) === failed) return;
  const { name, namespace, revision } = record;
  const ref = { apiVersion: "v1", kind: "Secret", namespace, name: secret.name };
  try {
    // With its uid nobody else is meant.
    const metadata = { uid: secret.uid, labels: renderSmokeLabel(revision, failed) };
    await world.lastingCluster.patch(ref, { metadata });
  } catch (error) {
    const refusal = world.readRefusal(error);
    if (refusal === undefined) throw error;
    const what = failed ? "failed" : "passed after all";
    teller.note(
      world.redact(
        `It could not be written down that the smoke test of ${name} revision ${revision} ${what} (patch of Secrets): ${refusal.message}`,
      ),
    );
  }
}
