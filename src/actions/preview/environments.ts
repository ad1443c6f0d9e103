import { UserError } from "../../kit/user-error.ts";
import { ENVIRONMENT, type Environment, HEAD_SHA, REPOSITORY_ID } from "../../preview/environment.ts";
import { parseExpiry } from "../../ttl/expiry.ts";
import { type GroupFacts, isDeleting } from "../../ttl/facts.ts";
import type { NamespaceFacts } from "../../ttl/namespace.ts";
import { EXPIRY, findTag } from "../../ttl/tags.ts";
import type { World } from "./world.ts";

type Places = Pick<World, "azure" | "namespaces">;
type Tags = Readonly<Record<string, string>>;

/** The environments of a repository, as far as they could be seen. */
export interface Sight {
  /** By name. */
  readonly environments: ReadonlyMap<string, Environment>;
  /** Why not all could be seen; undefined when nothing is hidden. Then what is not in the list does not stand. */
  readonly unseen: UserError | undefined;
}

/**
 * Looks at everything of a repository that carries its tags and labels. Never throws for want of sight: who decides must
 * know what was not seen.
 */
export async function findEnvironments(repositoryId: string, world: Places): Promise<Sight> {
  const [groups, namespaces] = await Promise.all([
    unlessUnseen(listGroups(repositoryId, world)),
    unlessUnseen(listNamespaces(repositoryId, world)),
  ]);
  const found = [...groups.found.map(asGroup), ...namespaces.found.map(asNamespace)];
  const names = [...new Set(found.flatMap(({ tags }) => ownerOf(tags, repositoryId) ?? []))];
  const environments = new Map(
    names.map((name) => [
      name,
      gather(
        name,
        found.filter(({ tags }) => ownerOf(tags, repositoryId) === name),
      ),
    ]),
  );
  return { environments, unseen: groups.unseen ?? namespaces.unseen };
}

interface Found<T> {
  readonly found: readonly T[];
  readonly unseen: UserError | undefined;
}

async function unlessUnseen<T>(look: Promise<readonly T[]>): Promise<Found<T>> {
  try {
    return { found: await look, unseen: undefined };
  } catch (cause) {
    if (cause instanceof UserError) return { found: [], unseen: cause };
    // The Kubernetes client refuses in words of its own.
    const because = cause instanceof Error ? cause.message : String(cause);
    const text = `Nobody could see what stands of the environment: ${because}\nTo do: see to that, and run this again; until then nothing is changed.`;
    return { found: [], unseen: new UserError("preview-unseen", text, { cause }) };
  }
}

/** @throws UserError `preview-unseen` where nobody can look */
async function listGroups(repositoryId: string, { azure }: Places): Promise<readonly GroupFacts[]> {
  if (repositoryId === "") {
    const text = "GITHUB_REPOSITORY_ID is empty, so no tag tells what is this repository's. Run this in a workflow.";
    throw new UserError("preview-unseen", text);
  }
  if (azure === undefined) {
    const text =
      "This job has no login in Azure, so nobody can see what stands of the environment.\nTo do: set the repository's variables AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_SUBSCRIPTION_ID, or run azure-login in an earlier step of this job. Runs of a fork's pull request have none: there this is as it should be.";
    throw new UserError("preview-unseen", text);
  }
  const groups = await azure.groups.listByTag(azure.subscriptionId, REPOSITORY_ID, repositoryId);
  // A group that a service keeps for itself, such as a cluster's nodes', goes with what made it.
  return groups.filter(({ managedBy }) => managedBy === undefined);
}

async function listNamespaces(repositoryId: string, { namespaces }: Places): Promise<readonly NamespaceFacts[]> {
  if (namespaces === undefined || !/^\d+$/.test(repositoryId)) return [];
  return namespaces.list(`${REPOSITORY_ID}=${repositoryId}`);
}

/** A group or a namespace in the same words. */
interface Part {
  /** Tags of a group, labels of a namespace. */
  readonly tags: Tags;
  /** Tags of a group, annotations of a namespace. */
  readonly notes: Tags;
  readonly deleting: boolean;
  readonly group?: GroupFacts;
  readonly namespace?: NamespaceFacts;
}

function asGroup(group: GroupFacts): Part {
  return { tags: group.tags, notes: group.tags, deleting: isDeleting(group), group };
}

function asNamespace(namespace: NamespaceFacts): Part {
  const { labels, annotations, deleting } = namespace;
  return { tags: labels, notes: annotations, deleting, namespace };
}

/** The environment that tags say it is of. Both tags once and exactly: anything doubtful is not ours. */
function ownerOf(tags: Tags, repositoryId: string): string | undefined {
  const name = readTag(tags, ENVIRONMENT);
  if (readTag(tags, REPOSITORY_ID) !== repositoryId || name === undefined) return undefined;
  return /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name) ? name : undefined;
}

function gather(name: string, parts: readonly Part[]): Environment {
  const ends = parts.flatMap(({ notes }) => readEnd(notes)?.getTime() ?? []);
  const shas = new Set(parts.flatMap(({ notes }) => readTag(notes, HEAD_SHA)?.toLowerCase() ?? []));
  const [sha, another] = shas;
  return {
    name,
    groups: parts.flatMap(({ group }) => group ?? []),
    namespaces: parts.flatMap(({ namespace }) => namespace ?? []),
    expiresAt: ends.length === 0 ? undefined : new Date(Math.max(...ends)),
    headSha: another === undefined ? sha : undefined,
    deleting: parts.some(({ deleting }) => deleting),
  };
}

/** When a part ends, by its tags or annotations; undefined where that cannot be read without doubt. */
export function readEnd(notes: Tags): Date | undefined {
  const text = readTag(notes, EXPIRY);
  const expiry = text === undefined ? undefined : parseExpiry(text);
  return expiry !== undefined && "at" in expiry ? expiry.at : undefined;
}

function readTag(tags: Tags, wanted: string): string | undefined {
  const tag = findTag(tags, wanted);
  return tag.kind === "found" ? tag.value : undefined;
}
