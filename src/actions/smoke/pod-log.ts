import { listClauses } from "../../kit/error-chain.ts";
import type { Pod } from "../../rollout/pod.ts";
import type { Session } from "./session.ts";

/** A container's log. */
export interface LogWish {
  readonly pod: Pod;
  readonly container: string;
  readonly previous: boolean;
}

/** More than is kept, so that what is cut is cut only once no secret is in it any more. */
const MOST_BYTES = 262_144;

/**
 * The logs that tell of pods: of every container that has run, and of one that was started again and is not ready the
 * run before, which says why.
 */
export function listLogWishes(pods: readonly Pod[], only: string | undefined): readonly LogWish[] {
  return pods.flatMap((pod) =>
    pod.containers
      .filter(({ name, role, ready, state }) => {
        const bad = !ready && state.kind !== "waiting" && !(state.kind === "ended" && state.exitCode === 0);
        return only === undefined ? role === "main" || bad : name === only;
      })
      .map(({ name, ready, last }) => ({ pod, container: name, previous: !ready && last !== undefined })),
  );
}

/** The last lines of a log, or why there are none. */
export async function readPodLog(
  { pod: { name, namespace }, container, previous }: LogWish,
  tailLines: number,
  { world }: Session,
): Promise<string> {
  try {
    const options = { container, previous, tailLines, limitBytes: MOST_BYTES };
    const text = await world.lastingCluster?.readLog({ namespace, name }, options);
    // A line that was cut off may end in half a secret.
    return (text ?? "").length < MOST_BYTES ? (text ?? "") : (text ?? "").replace(/[^\n]*$/, "");
  } catch (error) {
    return `(the log cannot be read: ${listClauses(error).join(": ")})`;
  }
}
