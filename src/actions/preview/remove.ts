import { UserError } from "../../kit/user-error.ts";
import type { Environment } from "../../preview/environment.ts";
import type { Policy } from "../../ttl/fate.ts";
import { asGroup, isCluster } from "../../ttl/namespace-group.ts";
import { connectNamespaceGroups } from "../ttl-reaper/connect-namespace-groups.ts";
import { findFailure, findStop } from "../ttl-reaper/failures.ts";
import { joinPlaces, onlyOfSubscriptions } from "../ttl-reaper/join-places.ts";
import { describeOutcome, type Outcome } from "../ttl-reaper/outcome.ts";
import { makePlan, type Plan } from "../ttl-reaper/plan.ts";
import { reap } from "../ttl-reaper/reap.ts";
import type { World as ReaperWorld } from "../ttl-reaper/world.ts";
import { findEnvironments } from "./environments.ts";
import { explainStanding, proveGone } from "./prove-gone.ts";
import { removeState } from "./remove-state.ts";
import type { Command } from "./run.ts";
import { readTarget } from "./target.ts";
import type { AzureWorld, World } from "./world.ts";

/** As the reaper has it, but for what an environment is: no name needs protection that says itself whose it is. */
const POLICY: Policy = { namePrefix: undefined, protectedNames: [], graceMs: 0, horizonMs: 366 * 86_400_000 };
/** No environment has so many groups: with more of them a tag is wrong. */
const LIMITS = { maxDeletions: 20, maxPercentage: 100, dryRun: false } as const;
const CONCURRENCY = 6;
/** A clock that is a little behind the gate's, which brought the end forward. */
const NEARLY_MS = 120_000;

/**
 * Deletes what a teardown has left of an environment, as the reaper does: exactly the groups and namespaces that say
 * whose they are, that they may be deleted, and that their time has passed; each looked at again right before. Then the
 * state goes, once nothing is left that it describes.
 *
 * @throws UserError `preview-unseen`, `preview-not-gone`, `fuse-tripped`, `clock-skew`, `delete-failed`
 */
export const remove: Command = async (inputs, world) => {
  const startedAt = world.monotonic();
  const job = await world.readJob();
  const target = readTarget(inputs, job);
  const { environment } = target;
  const look = async (): Promise<Environment | undefined> => {
    const { environments, unseen } = await findEnvironments(job.repositoryId, world);
    if (unseen !== undefined) throw unseen;
    return environments.get(environment);
  };
  const found = await look();
  const { azure } = world;
  // Without a login nothing could be seen, and the look would have thrown.
  if (azure === undefined) throw new Error("an environment was seen without Azure");
  const done: string[] = [];
  if (found !== undefined) {
    await waitForEnd(found, world);
    const places = [azure.subscriptionId, ...(found.namespaces.length === 0 ? [] : [CLUSTER])];
    const reaper = narrow(azure, world, look);
    const plan = await makePlan(places, POLICY, LIMITS, reaper);
    const stop = findStop(plan, reaper);
    if (stop !== undefined) throw stop;
    for (const line of listKept(plan)) world.log.info(line);
    const deadline = { deadlineAt: startedAt + inputs.deadline, deadlineMs: inputs.deadline };
    const options = { forceDeletionTypes: [], wait: "verify", concurrency: CONCURRENCY, ...deadline } as const;
    const outcomes = await reap(plan, options, reaper);
    const failure = findFailure(plan, outcomes);
    if (failure !== undefined) throw failure;
    done.push(...listDone(outcomes));
  }
  const { standing, proofs } = await proveGone(environment, job, 0, world);
  if (standing.length > 0) throw explainStanding(environment, standing);
  const state = await removeState(environment, inputs.backendConfig, job, { ...world, azure });
  const receipt = { done: [...done, ...state], proofs };
  for (const line of receipt.done) world.log.info(line);
  return { outputs: { environment, "pull-request": target.pullRequest, receipt: JSON.stringify(receipt) } };
};

/** Stands for the shared cluster, of which there is one. */
const CLUSTER = "/managedClusters/shared";

/** Azure and the cluster as if nothing stood in them but this environment, as it is when it is asked for. */
function narrow(azure: AzureWorld, world: World, look: () => Promise<Environment | undefined>): ReaperWorld {
  const { namespaces } = world;
  const clusters = connectNamespaceGroups(async () => {
    if (namespaces === undefined) throw new UserError("preview-unseen", "No cluster was named.");
    return { namespaces, explain: async (error) => error };
  });
  const joined = joinPlaces(azure.groups, async () => clusters);
  return {
    groups: {
      ...joined,
      list: async function* (id) {
        const { groups = [], namespaces: spaces = [] } = (await look()) ?? {};
        yield* isCluster(id) ? spaces.map((space) => asGroup(id, space)) : groups;
      },
    },
    barriers: onlyOfSubscriptions(azure.barriers),
    armSkewMs: azure.armSkewMs,
    now: world.now,
    monotonic: world.monotonic,
    sleep: world.sleep,
    cancelled: world.cancelled,
    log: world.log,
    // The step's page is the report's to write, and no post tells of a run that was killed.
    record: () => {},
    summarize: async () => {},
    writeReport: async () => "",
    markReported: () => {},
  };
}

async function waitForEnd({ expiresAt }: Environment, world: World): Promise<void> {
  const left = (expiresAt?.getTime() ?? 0) - world.now().getTime();
  if (left > 0 && left <= NEARLY_MS) await world.sleep(left + 1_000);
}

function listKept({ entries }: Plan): readonly string[] {
  return entries.flatMap(({ name, fate }) => (fate.kind === "keep" ? [`${name} stays: ${fate.because}`] : []));
}

function listDone(outcomes: ReadonlyMap<string, Outcome>): readonly string[] {
  return [...outcomes].flatMap(([id, outcome]) => {
    const kind = id.startsWith(CLUSTER.toLowerCase()) ? "Namespace" : "Resource group";
    const by = kind === "Namespace" ? "the cluster" : "ARM";
    return outcome.kind === "gone" || outcome.kind === "vanished"
      ? [`${kind} ${id.split("/").at(-1)} ${describeOutcome(outcome, by)}`]
      : [];
  });
}
