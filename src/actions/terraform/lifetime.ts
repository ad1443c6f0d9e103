import { UserError } from "../../kit/user-error.ts";
import { parseExpiry, renderExpiry } from "../../ttl/expiry.ts";
import { type GroupFacts, isDeleting } from "../../ttl/facts.ts";
import { decideExpiry } from "../../ttl/lifetime.ts";
import { EXPIRY, findTag, MARK } from "../../ttl/tags.ts";
import type { Session } from "./session.ts";

/** The environment's groups as Azure has them now; none where the job has no identity, or the environment no name. */
export async function listEnvironmentGroups({ request, job, world }: Session): Promise<readonly GroupFacts[]> {
  const { azure } = world;
  const { environment } = request;
  if (azure?.subscriptionId === undefined || environment === undefined || job.repositoryId === "") return [];
  const named = await azure.groups.listByTag(azure.subscriptionId, "mayfly-environment", environment);
  return named.filter(({ tags }) => readTag(tags, "mayfly-repository-id") === job.repositoryId);
}

/**
 * When the environment ends. An apply extends its groups before anything else, so that the reaper does not delete them
 * in the middle; a plan only says what it would be, and gives an environment that is there its own end.
 *
 * @throws UserError `environment-deleting` when the reaper, or somebody else, is deleting a group already
 */
export async function settleLifetime(session: Session, extend: boolean): Promise<Date | undefined> {
  const { ttl, maxTtl, keepExpiry } = session.request;
  if (ttl === undefined) return undefined;
  const groups = await listEnvironmentGroups(session);
  const going = groups.filter(isDeleting).map(({ name }) => name);
  if (going.length > 0 && extend) {
    const text = `${going.join(", ")} is being deleted.\nTo do: run this again when it is gone: az group wait --deleted --name ${going[0]}`;
    throw new UserError("environment-deleting", text);
  }
  const live = latestExpiry(groups);
  const keep = keepExpiry || !extend;
  const expiresAt = decideExpiry({ now: session.world.now(), ttl, maxTtl, live, keep });
  if (extend && !keepExpiry) await extendGroups(session, groups, expiresAt);
  // What nothing carries yet is told once something does.
  if (groups.length > 0) session.teller.tell({ expiresAt });
  return expiresAt;
}

/**
 * Looks what the apply has made of the end. Sets it again where an older one was put back: an update of a group's other
 * tags writes all of them, with the end that the plan had read.
 */
export async function keepLifetime(session: Session, expiresAt: Date | undefined): Promise<void> {
  if (expiresAt === undefined) return;
  const groups = await listEnvironmentGroups(session);
  if (!session.request.keepExpiry) await extendGroups(session, groups, expiresAt);
  const mortal = groups.filter(({ tags }) => findTag(tags, MARK).kind !== "absent");
  session.teller.tell({ expiresAt: mortal.length > 0 ? expiresAt : undefined });
  if (mortal.length > 0 || session.world.azure?.subscriptionId === undefined) return;
  const text = `No resource group carries the tags of ${session.request.environment}: nothing will ever come to its end by itself.\nTo do: give the groups tags = var.tags, or leave ttl out.`;
  session.world.log.warning(text, { title: "No end" });
}

/** Only groups that the reaper would delete, and only towards later. */
async function extendGroups(session: Session, groups: readonly GroupFacts[], expiresAt: Date): Promise<void> {
  const { azure } = session.world;
  const earlier = groups.filter((group) => {
    if (findTag(group.tags, MARK).kind === "absent") return false;
    const end = expiryOf(group);
    return end === undefined || end.getTime() < expiresAt.getTime();
  });
  for (const { id, name } of earlier) {
    await azure?.groups.mergeTags(id, { [EXPIRY]: renderExpiry(expiresAt) });
    session.world.log.info(`${name} lives until ${renderExpiry(expiresAt)}`);
  }
}

function latestExpiry(groups: readonly GroupFacts[]): Date | undefined {
  const ends = groups.flatMap((group) => expiryOf(group)?.getTime() ?? []);
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}

function expiryOf({ tags }: GroupFacts): Date | undefined {
  const tag = findTag(tags, EXPIRY);
  if (tag.kind !== "found") return undefined;
  const expiry = parseExpiry(tag.value);
  return "at" in expiry ? expiry.at : undefined;
}

function readTag(tags: Readonly<Record<string, string>>, wanted: string): string | undefined {
  const tag = findTag(tags, wanted);
  return tag.kind === "found" ? tag.value : undefined;
}
