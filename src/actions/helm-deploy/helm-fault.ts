import type { HelmFault } from "../../helm/explain-helm.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Session } from "./session.ts";

/** What helm said, in words of ours, with its own below, and the place in the chart or the values where it tells one. */
export function helmFault({ world }: Pick<Session, "world">, fault: HelmFault): UserError {
  const { code, message, fix, raw, place } = fault;
  const text = [message, ...(fix === "" ? [] : [`To do: ${fix}`]), ...(raw === "" ? [] : [`helm said: ${raw}`])];
  return new UserError(code, world.redact(text.join("\n")), place ?? {});
}
