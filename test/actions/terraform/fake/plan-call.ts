import { type Call, openBackend, readVariables, refresh, valuesOf, withLock } from "./calls.ts";
import type { Variables } from "./configuration.ts";
import { type PlannedResource, type PlanParts, planResources, renderPlan } from "./plan-document.ts";
import type { State } from "./state.ts";

/** What our plan files hold: as terraform's, all in clear. */
export interface PlanFile {
  readonly document: string;
  readonly planned: readonly PlannedResource[];
  readonly outputs: State["outputs"];
  readonly serial: number;
  readonly lineage: string;
  readonly errored: boolean;
  readonly variables: Variables;
}

export async function callPlan(call: Call): Promise<number> {
  const { stream, place, process } = call;
  stream.version();
  const backend = openBackend(call);
  const done = await withLock(call, backend, "OperationTypePlan", async () => {
    const variables = readVariables(call);
    if (variables === undefined) return 1;
    const state = await backend.read();
    await call.step("plan.refresh");
    const failure = place.takeFailure("plan");
    if (failure !== undefined) stream.diagnostic(failure);
    if (process.interrupts > 0) stream.diagnostic({ summary: "execution halted" });
    const errored = (failure !== undefined && failure.severity !== "warning") || process.interrupts > 0;
    const parts: PlanParts = {
      configuration: place.configuration(),
      variables,
      state,
      refreshed: refresh(call, state?.resources),
      destroy: call.flags.includes("-destroy"),
      targets: valuesOf(call, "target"),
      replace: valuesOf(call, "replace"),
      errored,
      now: new Date(place.clock.now()),
    };
    const planned = planResources(parts);
    for (const one of planned) stream.planned(one);
    if (!errored) stream.summary("plan", count(planned));
    const file: PlanFile = {
      document: renderPlan(parts, planned),
      planned,
      outputs: parts.destroy ? {} : (parts.configuration.outputs?.(variables) ?? {}),
      serial: state?.serial ?? 0,
      lineage: state?.lineage ?? "",
      errored,
      variables,
    };
    // The file of a failed plan is written all the same.
    for (const path of valuesOf(call, "out")) call.files.put(path, JSON.stringify(file));
    return errored ? 1 : 0;
  });
  return done ?? 1;
}

export function count(planned: readonly PlannedResource[]) {
  const of = (wanted: string): number => planned.filter(({ actions }) => actions.includes(wanted)).length;
  return { add: of("create"), change: of("update"), remove: of("delete") };
}

/** Undefined when it is none. */
export function readPlanFile({ files }: Call, path: string): PlanFile | undefined {
  const text = files.all.get(path)?.toString("utf8");
  try {
    return text === undefined ? undefined : (JSON.parse(text) as PlanFile);
  } catch {
    return undefined;
  }
}
