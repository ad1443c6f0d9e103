import { eachSideBySide } from "../../kit/side-by-side.ts";
import { sameLabel } from "../../preview/cause.ts";
import type { PreviewPolicy } from "../../preview/decide.ts";
import { type PullRequest, pullRequestOf } from "../../preview/pull-request.ts";
import { holdsPlace, type Mark, parseMark, type Queued } from "../../preview/queue.ts";
import type { Sight } from "./environments.ts";
import type { World } from "./world.ts";

/** The check that jobs cannot be: neutral. Its external id notes who waits. */
export const CHECK = "Mayfly preview";

/** Who has a place, and who waits for one. */
export interface Line {
  /** Pull requests of which something stands. */
  readonly standing: readonly number[];
  /** Those that were started a short while ago, and of which nothing stands yet. */
  readonly started: readonly Queued[];
  readonly queued: readonly Queued[];
}

/** As many checks as a token's hour has room for; the newest pull requests are looked at first. */
const MOST_LOOKED_AT = 100;
const WIDTH = 6;

/**
 * Looks who has a place and who waits, of all pull requests but one. Checks are asked for only where the places might
 * not do: with few pull requests open, two requests tell all.
 */
export async function lookAtLine(
  own: number | undefined,
  { repository, policy, sight }: { readonly repository: string; readonly policy: PreviewPolicy; readonly sight: Sight },
  world: Pick<World, "github" | "now" | "log">,
): Promise<Line> {
  const standing = [...sight.environments.keys()].flatMap((name) => pullRequestOf(name) ?? []).filter((n) => n !== own);
  const open = await world.github.pulls.listOpen(repository);
  const waiting = open
    .filter((pull) => pull.number !== own && !standing.includes(pull.number) && mayHaveOne(pull, policy))
    .toSorted((a, b) => b.number - a.number);
  if (own !== undefined && standing.length + waiting.length < policy.maxPreviews)
    return { standing, started: [], queued: [] };
  if (waiting.length > MOST_LOOKED_AT) {
    world.log.info(`${waiting.length} pull requests are open; the queue is made of the newest ${MOST_LOOKED_AT}.`);
  }
  const started: Queued[] = [];
  const queued: Queued[] = [];
  await eachSideBySide(waiting.slice(0, MOST_LOOKED_AT), WIDTH, async ({ number, headSha }) => {
    const mark = await findMark(repository, headSha, world);
    if (mark === undefined) return;
    const entry = { pullRequest: number, at: mark.at, runId: mark.runId };
    if (holdsPlace(mark, world.now())) started.push(entry);
    if (mark.kind === "queued") queued.push(entry);
  });
  return { standing, started, queued };
}

/** What the check of a commit notes. */
export async function findMark(
  repository: string,
  headSha: string,
  { github }: Pick<World, "github">,
): Promise<Mark | undefined> {
  const check = await github.checks.find(repository, headSha, CHECK);
  return check === undefined ? undefined : parseMark(check.externalId);
}

function mayHaveOne({ labels, draft }: PullRequest, { label, drafts }: PreviewPolicy): boolean {
  return (label === undefined || labels.some((one) => sameLabel(one, label))) && (drafts || !draft);
}
