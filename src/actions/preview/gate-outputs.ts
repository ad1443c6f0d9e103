import { environmentOf, isForeign } from "../../preview/pull-request.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import type { About } from "./about.ts";
import type { Settled } from "./gate.ts";
import type { Outcome } from "./run.ts";

/** What later jobs go by. */
export function gateOutputs(settled: Settled, about: About, commentUrl: string | undefined): Outcome["outputs"] {
  const { decision, expiresAt, facts } = settled;
  const { pull, repository } = facts;
  const deploys = decision.verdict === "create" || decision.verdict === "update";
  // The event's own commit is the merge of the pull request with its base, which is what people want to see.
  const ownCommit = about.ofPullRequest && !isForeign(pull, repository);
  return {
    decision: decision.verdict,
    reason: decision.reason,
    "reason-code": decision.code,
    "pull-request": pull.number,
    environment: environmentOf(pull.number),
    "head-sha": pull.headSha,
    ref: deploys && !ownCommit ? pull.headSha : "",
    trusted: !isForeign(pull, repository),
    "expires-at": expiresAt === undefined ? "" : renderExpiry(expiresAt),
    position: decision.position,
    "comment-url": commentUrl,
  };
}
