import { entriesOf, fieldOf, isNumber, isObject, type Json, textOf } from "./exact-json.ts";
import { type Hide, hideKeys } from "./hide-values.ts";
import type { PlannedGroup } from "./plan-facts.ts";
import { isMarked, markBelow, type PlannedChange } from "./planned-change.ts";

/**
 * The resource group that a change is about; undefined when it is about something else. azapi names the type among the
 * values: `Microsoft.Resources/resourceGroups@2024-03-01`.
 *
 * What is not known before the apply, or sensitive, is left out: nobody may rely on it.
 */
export function readPlannedGroup(change: PlannedChange, hide: Hide): PlannedGroup | undefined {
  if (!change.managed || change.deposed !== undefined || !isGroup(change)) return undefined;
  const gone = change.kind === "delete" || change.kind === "forget";
  const side: Side = gone
    ? { value: change.before, unknown: undefined, hidden: change.hiddenBefore }
    : { value: change.after, unknown: change.unknown, hidden: change.hiddenAfter };
  return {
    address: hideKeys(change.address, hide),
    kind: change.kind,
    name: readText(side, "name", hide),
    // What is replaced has still its old id where the new one is not known.
    id: readText({ value: change.before, unknown: undefined, hidden: change.hiddenBefore }, "id", hide),
    ...readTags(side, hide),
  };
}

interface Side {
  readonly value: Json | undefined;
  readonly unknown: Json | undefined;
  readonly hidden: Json | undefined;
}

function isGroup({ type, before, after }: PlannedChange): boolean {
  if (type === "azurerm_resource_group") return true;
  const named = textOf(after, "type") ?? textOf(before, "type") ?? "";
  return /^azapi_/.test(type) && /^microsoft\.resources\/resourcegroups(@|$)/i.test(named);
}

function readText({ value, hidden }: Side, name: string, hide: Hide): string | undefined {
  const text = textOf(value, name);
  if (text === undefined || isMarked(markBelow(hidden, name)) || hide.hide(text) !== text) return undefined;
  return text;
}

function readTags(side: Side, hide: Hide): Pick<PlannedGroup, "tags" | "unknownTags"> {
  const [unknown, hidden] = [markBelow(side.unknown, "tags"), markBelow(side.hidden, "tags")];
  if (unknown === true || hidden === true) return { tags: undefined, unknownTags: [] };
  const tags: [string, string][] = [];
  const unknownTags = entriesOf(unknown).flatMap(([name, mark]) => (mark === true ? [hide.hide(name)] : []));
  for (const [name, value] of entriesOf(fieldOf(side.value, "tags"))) {
    const text = typeof value === "string" ? value : isNumber(value) ? JSON.stringify(value) : undefined;
    if (text === undefined || isObject(value)) continue;
    if (isMarked(markBelow(hidden, name)) || hide.hide(text) !== text) unknownTags.push(hide.hide(name));
    else tags.push([hide.hide(name), text]);
  }
  return { tags: Object.fromEntries(tags), unknownTags };
}
