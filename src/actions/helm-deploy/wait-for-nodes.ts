import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { Session } from "./session.ts";

const LOOK_EVERY_MS = 2_000;

/**
 * Waits until as many nodes take pods as the release needs: a pool that was just made grows for minutes.
 *
 * @throws UserError `nodes-not-ready`, `cancelled`
 */
export async function waitForNodes({ world, request, teller }: Session): Promise<void> {
  if (request.waitForNodes === 0) return;
  const { nodeSelector, waitForNodes: wanted, timeout } = request;
  const query = nodeSelector === undefined ? {} : { labelSelector: nodeSelector };
  const which = nodeSelector === undefined ? "" : ` with ${nodeSelector}`;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  await teller.phase("wait for nodes", async () => {
    const until = world.monotonic() + timeout;
    for (;;) {
      const nodes = await world.cluster.list({ apiVersion: "v1", kind: "Node" }, query);
      const ready = nodes.filter(takesPods).length;
      if (ready >= wanted) return;
      refuseCancelled(world, `nodes${which}`);
      if (world.monotonic() >= until) {
        const text = `Only ${ready} of ${wanted} nodes${which} are ready (${nodes.length} are there).\nTo do: look at the pool (az aks nodepool list), or give a longer timeout.`;
        throw new UserError("nodes-not-ready", text);
      }
      progress.say(`waiting for nodes${which}: ${ready} of ${wanted} ready`);
      await world.sleep(LOOK_EVERY_MS);
    }
  });
}

function takesPods(node: KubeObject): boolean {
  const { unschedulable } = (node["spec"] ?? {}) as { unschedulable?: boolean };
  const { conditions = [] } = (node["status"] ?? {}) as { conditions?: readonly { type?: string; status?: string }[] };
  return unschedulable !== true && conditions.some(({ type, status }) => type === "Ready" && status === "True");
}
