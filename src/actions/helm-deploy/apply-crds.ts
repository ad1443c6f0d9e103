import type { ManifestObject } from "../../helm/read-manifest.ts";
import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { Session } from "./session.ts";

const MANAGER = "mayfly";
const LONGEST_MS = 60_000;
const LOOK_EVERY_MS = 250;

/**
 * Applies the CRDs of a chart and waits until the cluster serves them: helm installs them once, and never changes them
 * again. None is ever deleted.
 *
 * @throws UserError `crd-not-established`, `cancelled`
 */
export async function applyCrds({ world, teller }: Session, crds: readonly ManifestObject[]): Promise<void> {
  if (crds.length === 0) return;
  const applied = await Promise.all(
    crds.map(({ object }) => world.cluster.apply(object, { fieldManager: MANAGER, force: true })),
  );
  const until = world.monotonic() + LONGEST_MS;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  let waiting: readonly KubeObject[] = applied.filter((crd) => !isEstablished(crd));
  while (waiting.length > 0) {
    const names = waiting.map(({ metadata }) => metadata.name).join(", ");
    refuseCancelled(world, names);
    if (world.monotonic() >= until) {
      throw new UserError(
        "crd-not-established",
        `The cluster does not serve ${names}.\nTo do: kubectl describe crd ${waiting[0]?.metadata.name}`,
      );
    }
    progress.say(`waiting for ${names}`);
    await world.sleep(LOOK_EVERY_MS);
    const looked = await Promise.all(
      waiting.map(({ apiVersion, kind, metadata }) => world.cluster.find({ apiVersion, kind, name: metadata.name })),
    );
    waiting = waiting.filter((_, index) => !isEstablished(looked[index]));
  }
  teller.note(
    `${applied.length} ${applied.length === 1 ? "CRD was" : "CRDs were"} applied, and ${applied.length === 1 ? "is" : "are"} served.`,
  );
}

function isEstablished(crd: KubeObject | undefined): boolean {
  // A new one has `null` there.
  const { conditions } = (crd?.["status"] ?? {}) as {
    conditions?: readonly { type?: string; status?: string }[] | null;
  };
  return (conditions ?? []).some(({ type, status }) => type === "Established" && status === "True");
}
