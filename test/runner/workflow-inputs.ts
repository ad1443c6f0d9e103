import { type Contexts, evaluateTree } from "./expressions.ts";
import { asMap, type YamlMap } from "./yaml-step.ts";

type InputValue = string | number | boolean;

const emptyValues: Readonly<Record<string, InputValue>> = { boolean: false, number: 0 };

/**
 * The `inputs` context of a run with this trigger: given values, then defaults, then the type's empty value. Throws
 * for what GitHub refuses at start-up: an unknown input, a missing required one, a value of another type. A trigger
 * without inputs (schedule) has an empty context.
 */
export function completeInputs(
  trigger: string,
  declarations: YamlMap,
  given: Readonly<Record<string, unknown>>,
  contexts: Contexts,
): Readonly<Record<string, InputValue>> {
  const inputs: Record<string, InputValue> = {};
  for (const name of Object.keys(given)) {
    if (!(name in declarations)) throw new Error(`Invalid input, ${name} is not defined for ${trigger}.`);
  }
  for (const [name, value] of Object.entries(declarations)) {
    const declaration = asMap(value, `inputs.${name}`);
    const type = String(declaration["type"] ?? "string");
    const chosen = given[name] ?? evaluateTree(declaration["default"], { ...contexts, inputs });
    if (chosen === undefined && declaration["required"] === true) {
      throw new Error(`Input ${name} is required, but not provided while calling.`);
    }
    inputs[name] = typed(name, type, chosen ?? emptyValues[type] ?? "", trigger);
  }
  return inputs;
}

function typed(name: string, type: string, value: unknown, trigger: string): InputValue {
  const wanted = type === "boolean" || type === "number" ? type : "string";
  // A form and the API deliver texts; a calling workflow must deliver the type.
  const converted =
    trigger === "workflow_dispatch" && typeof value === "string" && wanted !== "string" ? JSON.parse(value) : value;
  if (typeof converted !== wanted) {
    throw new Error(`The template is not valid. Unexpected value '${value}' for input ${name}: expected ${type}.`);
  }
  return converted;
}
