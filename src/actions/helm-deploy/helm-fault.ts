import type { HelmFault } from "../../helm/explain-helm.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Session } from "./session.ts";

/**
 * What helm said, in words of ours, with its own below, and the place in the chart or the values where it tells one. In a
 * job that was cancelled helm was told to stop, and says nothing of the chart.
 */
export function helmFault({ world }: Pick<Session, "world">, fault: HelmFault): UserError {
  if (world.cancelled.aborted) return new UserError("cancelled", "The job was cancelled while helm was at work.");
  const { code, message, fix, raw, place } = fault;
  const text = [message, ...(fix === "" ? [] : [`To do: ${fix}`]), ...(raw === "" ? [] : [`helm said: ${raw}`])];
  return new UserError(code, world.redact(text.join("\n")), place ?? {});
}
