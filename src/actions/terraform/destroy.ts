import type { StateBlobFacts } from "../../azure/state-container.ts";
import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { isPassingDestroyFault } from "../../terraform/diagnostics/passing-destroy-fault.ts";
import type { PlanFacts } from "../../terraform/plan-facts.ts";
import { readState } from "../../terraform/state-file.ts";
import type { GroupProof } from "../../terraform/story.ts";
import { applyPlanFile } from "./apply-plan.ts";
import { failure } from "./failure.ts";
import { explainJson, explainOutput } from "./json-call.ts";
import { listEnvironmentGroups, settleLifetime } from "./lifetime.ts";
import { makePlan } from "./plan.ts";
import { checkPolicies } from "./policies.ts";
import type { Session } from "./session.ts";
import { unwrap } from "./unwrap.ts";
import { writeVariables } from "./variables.ts";

/** How long Azure may take to show that a group is gone, once terraform says that it is. */
const PROOF_MS = 120_000;
const LOOK_AGAIN_MS = 5_000;
const FLAKE_WAIT_MS = 20_000;

/**
 * Destroys all that the state holds, and proves it: the state is empty, and Azure knows none of the environment's groups
 * any more. Only then the state goes, too.
 *
 * @throws UserError `destroy-nothing`, `destroy-incomplete`, `policy-denied`, …
 */
export async function destroy(session: Session): Promise<void> {
  const { request, teller, world } = session;
  // The plan does not know what somebody else has deleted already, and the state does.
  const held = await countLeft(session);
  if (held < request.expectResources) throw explainNothing(session, held);
  // A configuration may not even be read without its variables.
  const files = await writeVariables(session, await settleLifetime(session, false));
  let plan = await makePlan(session, files, { destroy: true });
  const first = plan.facts;
  checkPolicies(session, first, undefined);
  const { diagnostics } = teller.story();
  // Where Azure has nothing left to destroy, the apply still takes it out of the state.
  for (let tries = 0; held > 0; tries += 1) {
    const done = await applyPlanFile(session, plan, "destroy");
    if (done.exitCode === 0) break;
    const errors = done.facts.diagnostics.filter(({ severity }) => severity === "error");
    const passing = errors.length > 0 && errors.every(isPassingDestroyFault);
    if (world.cancelled.aborted || !passing || tries >= request.destroyRetries) {
      throw explainJson("destroy", done, world);
    }
    // What passes is no error of a destroy that goes well in the end.
    teller.tell({ diagnostics });
    teller.note(`Azure did not let go of everything at once; try ${tries + 2} of the destroy.`);
    await world.sleep(FLAKE_WAIT_MS);
    plan = await makePlan(session, files, { destroy: true });
  }
  // Whoever writes the state from here on keeps it.
  const seen = await session.state?.container.find(session.state.place.name);
  const left = await countLeft(session);
  if (left > 0) {
    throw failure("destroy-incomplete", `${left} resources are still in the state.\nTo do: run the destroy again.`);
  }
  const groups = await proveGone(session, first);
  const destroyed = first.counts.destroy;
  teller.tell({ receipt: { destroyed, groups, state: "kept" } });
  const standing = groups.filter(({ gone }) => !gone).map(({ name }) => name);
  if (standing.length > 0) {
    const text = `terraform says that all is destroyed, and Azure still has ${standing.join(", ")}, which carries the tags of this environment. The state was kept.`;
    throw failure(
      "destroy-incomplete",
      `${text}\nTo do: look what it holds: az resource list --resource-group ${standing[0]} --output table`,
    );
  }
  teller.tell({ receipt: { destroyed, groups, state: await removeState(session, seen) } });
}

function explainNothing({ request, place }: Session, held: number): Error {
  const text = `The state ${place.backend} holds ${held} resources, and expect-resources is ${request.expectResources}. Nothing was destroyed.`;
  return failure(
    "destroy-nothing",
    `${text}\nTo do: check environment, backend-config and workspace; where an empty state is fine: expect-resources: 0.`,
  );
}

/** Managed resources that the state still holds. */
async function countLeft({ tool, world }: Session): Promise<number> {
  const done = await tool.run({ name: "state-pull", parameters: ["state", "pull"] });
  if (done.exitCode !== 0) throw explainOutput("destroy", done, world);
  return unwrap(readState(done.stdout)).managed.length;
}

/** What became of the groups that the state had, and of those that carry the environment's tags. */
async function proveGone(session: Session, plan: PlanFacts): Promise<readonly GroupProof[]> {
  const { world } = session;
  const { azure } = world;
  if (azure === undefined) return [];
  const had = plan.groups.flatMap(({ kind, id }) => (kind === "delete" && id !== undefined ? [parseGroupId(id)] : []));
  const until = world.monotonic() + PROOF_MS;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  for (;;) {
    const tagged = await listEnvironmentGroups(session);
    const looked = await Promise.all(
      had.map(async ({ subscription, name }) => ((await azure.groups.find(subscription, name)) ? [name] : [])),
    );
    const standing = new Set([...tagged.map(({ name }) => name), ...looked.flat()]);
    if (standing.size === 0 || world.monotonic() >= until || world.cancelled.aborted) {
      const gone = had.map(({ name }) => name).filter((name) => !standing.has(name));
      return [...gone.map((name) => ({ name, gone: true })), ...[...standing].map((name) => ({ name, gone: false }))];
    }
    progress.say(`waiting until Azure knows ${[...standing].join(", ")} no more (${renderDuration(PROOF_MS)} at most)`);
    await world.sleep(LOOK_AGAIN_MS);
  }
}

function parseGroupId(id: string): { readonly subscription: string; readonly name: string } {
  const [, , subscription = "", , name = ""] = id.split("/");
  return { subscription, name };
}

/** Deletes the state and its saved plans. What cannot be deleted is told, and harms nobody. */
async function removeState({ state, world }: Session, seen: StateBlobFacts | undefined): Promise<string> {
  if (state === undefined) return "kept: only the azurerm backend, with a login before, lets it be removed";
  try {
    for (const plan of await state.container.list(state.plans)) await state.container.delete(plan);
    if (seen === undefined) return "absent";
    const outcome = await state.container.delete(state.place.name, { etag: seen.etag });
    return outcome === "deleted" || outcome === "absent" ? outcome : `kept: it is ${outcome}`;
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    world.log.warning(`The state could not be removed: ${because}`);
    return "kept: it could not be removed";
  }
}
