import { listClauses } from "../../kit/error-chain.ts";
import { decide } from "../../preview/decide.ts";
import type { Environment } from "../../preview/environment.ts";
import { type PullRequest, pullRequestOf } from "../../preview/pull-request.ts";
import { isDeleting } from "../../ttl/facts.ts";
import type { JobFacts } from "../job-facts.ts";
import { count } from "../render-text.ts";
import { findEnvironments } from "./environments.ts";
import { findPull, readPolicy } from "./look.ts";
import { isPinned } from "./pinned.ts";
import type { Inputs, Outcome } from "./run.ts";
import type { World } from "./world.ts";

/** A matrix holds 256 jobs; the next sweep takes the others. */
const MOST = 100;

interface Doomed {
  readonly "pull-request": number;
  readonly environment: string;
  readonly reason: string;
}

/**
 * Looks at all environments of the repository, and names those whose pull request does not want them any more: what no
 * event has told, such as the close of a pull request with a conflict. Nothing is changed here.
 */
export async function sweep(inputs: Inputs, job: JobFacts, world: World): Promise<Outcome> {
  const { environments, unseen } = await findEnvironments(job.repositoryId, world);
  if (unseen !== undefined)
    return { outputs: { previews: "[]", decision: "keep", "reason-code": "unseen" }, failure: unseen };
  const open = new Map((await world.github.pulls.listOpen(job.repository)).map((pull) => [pull.number, pull]));
  const doomed: Doomed[] = [];
  for (const environment of environments.values()) {
    const number = pullRequestOf(environment.name);
    if (number === undefined || isGoing(environment)) continue;
    const pull = await askFor(number, open, job, world);
    if (pull === undefined) continue;
    const decision = decideOne(pull, environment, inputs, job, world);
    world.log.info(`${environment.name}: ${decision.verdict}. ${decision.reason}`);
    if (decision.verdict === "destroy") {
      doomed.push({ "pull-request": number, environment: environment.name, reason: decision.code });
    }
  }
  if (doomed.length > MOST) world.log.notice(`${doomed.length} previews are to be destroyed; this run takes ${MOST}.`);
  const previews = JSON.stringify(doomed.slice(0, MOST));
  const reason = `${count(environments.size, "environment")} of the repository, ${doomed.length} to destroy.`;
  return { outputs: { previews, decision: doomed.length > 0 ? "destroy" : "keep", reason } };
}

function decideOne(pull: PullRequest, environment: Environment, inputs: Inputs, job: JobFacts, world: World) {
  return decide({
    repository: job.repository,
    pull,
    environment,
    seen: true,
    hidden: false,
    pinned: isPinned(environment),
    cause: "ended",
    headSha: undefined,
    approvedSha: undefined,
    destroyAskedAt: undefined,
    wantedAt: undefined,
    wishedAt: undefined,
    deploying: false,
    others: 0,
    ahead: 0,
    policy: readPolicy(inputs),
    now: world.now(),
  });
}

/** That a list leaves a pull request out is no proof that it is closed: it is asked for by its number. */
async function askFor(number: number, open: ReadonlyMap<number, PullRequest>, job: JobFacts, world: World) {
  try {
    return open.get(number) ?? (await findPull(number, job, world));
  } catch (error) {
    // One that nobody can see is kept, and holds up no other.
    const because = listClauses(error).join(": ");
    world.log.warning(`pr-${number} stays, since nobody could look at its pull request: ${because}`);
    return undefined;
  }
}

function isGoing({ groups, namespaces }: Environment): boolean {
  return groups.every(isDeleting) && namespaces.every(({ deleting }) => deleting);
}
