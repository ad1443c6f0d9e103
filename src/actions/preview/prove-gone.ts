import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import { shellQuote } from "../../paste/quote.ts";
import { ENVIRONMENT, type Environment } from "../../preview/environment.ts";
import type { StandingThing } from "../../preview/story.ts";
import type { Barriers, GroupFacts } from "../../ttl/facts.ts";
import { decideFate, type Fate, type Policy } from "../../ttl/fate.ts";
import type { NamespaceFacts } from "../../ttl/namespace.ts";
import type { JobFacts } from "../job-facts.ts";
import { findEnvironments } from "./environments.ts";
import type { World } from "./world.ts";

/** What ARM and the cluster said when they were asked whether anything of an environment is left. */
export interface Proof {
  readonly proofs: readonly string[];
  readonly standing: readonly StandingThing[];
}

const LOOK_EVERY_MS = 15_000;

/** What is being deleted is on its way: it is waited for, and for nothing else. */
export async function proveGone(
  environment: string,
  { repositoryId }: Pick<JobFacts, "repositoryId">,
  patienceMs: number,
  world: World,
): Promise<Proof> {
  const until = world.monotonic() + patienceMs;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  for (;;) {
    const { environments, unseen } = await findEnvironments(repositoryId, world);
    // Who could not look has proven nothing.
    if (unseen !== undefined) throw unseen;
    const found = environments.get(environment);
    if (found === undefined) return { proofs: await listProofs(environment, repositoryId, world), standing: [] };
    const left = until - world.monotonic();
    if (!isGoing(found) || left <= 0 || world.cancelled.aborted) {
      return { proofs: [], standing: await listStanding(found, world) };
    }
    progress.say(`waiting for what is being deleted, for ${renderDuration(left)} at most`);
    await world.sleep(Math.min(left, LOOK_EVERY_MS));
  }
}

/** Whether all of it is being deleted. */
function isGoing({ groups, namespaces }: Environment): boolean {
  return (
    groups.every(({ provisioningState }) => provisioningState.toLowerCase() === "deleting") &&
    namespaces.every(({ deleting }) => deleting)
  );
}

async function listProofs(environment: string, repositoryId: string, world: World): Promise<readonly string[]> {
  const { azure, namespaces, log } = world;
  let seen = 0;
  if (azure !== undefined) for await (const _ of azure.groups.list(azure.subscriptionId)) seen += 1;
  const tags = `${ENVIRONMENT}=${environment} of repository ${repositoryId}`;
  if (seen === 0) {
    log.warning(
      `ARM shows this identity no resource group at all in subscription ${azure?.subscriptionId}. What it may not see it does not list: give it the role Reader there, else this proves little.`,
      { title: "Nothing to be seen" },
    );
  }
  return [
    `ARM lists no resource group with the tags ${tags}, among ${seen} that the identity sees.`,
    ...(namespaces === undefined ? [] : [`The cluster has no namespace with the labels ${tags}.`]),
  ];
}

const POLICY: Policy = { namePrefix: undefined, protectedNames: [], graceMs: 0, horizonMs: Number.MAX_SAFE_INTEGER };

async function listStanding(found: Environment, world: World): Promise<readonly StandingThing[]> {
  const barriers = await readBarriers(found, world);
  return [
    ...found.groups.map((group) => tellGroup(group, decideFate(group, barriers, POLICY, world.now()))),
    ...found.namespaces.map(tellNamespace),
  ];
}

/** A lock explains why a group stands; where locks may not be read, the group is named all the same. */
async function readBarriers({ groups }: Environment, { azure }: World): Promise<Barriers> {
  if (azure === undefined || groups.length === 0) return { locks: [], denyAssignments: [] };
  try {
    return { locks: await azure.barriers.listLocks(azure.subscriptionId), denyAssignments: [] };
  } catch {
    return { locks: [], denyAssignments: [] };
  }
}

function tellGroup({ name, subscriptionId }: GroupFacts, fate: Fate): StandingThing {
  const what = `resource group ${name}`;
  const place = `${shellQuote(name)} --subscription ${shellQuote(subscriptionId)}`;
  const delete_ = `az group delete --yes --name ${place}`;
  switch (fate.kind) {
    case "deleting":
      return { what, because: "ARM is still deleting it", mend: `az group wait --deleted --name ${place}` };
    case "expired":
      return { what, because: "it has expired: the reaper deletes it in its next sweep", mend: delete_ };
    case "ignore":
      return { what, because: "it does not say auto-destroy=true: nothing deletes it by itself", mend: delete_ };
    case "keep": {
      const locks = `az lock list --resource-group ${place} --query '[].id' --output tsv  # then: az lock delete --ids <lock id>`;
      return { what, because: fate.because, mend: fate.reason === "locked" ? locks : delete_ };
    }
  }
}

function tellNamespace({ name, deleting, heldBy }: NamespaceFacts): StandingThing {
  const what = `namespace ${name}`;
  const held = heldBy?.join("; ") ?? "";
  if (deleting) {
    const because = `it is being deleted${held === "" ? "" : `, and held up: ${held}`}`;
    return { what, because, mend: `kubectl get namespace ${shellQuote(name)} --output yaml` };
  }
  return { what, because: "nothing has deleted it", mend: `kubectl delete namespace ${shellQuote(name)}` };
}

/** The failure of a teardown that leaves something, with each thing and the line that mends it. */
export function explainStanding(environment: string, standing: readonly StandingThing[]): UserError {
  const lines = standing.map(({ what, because, mend }) => `${what}: ${because}.${mend ? `\n  Mend it: ${mend}` : ""}`);
  return new UserError("preview-not-gone", `${environment} is not gone.\n${lines.join("\n")}`);
}
