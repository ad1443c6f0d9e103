import { createHash } from "node:crypto";
import { compareBindings, digestBinding, readBinding, renderBinding } from "../../terraform/binding-digest.ts";
import type { PlanBinding } from "../../terraform/plan-binding.ts";
import { failure } from "./failure.ts";
import { bindPlan, digestPlan, openPlan, type Plan } from "./plan.ts";
import { pathIn } from "./root-module.ts";
import type { Session } from "./session.ts";
import { unwrap } from "./unwrap.ts";

/** Metadata of a plan's blob; values must be ASCII. */
const BINDING = "mayflybinding";

/**
 * Keeps a plan for an apply: beside the state, where only who may change the state can read it, and on the disk for
 * this job. Returns the path.
 */
export async function keepPlan(session: Session, plan: Plan): Promise<string> {
  const { state, world } = session;
  const { binding, digest } = digestPlan(session, plan);
  const text = renderBinding(binding);
  await world.files.writeSecret("plan.tfplan.json", text);
  if (state !== undefined) {
    const metadata = { [BINDING]: Buffer.from(text).toString("base64") };
    await state.container.write(`${state.plans}${digest}`, plan.bytes, { metadata });
  }
  return plan.path;
}

/** Removes a plan that was applied: it cannot be applied again, and it holds secrets as the state does. */
export async function removePlan({ request, state, world }: Session): Promise<void> {
  if (state === undefined || request.planDigest === undefined) return;
  try {
    await state.container.delete(`${state.plans}${request.planDigest}`);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    world.log.warning(world.redact(`The plan that was applied could not be removed: ${because}`));
  }
}

/** What another plan of the same changes may differ in. */
const MAY_DIFFER = ["headSha", "lockFile", "version", "variables", "options"] as const;

export interface ApprovedPlan {
  readonly plan: Plan;
  /** Whether it was made for what is here now; if not, only a new plan that does the same may be applied. */
  readonly fits: boolean;
}

/**
 * Fetches the approved plan, and looks whether it is for what is here now: the same commit, place, directory, variables,
 * tool and providers.
 *
 * @throws UserError `plan-mismatch` that names each field that differs, where no other plan may stand in
 */
export async function fetchApproved(session: Session, digest: string): Promise<ApprovedPlan> {
  const { binding, bytes } = await find(session, digest);
  const file = createHash("sha256").update(bytes).digest("hex");
  if (digestBinding(binding) !== digest || binding.plan !== file) {
    const text = "The plan that lies there is not the one that the digest names: somebody has changed it.";
    throw failure("plan-mismatch", `${text}\nTo do: plan again, and approve that.`);
  }
  const path = await session.world.files.writeSecret("approved.tfplan", bytes);
  const plan = await openPlan(session, path);
  const own = bindPlan(session, plan);
  // An approved plan holds its targets already, and takes no others.
  const differences = compareBindings(binding, { ...own, options: binding.options });
  const loosened = Object.fromEntries(MAY_DIFFER.map((field) => [field, binding[field]]));
  const mayPlanAgain =
    session.request.approve === "equivalent" && compareBindings(binding, { ...own, ...loosened }).length === 0;
  if (differences.length > 0 && !mayPlanAgain) {
    const lines = differences.map(({ field, approved, now }) => `${field}: approved ${approved}, here ${now}`);
    throw failure(
      "plan-mismatch",
      `The approved plan was made for something else. Nothing was done.\n${lines.join("\n")}\nTo do: plan again, and approve that.`,
    );
  }
  session.teller.tell({ planDigest: digest });
  return { plan, fits: differences.length === 0 };
}

interface Found {
  readonly binding: PlanBinding;
  readonly bytes: Buffer;
}

async function find({ request, module, state, world }: Session, digest: string): Promise<Found> {
  if (request.planFile !== undefined) {
    const path = pathIn(module.folder, request.planFile);
    const bytes = await world.files.read(path);
    const binding = await world.files.read(`${path}.json`);
    if (bytes === undefined || binding === undefined) throw missing(`There is no plan at ${request.planFile}.`);
    return { bytes, binding: unwrap(readBinding(binding.toString("utf8"))) };
  }
  if (state === undefined) {
    throw missing(
      "Only the azurerm backend, with a login before, keeps plans beside the state; plan-file was not given.",
    );
  }
  const name = `${state.plans}${digest}`;
  const facts = await state.container.find(name);
  const bytes = facts === undefined ? undefined : await state.container.read(name);
  if (facts === undefined || bytes === undefined) {
    throw missing(
      `There is no plan ${digest.slice(0, 12)}… beside the state ${state.place.name}: none was made, or it was applied already.`,
    );
  }
  return { bytes, binding: unwrap(readBinding(Buffer.from(facts.metadata[BINDING] ?? "", "base64").toString("utf8"))) };
}

function missing(what: string): Error {
  return failure("plan-mismatch", `${what}\nTo do: run command: plan, and give its output plan-digest.`);
}
