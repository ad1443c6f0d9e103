import { entriesOf, fieldOf, isList, type Json, listOf, textOf } from "./exact-json.ts";
import type { ChangeKind } from "./plan-facts.ts";

/** What the plan does to one object, with its values: they may be sensitive. */
export interface PlannedValue {
  readonly kind: ChangeKind;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Trees of marks: true says it of all below. */
  readonly unknown: Json | undefined;
  readonly hiddenBefore: Json | undefined;
  readonly hiddenAfter: Json | undefined;
}

/** What the plan does to one resource, with its values: they may be sensitive. */
export interface PlannedChange extends PlannedValue {
  readonly address: string;
  readonly previousAddress: string | undefined;
  /** The key of an object that was left behind when a replacement failed. */
  readonly deposed: string | undefined;
  readonly type: string;
  readonly managed: boolean;
  readonly createsFirst: boolean;
  /** Whether the old object is only forgotten, not deleted. */
  readonly forgets: boolean;
  readonly reason: string | undefined;
  readonly importing: Json | undefined;
  /** Where the values are that force a replacement. */
  readonly replacePaths: readonly (readonly Json[])[];
}

/** Thrown for an action that nobody here knows: it may be one that deletes. */
export class UnknownAction extends Error {
  override readonly name = "UnknownAction";
}

/** What terraform's lists of actions mean (https://developer.hashicorp.com/terraform/internals/json-format). */
const KINDS: Readonly<Record<string, ChangeKind>> = {
  "no-op": "no-op",
  create: "create",
  read: "read",
  update: "update",
  delete: "delete",
  forget: "forget",
  "delete,create": "replace",
  "create,delete": "replace",
  // The old object is forgotten: tofu with `destroy = false`, newer terraform.
  "create,forget": "replace",
  "forget,create": "replace",
};

/** One of `resource_changes` or `resource_drift`. Throws `UnknownAction`. */
export function readPlannedChange(json: Json): PlannedChange {
  const change = fieldOf(json, "change");
  const actions = listOf(change, "actions");
  const address = textOf(json, "address") ?? "";
  const previous = textOf(json, "previous_address");
  return {
    ...readPlannedValue(address, change),
    address,
    previousAddress: previous === address ? undefined : previous,
    deposed: textOf(json, "deposed"),
    type: textOf(json, "type") ?? "",
    managed: textOf(json, "mode") !== "data",
    createsFirst: actions[0] === "create" && actions.length > 1,
    forgets: actions.includes("forget"),
    reason: textOf(json, "action_reason"),
    importing: fieldOf(change, "importing") ?? undefined,
    replacePaths: listOf(change, "replace_paths").filter(isList),
  };
}

/** One of `output_changes`, or the part of a resource's change that holds its values. Throws `UnknownAction`. */
export function readPlannedValue(name: string, change: Json | undefined): PlannedValue {
  const actions = listOf(change, "actions").join();
  const kind = Object.hasOwn(KINDS, actions) ? KINDS[actions] : undefined;
  if (kind === undefined) throw new UnknownAction(`the action "${actions}" of ${name}`);
  return {
    kind,
    before: fieldOf(change, "before"),
    after: fieldOf(change, "after"),
    unknown: fieldOf(change, "after_unknown"),
    hiddenBefore: fieldOf(change, "before_sensitive"),
    hiddenAfter: fieldOf(change, "after_sensitive"),
  };
}

/** The part of a tree of marks below a name or an index: what is true of the whole is true of each part. */
export function markBelow(mark: Json | undefined, key: string | number): Json | undefined {
  if (mark === true) return true;
  if (typeof key === "number") return isList(mark) ? mark[key] : undefined;
  return fieldOf(mark, key);
}

/** Whether a mark says true anywhere. */
export function isMarked(mark: Json | undefined): boolean {
  if (isList(mark)) return mark.some(isMarked);
  return mark === true || entriesOf(mark).some(([, one]) => isMarked(one));
}
