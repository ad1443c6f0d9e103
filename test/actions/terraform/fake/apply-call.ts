import { join } from "node:path";
import type { Backend } from "./backend.ts";
import { type Call, openBackend, refresh, withLock } from "./calls.ts";
import { groupId } from "./groups.ts";
import { count, type PlanFile, readPlanFile } from "./plan-call.ts";
import type { PlannedResource } from "./plan-document.ts";
import { renderState, type State, type StoredResource } from "./state.ts";
import type { FakeDiagnostic } from "./stream.ts";

const INCOMPLETE = "Terraform could not apply the given plan file. Plan again, and mend its errors.";
const STALE =
  "The given plan file can no longer be applied because the state was changed by another operation after the plan was created.";

/** `apply <plan>`: stored state, lock and words as terraform's, interrupted or not. */
export async function callApply(call: Call): Promise<number> {
  const { stream, words } = call;
  stream.version();
  const path = words[1] ?? "";
  const plan = readPlanFile(call, path);
  if (plan === undefined) return call.fail({ summary: `Failed to load "${path}" as a plan file` });
  const backend = openBackend(call);
  const done = await withLock(call, backend, "OperationTypeApply", async (lock) => {
    if (plan.errored) return call.fail({ summary: "Cannot apply incomplete plan", detail: INCOMPLETE });
    const state = await backend.read();
    if ((state?.serial ?? 0) !== plan.serial || (state?.lineage ?? "") !== plan.lineage) {
      return call.fail({ summary: "Saved plan is stale", detail: STALE });
    }
    for (const one of plan.planned) stream.planned(one);
    return applyPlan(call, { backend, lock, plan, state });
  });
  if (done === undefined || typeof done === "number") return done ?? 1;
  // The last words come once the lock is given back.
  stream.summary("apply", count(done.done));
  stream.outputs(plan.outputs);
  return 0;
}

interface Work {
  readonly backend: Backend;
  readonly lock: string;
  readonly plan: PlanFile;
  readonly state: State | undefined;
}

interface Applied {
  readonly done: readonly PlannedResource[];
}

async function applyPlan(call: Call, { backend, lock, plan, state }: Work): Promise<number | Applied> {
  const { stream, process, place } = call;
  const resources = new Map(refresh(call, state?.resources).map((one) => [one.address, one]));
  const acting = plan.planned.filter(({ actions }) => actions[0] !== "no-op");
  const errors: FakeDiagnostic[] = [];
  const done: PlannedResource[] = [];
  for (const one of acting) {
    if (process.interrupts > 0) {
      errors.push({ summary: "execution halted" });
      continue;
    }
    const failure = await applyOne(call, one, resources);
    if (failure === undefined) done.push(one);
    else errors.push({ address: one.address, ...failure });
  }
  for (const error of errors) stream.diagnostic(error);
  const next: State = {
    serial: (state?.serial ?? 0) + 1,
    lineage: state?.lineage ?? place.nextId(),
    resources: [...resources.values()],
    outputs: errors.length > 0 ? (state?.outputs ?? {}) : plan.outputs,
  };
  await call.step("apply.persist");
  const lost = place.takeFailure("apply.persist");
  if (lost !== undefined) return abandon(call, next, lost);
  await backend.write(next, lock);
  return errors.length > 0 ? 1 : { done };
}

/** The state could not be stored: it lies in the folder, and the lock stays. */
function abandon(call: Call, state: State, failure: FakeDiagnostic): never {
  call.files.put(join(call.folder, "errored.tfstate"), renderState(state));
  call.stream.diagnostic({ ...failure, summary: "Failed to save state" });
  call.stream.diagnostic({
    summary: "Failed to persist state to backend",
    detail: 'To allow for recovery, the state has been written to the file "errored.tfstate"',
  });
  throw new NotPersisted();
}

/** Ends the call with its lock held. */
export class NotPersisted extends Error {
  override readonly name = "NotPersisted";
}

async function applyOne(
  call: Call,
  { address, actions, before, desired }: PlannedResource,
  resources: Map<string, StoredResource>,
): Promise<FakeDiagnostic | undefined> {
  const { stream, place } = call;
  for (const action of actions) {
    if (action !== "create" && action !== "update" && action !== "delete") continue;
    stream.hook("start", address, action);
    await call.step(`apply.${address}`);
    const failure = place.takeFailure(`apply.${address}`);
    if (failure !== undefined) {
      stream.hook("errored", address, action);
      return failure;
    }
    if (action === "delete") {
      remove(call, before);
      resources.delete(address);
    } else if (desired !== undefined) {
      const id = action === "update" ? before?.values["id"] : idOf(call, address, desired.values);
      const values = { ...(action === "update" ? before?.values : {}), ...desired.values, id };
      bring(call, address, values);
      place.drifted.delete(address);
      resources.set(address, { address, values, sensitive: desired.sensitive ?? [] });
    }
    stream.hook("complete", address, action);
  }
  return undefined;
}

type Values = Readonly<Record<string, unknown>>;

function idOf({ place }: Call, address: string, values: Values): string {
  return isGroup(address) ? groupId(String(values["name"])) : place.nextId();
}

/** The provider writes all tags of a group, as the plan has them. */
function bring({ place }: Call, address: string, values: Values): void {
  if (!isGroup(address)) return;
  place.groups.add(String(values["name"]), (values["tags"] ?? {}) as Readonly<Record<string, string>>);
}

function remove({ place }: Call, before: StoredResource | undefined): void {
  const name = String(before?.values["name"]);
  if (before === undefined || !isGroup(before.address) || place.groups.immortal.has(name)) return;
  place.groups.all.delete(name);
}

function isGroup(address: string): boolean {
  return address.startsWith("azurerm_resource_group.");
}
