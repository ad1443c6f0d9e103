import { entriesOf, fieldOf, isList, isNumber, isObject, type Json, listOf, parseExactJson } from "./exact-json.ts";
import { readLiteral } from "./hcl/literal.ts";
import { listTokens } from "./hcl/tokens.ts";
import { type Parsed, refuse } from "./problem.ts";

/** The values that must be masked before anything of a plan or a state is printed. */
export interface SensitiveValues {
  readonly values: readonly string[];
  /** How many are too short to be masked: covering them would blank out ordinary words. They are hidden by their place. */
  readonly unmaskable: number;
}

const SHORTEST = 4;
/** Words that stand everywhere: covering them would hide more than it keeps. */
const COMMON = new Set(["true", "false", "null"]);

/**
 * All sensitive values in what `terraform show -json <plan>` says, leaf by leaf: of resources, their drift, outputs, and
 * of the variables that the root module declares as sensitive. Problems have the code `plan-unreadable`.
 */
export function listSensitiveValues(planJson: string): Parsed<SensitiveValues> {
  try {
    return { value: collectOfPlan(parseExactJson(planJson)) };
  } catch {
    return refuse("plan-unreadable", 'What "terraform show -json" says of the plan is no JSON.');
  }
}

/** The same of what `terraform show -json` says of a state. Problems have the code `state-unreadable`. */
export function listSensitiveInState(stateJson: string): Parsed<SensitiveValues> {
  try {
    const found = new Set<string>();
    const values = fieldOf(parseExactJson(stateJson), "values");
    collectOfValues(values, found);
    return { value: splitMaskable(found) };
  } catch {
    return refuse("state-unreadable", 'What "terraform show -json" says of the state is no JSON.');
  }
}

/** The same of a plan that has been parsed. */
export function collectOfPlan(plan: Json): SensitiveValues {
  const found = new Set<string>();
  const changes = [...listOf(plan, "resource_changes"), ...listOf(plan, "resource_drift")];
  const outputs = entriesOf(fieldOf(plan, "output_changes")).map(([, change]) => change);
  for (const change of [...changes.map((one) => fieldOf(one, "change")), ...outputs]) {
    collect(fieldOf(change, "before"), fieldOf(change, "before_sensitive"), found);
    collect(fieldOf(change, "after"), fieldOf(change, "after_sensitive"), found);
  }
  collectOfValues(fieldOf(plan, "planned_values"), found);
  collectOfValues(fieldOf(fieldOf(plan, "prior_state"), "values"), found);
  const root = fieldOf(fieldOf(plan, "configuration"), "root_module");
  for (const [name, declared] of entriesOf(fieldOf(root, "variables"))) {
    if (fieldOf(declared, "sensitive") !== true) continue;
    addLeaves(fieldOf(fieldOf(fieldOf(plan, "variables"), name), "value"), found);
    addLeaves(fieldOf(declared, "default"), found);
  }
  return splitMaskable(found);
}

function collectOfValues(values: Json | undefined, found: Set<string>): void {
  for (const [, output] of entriesOf(fieldOf(values, "outputs"))) {
    if (fieldOf(output, "sensitive") === true) addLeaves(fieldOf(output, "value"), found);
  }
  collectOfModule(fieldOf(values, "root_module"), found);
}

function collectOfModule(module: Json | undefined, found: Set<string>): void {
  for (const resource of listOf(module, "resources")) {
    collect(fieldOf(resource, "values"), fieldOf(resource, "sensitive_values"), found);
  }
  for (const child of listOf(module, "child_modules")) collectOfModule(child, found);
}

/** Where a tree of marks says true, everything below is sensitive. */
function collect(value: Json | undefined, mark: Json | undefined, found: Set<string>): void {
  if (mark === true) addLeaves(value, found);
  else if (isList(mark)) for (const [index, one] of mark.entries()) collect(elementOf(value, index), one, found);
  else for (const [name, one] of entriesOf(mark)) collect(fieldOf(value, name), one, found);
}

function elementOf(value: Json | undefined, index: number): Json | undefined {
  return isList(value) ? value[index] : undefined;
}

/** Every text and number in a value, as texts. */
function addLeaves(value: Json | undefined, found: Set<string>): void {
  if (isList(value)) for (const one of value) addLeaves(one, found);
  else if (isObject(value)) for (const one of Object.values(value)) addLeaves(one, found);
  else if (isNumber(value)) found.add(JSON.stringify(value));
  else if (typeof value === "string" && value !== "") addText(value, found);
  else if (typeof value === "boolean") found.add(String(value));
}

/** A variable that came as text (`TF_VAR_…`) may hold an object or a list: its parts are as sensitive as the whole. */
function addText(text: string, found: Set<string>): void {
  found.add(text);
  if (!/^\s*[{[]/.test(text)) return;
  try {
    addLeaves(parseExactJson(text), found);
  } catch {
    addLeaves(readLiteral(listTokens(text)), found);
  }
}

/** The same of a single value that is sensitive as a whole, as a variable's before there is any plan. */
export function listSensitiveLeaves(value: Json): SensitiveValues {
  const found = new Set<string>();
  addLeaves(value, found);
  return splitMaskable(found);
}

function splitMaskable(found: ReadonlySet<string>): SensitiveValues {
  const values = [...found].filter(isMaskable);
  return { values, unmaskable: found.size - values.length };
}

/** Whether covering a text hides more than it blanks out. */
export function isMaskable(text: string): boolean {
  const bare = text.trim();
  const length = /^-?[\d.]+$/.test(bare) ? bare.replace(/\D/g, "").length : bare.length;
  return length >= SHORTEST && !COMMON.has(bare.toLowerCase());
}
