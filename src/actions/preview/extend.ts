import { UserError } from "../../kit/user-error.ts";
import type { Environment } from "../../preview/environment.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import { decideExpiry } from "../../ttl/lifetime.ts";
import type { JobFacts } from "../job-facts.ts";
import { attempt } from "./attempt.ts";
import { changeExpiry } from "./change-expiry.ts";
import { findEnvironments, readEnd } from "./environments.ts";
import { isPinned } from "./pinned.ts";
import { readSweep } from "./read-sweep.ts";
import { renderExpiryLine } from "./render-when.ts";
import type { Command } from "./run.ts";
import { bringBack } from "./set-end.ts";
import { readTarget } from "./target.ts";
import type { World } from "./world.ts";

/**
 * Lets an environment live longer: `span` from now, `max-ttl` at most, never shorter than it lives already. One tag of
 * each group, one annotation of each namespace, the line in the comment, and one on the run's page.
 *
 * @throws UserError `preview-not-there`, `preview-expired`, `environment-deleting`, `preview-endless`
 */
export const extend: Command = async (inputs, world) => {
  const { span, maxTtl, cleanupSchedule } = inputs;
  if (span === undefined) {
    throw new UserError("bad-input", "span: expected a duration such as 24h for the command extend, got nothing");
  }
  readSweep(cleanupSchedule, world.now());
  const job = await world.readJob();
  const { environment: name, pullRequest } = readTarget(inputs, job);
  const found = await findLiving(name, job, world);
  const now = world.now();
  const end = decideExpiry({ now, ttl: span, maxTtl, live: found.expiresAt, keep: false });
  const [fault] = await bringBack(found, end, world);
  if (fault !== undefined) throw fault;
  // The reaper may have begun in the moment before.
  await findLiving(name, job, world);
  world.log.info(`${name} lives until ${renderExpiry(end)}`);
  const sweep = readSweep(cleanupSchedule, end);
  const told = { repository: job.repository, pullRequest, environment: name, expiresAt: end, sweep, now };
  await world.summarize(`**${name}** lives longer. ${renderExpiryLine(told)}\n`);
  const url =
    pullRequest === undefined
      ? undefined
      : await attempt("The comment could not be written", world, () => changeExpiry(told, world));
  const outputs = {
    environment: name,
    "pull-request": pullRequest,
    "expires-at": renderExpiry(end),
    "comment-url": url,
  };
  return { outputs };
};

/** What can still be given more time. */
async function findLiving(name: string, { repositoryId }: JobFacts, world: World): Promise<Environment> {
  const { environments, unseen } = await findEnvironments(repositoryId, world);
  if (unseen !== undefined) throw unseen;
  const found = environments.get(name);
  if (found === undefined) {
    const text = `Nothing stands of ${name}, so nothing can live longer.\nTo do: deploy it: /preview in a comment on the pull request.`;
    throw new UserError("preview-not-there", text);
  }
  if (found.deleting) {
    const text = `${name} is being deleted, and no tag stops that.\nTo do: deploy it again when it is gone: /preview in a comment on the pull request.`;
    throw new UserError("environment-deleting", text);
  }
  const ends = listEnds(found);
  const over = ends.find(({ end }) => end <= world.now());
  // Whoever asked for its end has moved it to that moment, too.
  if (over !== undefined) {
    const text = `${over.name} has expired at ${renderExpiry(over.end)}: the reaper, or a teardown, may be deleting it in this moment.\nTo do: deploy it again, which makes sure that it stands: /redeploy in a comment on the pull request.`;
    throw new UserError("preview-expired", text);
  }
  if (isPinned(found) || ends.length === 0) {
    const text = `${name} has no end that could be moved: it does not say auto-destroy=true with a date in expires-at.\nTo do: nothing, it stays until somebody deletes it; or give it an end: deploy it again with ttl.`;
    throw new UserError("preview-endless", text);
  }
  return found;
}

function listEnds({ groups, namespaces }: Environment): readonly { readonly name: string; readonly end: Date }[] {
  const parts = [
    ...groups.map(({ name, tags }) => ({ name, notes: tags })),
    ...namespaces.map(({ name, annotations }) => ({ name, notes: annotations })),
  ];
  return parts.flatMap(({ name, notes }) => {
    const end = readEnd(notes);
    return end === undefined ? [] : [{ name, end }];
  });
}
