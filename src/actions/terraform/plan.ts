import { createHash } from "node:crypto";
import { UserError } from "../../kit/user-error.ts";
import { digestBinding } from "../../terraform/binding-digest.ts";
import type { PlanBinding } from "../../terraform/plan-binding.ts";
import type { PlanFacts } from "../../terraform/plan-facts.ts";
import { parsePlan } from "../../terraform/read-plan.ts";
import { explainJson, explainOutput, listRunOptions, runJson } from "./json-call.ts";
import { releasingDeadLock } from "./locks.ts";
import type { Session } from "./session.ts";
import { unwrap } from "./unwrap.ts";

/** A plan that lies on the disk. */
export interface Plan {
  readonly path: string;
  readonly facts: PlanFacts;
  readonly bytes: Buffer;
}

/**
 * Lets terraform plan, and reads what the plan says. Every sensitive value in it is masked before anything of it is
 * told.
 *
 * @param variableFiles for `-var-file`, later ones win
 * @throws UserError `plan-failed`, `state-locked`, `auth`, …
 */
export async function makePlan(
  session: Session,
  variableFiles: readonly string[],
  { destroy }: { readonly destroy: boolean },
): Promise<Plan> {
  const { request, world, teller } = session;
  const path = world.files.pathOf("plan.tfplan");
  const parameters = [
    ...["plan", ...listRunOptions(request), `-out=${path}`],
    ...(destroy ? ["-destroy"] : []),
    ...variableFiles.map((file) => `-var-file=${file}`),
    ...listLimits(request),
  ];
  return teller.phase("plan", () =>
    releasingDeadLock(session, async () => {
      const done = await runJson(session, { name: "plan", parameters });
      if (done.exitCode !== 0) throw explainJson("plan", done, world);
      const plan = await openPlan(session, path);
      for (const { address } of plan.facts.drift) {
        world.log.info(world.redact(`${address}: changed outside of terraform`));
      }
      return plan;
    }),
  );
}

/** What a plan is limited to, and what it makes anew. */
function listLimits({ targets, replace }: Session["request"]): readonly string[] {
  return [...targets.map((address) => `-target=${address}`), ...replace.map((address) => `-replace=${address}`)];
}

/** Reads a plan's file. @throws UserError `plan-failed` when terraform cannot */
export async function openPlan({ tool, teller, world }: Session, path: string): Promise<Plan> {
  const shown = await tool.run({ name: "show", parameters: ["show", "-json", path] });
  if (shown.exitCode !== 0) throw explainOutput("plan", shown, world);
  const bytes = await world.files.read(path);
  if (bytes === undefined) throw new UserError("runner-files", `The plan that terraform wrote to ${path} is gone.`);
  // Post knows nothing of these values, and may have to tell what terraform said.
  await world.files.writeSecret("plan.json", shown.stdout);
  const { sensitive, readFacts } = unwrap(parsePlan(shown.stdout));
  for (const value of sensitive.values) world.mask(value);
  const facts = unwrap(readFacts());
  teller.tell({ plan: facts });
  return { path, facts, bytes };
}

/** All that a plan is made for, as its digest covers it. */
export function bindPlan(
  { request, job, module, place, tool, lockFileHash }: Session,
  { facts, bytes }: Plan,
): PlanBinding {
  return {
    repositoryId: job.repositoryId,
    headSha: job.headSha,
    backend: place.backend,
    workspace: request.workspace ?? "default",
    directory: module.directory,
    product: tool.product,
    version: facts.terraformVersion,
    lockFile: lockFileHash,
    variables: module.variablesHash,
    options: listLimits(request),
    plan: createHash("sha256").update(bytes).digest("hex"),
  };
}

/** Names the plan, and tells it. */
export function digestPlan(session: Session, plan: Plan): { readonly binding: PlanBinding; readonly digest: string } {
  const binding = bindPlan(session, plan);
  const digest = digestBinding(binding);
  session.teller.tell({ planDigest: digest });
  return { binding, digest };
}
