import { entriesOf, fieldOf, isList, isObject, type Json, listOf, textOf } from "./exact-json.ts";
import { isMarked, type PlannedChange } from "./planned-change.ts";

/**
 * What a plan does and does not show, so that two plans which look alike may differ in it: commands of provisioners,
 * values that the configuration computes only during the apply (an expression's functions stand in no plan), and settings
 * of providers that are computed. Texts for people: `terraform_data.app: its provisioners`.
 */
export function listUnseen(plan: Json, changes: readonly PlannedChange[]): readonly string[] {
  const configuration = fieldOf(plan, "configuration");
  const known = new Map<string, Json>();
  collect(fieldOf(configuration, "root_module"), "", known);
  const resources = changes.flatMap((change) => {
    const { address, kind } = change;
    const resource = known.get(withoutKeys(address));
    if (kind === "no-op" || kind === "forget" || resource === undefined) return [];
    const runs = kind !== "read" && kind !== "update" && listOf(resource, "provisioners").length > 0;
    const expressions = fieldOf(resource, "expressions");
    const later = entriesOf(change.unknown).flatMap(([name, mark]) =>
      isMarked(mark) && fieldOf(expressions, name) !== undefined ? [`${address}: ${name}`] : [],
    );
    return [...(runs ? [`${address}: its provisioners`] : []), ...later];
  });
  const providers = entriesOf(fieldOf(configuration, "provider_config")).flatMap(([name, provider]) =>
    entriesOf(fieldOf(provider, "expressions")).flatMap(([setting, one]) =>
      hasReferences(one) ? [`provider ${name}: ${setting}`] : [],
    ),
  );
  return [...resources, ...providers];
}

/** The resources of a module and those below it, by the addresses that they have without keys. */
function collect(module: Json | undefined, prefix: string, known: Map<string, Json>): void {
  for (const resource of listOf(module, "resources")) known.set(`${prefix}${textOf(resource, "address")}`, resource);
  for (const [name, call] of entriesOf(fieldOf(module, "module_calls"))) {
    collect(fieldOf(call, "module"), `${prefix}module.${name}.`, known);
  }
}

/** `module.a["x"].b.c[0]` as the configuration knows it: `module.a.b.c`. */
function withoutKeys(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}

function hasReferences(value: Json | undefined): boolean {
  if (isList(value)) return value.some(hasReferences);
  if (!isObject(value)) return false;
  return "references" in value || Object.values(value).some(hasReferences);
}
