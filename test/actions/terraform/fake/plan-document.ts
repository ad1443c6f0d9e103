import { isDeepStrictEqual } from "node:util";
import type { Configuration, Desired, Variables } from "./configuration.ts";
import { providerOf, type State, type StoredOutput, type StoredResource, splitAddress, typeOf } from "./state.ts";

export interface PlanParts {
  readonly configuration: Configuration;
  readonly variables: Variables;
  /** As it was read from the backend. */
  readonly state: State | undefined;
  /** The same with what the world looks like now. */
  readonly refreshed: readonly StoredResource[];
  readonly destroy: boolean;
  readonly targets: readonly string[];
  readonly replace: readonly string[];
  readonly errored: boolean;
  readonly now: Date;
}

export interface PlannedResource {
  readonly address: string;
  readonly actions: readonly string[];
  readonly reason: string | undefined;
  readonly before: StoredResource | undefined;
  readonly desired: Desired | undefined;
}

/** What becomes of each resource. */
export function planResources(parts: PlanParts): readonly PlannedResource[] {
  const { configuration, variables, refreshed, destroy, targets, replace } = parts;
  const wanted = destroy ? [] : configuration.resources(variables);
  const isTarget = (address: string): boolean => targets.length === 0 || targets.includes(address);
  const gone = refreshed.filter(({ address }) => !wanted.some((one) => one.address === address));
  const planned = [
    ...wanted.map((desired): PlannedResource => {
      const before = refreshed.find(({ address }) => address === desired.address);
      const settled = settle(desired, before);
      return { address: desired.address, before, desired: settled, ...decide(settled, before, replace) };
    }),
    ...gone.map((before): PlannedResource => {
      const reason = destroy ? undefined : "delete_because_no_resource_config";
      return { address: before.address, before, desired: undefined, actions: ["delete"], reason };
    }),
  ];
  return planned.filter(({ address }) => isTarget(address)).toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

function settle(desired: Desired, before: StoredResource | undefined): Desired {
  const tags = desired.values["tags"];
  const live = (before?.values["tags"] as Readonly<Record<string, string>> | undefined)?.["expires-at"];
  if (desired.ignoresExpiry !== true || live === undefined) return desired;
  return { ...desired, values: { ...desired.values, tags: { ...(tags as object), "expires-at": live } } };
}

function decide(
  { address, values, forcesNew = [] }: Desired,
  before: StoredResource | undefined,
  replace: readonly string[],
): Pick<PlannedResource, "actions" | "reason"> {
  if (before === undefined) return { actions: ["create"], reason: undefined };
  const changed = Object.keys(values).filter((name) => !isDeepStrictEqual(values[name], before.values[name]));
  const again = ["delete", "create"];
  if (before.tainted === true) return { actions: again, reason: "replace_because_tainted" };
  if (replace.includes(address)) return { actions: again, reason: "replace_by_request" };
  if (changed.some((name) => forcesNew.includes(name))) {
    return { actions: again, reason: "replace_because_cannot_update" };
  }
  return { actions: [changed.length === 0 ? "no-op" : "update"], reason: undefined };
}

export function listOutputs({ configuration, variables, destroy }: PlanParts): Readonly<Record<string, StoredOutput>> {
  return destroy ? {} : (configuration.outputs?.(variables) ?? {});
}

/** What `terraform show -json` says of the plan, in the form of fixtures/*.plan.json. */
export function renderPlan(parts: PlanParts, planned: readonly PlannedResource[]): string {
  const { configuration, variables, state, refreshed, errored, now } = parts;
  const outputs = listOutputs(parts);
  const changes = planned.map(describe);
  const outputChanges = describeOutputs(state?.outputs ?? {}, outputs);
  const acts =
    planned.some(({ actions }) => actions[0] !== "no-op") ||
    Object.values(outputChanges).some(({ actions }) => actions[0] !== "no-op");
  // Seen with terraform 1.11.4 and azurerm: a plan to destroy tells of no drift, not even of what is gone.
  const drift = parts.destroy ? [] : (state?.resources ?? []).flatMap((was) => describeDrift(was, refreshed));
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }])),
    planned_values: {
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, one]) => [name, showOutput(one)])),
      root_module: {
        resources: planned.flatMap(({ desired }) => (desired === undefined ? [] : [showValues(desired)])),
      },
    },
    ...(drift.length > 0 ? { resource_drift: drift } : {}),
    resource_changes: changes,
    output_changes: outputChanges,
    prior_state: {
      format_version: "1.0",
      terraform_version: "1.11.4",
      values: {
        outputs: Object.fromEntries(Object.entries(state?.outputs ?? {}).map(([name, one]) => [name, showOutput(one)])),
        root_module: refreshed.length === 0 ? {} : { resources: refreshed.map(showValues) },
      },
    },
    configuration: {
      root_module: {
        variables: Object.fromEntries(
          Object.entries(configuration.variables ?? {}).map(([name, { sensitive, ...one }]) => [
            name,
            { ...("default" in one ? { default: one.default } : {}), ...(sensitive ? { sensitive } : {}) },
          ]),
        ),
      },
    },
    timestamp: `${now.toISOString().slice(0, 19)}Z`,
    applyable: acts && !errored,
    complete: parts.targets.length === 0 && !errored,
    errored,
  });
}

function describe({ address, actions, reason, before, desired }: PlannedResource) {
  const known = actions[0] === "update" || actions[0] === "no-op";
  const after = desired && { ...(known ? before?.values : {}), ...desired.values };
  return {
    ...head(address),
    change: {
      actions,
      before: before?.values ?? null,
      after: after ?? null,
      after_unknown: desired !== undefined && !known ? { id: true } : {},
      before_sensitive: before === undefined ? false : marks(before.sensitive),
      after_sensitive: desired === undefined ? false : marks(desired.sensitive ?? []),
    },
    ...(reason === undefined ? {} : { action_reason: reason }),
  };
}

function describeDrift(was: StoredResource, refreshed: readonly StoredResource[]): readonly object[] {
  const is = refreshed.find(({ address }) => address === was.address);
  if (is !== undefined && isDeepStrictEqual(is.values, was.values)) return [];
  const change = {
    actions: [is === undefined ? "delete" : "update"],
    before: was.values,
    after: is?.values ?? null,
    after_unknown: {},
    before_sensitive: marks(was.sensitive),
    after_sensitive: is === undefined ? false : marks(is.sensitive),
  };
  return [{ ...head(was.address), change }];
}

function describeOutputs(was: State["outputs"], is: State["outputs"]) {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const [before, after] = [was[name], is[name]];
      const same = before !== undefined && after !== undefined && isDeepStrictEqual(before.value, after.value);
      const action = before === undefined ? "create" : after === undefined ? "delete" : same ? "no-op" : "update";
      const sensitive = (after ?? before)?.sensitive === true;
      const change = { actions: [action], before: before?.value ?? null, after: after?.value ?? null };
      return [name, { ...change, after_unknown: false, before_sensitive: sensitive, after_sensitive: sensitive }];
    }),
  );
}

function head(address: string) {
  const { type, name } = splitAddress(address);
  return { address, mode: "managed", type, name, provider_name: providerOf(type) };
}

function showValues({ address, values, sensitive = [] }: Pick<Desired, "address" | "values" | "sensitive">) {
  return { ...head(address), schema_version: 0, values, sensitive_values: marks(sensitive) };
}

function showOutput({ value, sensitive }: StoredOutput) {
  return { sensitive: sensitive === true, type: typeOf(value), value };
}

function marks(names: readonly string[]): Readonly<Record<string, true>> {
  return Object.fromEntries(names.map((name) => [name, true as const]));
}
