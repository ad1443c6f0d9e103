import { explainHelm } from "../../helm/explain-helm.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Session } from "./session.ts";

/** The same error, or what the API server refused in words of ours: it means to helm what it means to us. */
export function explainRefusal({ world, helm }: Pick<Session, "world" | "helm">, error: unknown): unknown {
  const refusal = world.readRefusal(error);
  if (refusal === undefined) return error;
  const said = refusal.message;
  const { code, message, fix } = explainHelm(`Error: ${said}`, { version: helm.version, chart: undefined });
  const known = code !== "helm-failed";
  const text = known
    ? `${message}\nTo do: ${fix}${message.includes(said) ? "" : `\nThe cluster said: ${said}`}`
    : `The cluster refused it (${refusal.status} ${refusal.reason}): ${said}`;
  return new UserError(known ? code : "cluster-refused", world.redact(text), { cause: error });
}
