import type { HelmFault } from "../../helm/explain-helm.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Cause } from "../../rollout/cause.ts";
import { nameLog } from "./evidence.ts";
import { helmFault } from "./helm-fault.ts";
import type { Session } from "./session.ts";
import type { Evidence } from "./story.ts";

const LOG_LINES = 10;

/**
 * Why a rollout failed, in words: the first cause, what mends it, what Kubernetes said, the end of the log that explains
 * it, and the other causes.
 */
export function explainFailure(
  session: Pick<Session, "world">,
  causes: readonly Cause[],
  fault: HelmFault | undefined,
  evidence: Evidence | undefined,
): UserError {
  const [first] = causes;
  if (first === undefined) {
    if (fault !== undefined) return helmFault(session, fault);
    const text = "The rollout was not ready in time, and nothing in the cluster says why. See the evidence.";
    return new UserError("rollout-timeout", text);
  }
  const said = first.said === "" || first.sentence.includes(first.said) ? [] : [`Kubernetes said: ${first.said}`];
  const others = causes.slice(1).map(({ sentence }) => `Also: ${sentence}`);
  const text = [first.sentence, `To do: ${first.fix}`, ...said, ...quoteLog(first, evidence), ...others].join("\n");
  return new UserError("rollout-failed", session.world.redact(text));
}

function quoteLog({ logs }: Cause, evidence: Evidence | undefined): readonly string[] {
  for (const log of logs) {
    const text = evidence?.files.find(({ name }) => name === nameLog(log))?.text.trim() ?? "";
    if (text === "" || text.startsWith("(")) continue;
    return [
      "Its log ends:",
      ...text
        .split("\n")
        .slice(-LOG_LINES)
        .map((line) => `  ${line}`),
    ];
  }
  return [];
}
