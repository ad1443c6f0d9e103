import { withoutNames } from "./documents.ts";
import type { Adapters } from "./stage.ts";

const POLLS = 20;

/**
 * Deletes a group as the reaper does, and follows the operation.
 *
 * @returns `succeeded`, the fault without what only this group has, or the word of the adapters for anything else
 */
export async function follow({ groups }: Adapters, subscriptionId: string, group: string): Promise<unknown> {
  const answer = await groups.delete(subscriptionId, group, []);
  if (answer.kind === "refused") return withoutNames(answer.fault, group);
  if (answer.kind !== "accepted" || answer.operation === undefined) return answer.kind;
  for (let polls = 0; polls < POLLS; polls += 1) {
    const now = await groups.findOperation(answer.operation);
    if (now.kind === "failed") return withoutNames(now.fault, group);
    if (now.kind !== "pending") return now.kind;
    const { retryAfterMs = 1_000 } = now;
    await new Promise((done) => setTimeout(done, retryAfterMs));
  }
  return `still pending after ${POLLS} polls`;
}
