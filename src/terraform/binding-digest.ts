import { createHash } from "node:crypto";
import { fieldOf, isList, isObject, type Json, parseExactJson, renderCanonicalJson } from "./exact-json.ts";
import type { PlanBinding } from "./plan-binding.ts";
import { type Parsed, refuse } from "./problem.ts";

/** What each field of a binding is called, in the order in which people ask. */
const WORDS: Readonly<Record<keyof PlanBinding, string>> = {
  repositoryId: "repository",
  headSha: "commit",
  directory: "directory",
  backend: "place of the state",
  workspace: "workspace",
  product: "tool",
  version: "version of the tool",
  lockFile: ".terraform.lock.hcl",
  variables: "variables",
  options: "targets and replacements",
  plan: "plan file",
};
const FIELDS = Object.keys(WORDS) as readonly (keyof PlanBinding)[];

/** A field in which an approved plan and the present run differ. */
export interface BindingDifference {
  /** In words. */
  readonly field: string;
  readonly approved: string;
  readonly now: string;
}

/** SHA-256 of a binding, hex: what an approval names. */
export function digestBinding(binding: PlanBinding): string {
  return createHash("sha256").update(renderBinding(binding)).digest("hex");
}

/** A binding as it is stored: always the same text for the same binding. */
export function renderBinding(binding: PlanBinding): string {
  return renderCanonicalJson(pick(binding));
}

/** What `renderBinding` wrote. Problems have the code `plan-binding-unreadable`. */
export function readBinding(text: string): Parsed<PlanBinding> {
  const json = parse(text);
  const bad = FIELDS.filter((field) => !isFit(field, fieldOf(json, field)));
  if (isObject(json) && bad.length === 0) return { value: pick(json as unknown as PlanBinding) };
  const what = isObject(json) ? `has no ${bad.map((field) => WORDS[field]).join(", no ")}` : "is no JSON object";
  return refuse("plan-binding-unreadable", `The note of what the approved plan was made for ${what}. Plan again.`);
}

/** All fields in which two bindings differ; none when the approved plan may be applied. */
export function compareBindings(approved: PlanBinding, now: PlanBinding): readonly BindingDifference[] {
  return FIELDS.filter((field) => renderCanonicalJson(approved[field]) !== renderCanonicalJson(now[field])).map(
    (field) => ({
      field: WORDS[field],
      approved: describe(approved[field]),
      now: describe(now[field]),
    }),
  );
}

function parse(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function isFit(field: keyof PlanBinding, value: Json | undefined): boolean {
  if (field !== "options") return typeof value === "string";
  return isList(value) && value.every((one) => typeof one === "string");
}

/** The known fields and no others. */
function pick(binding: PlanBinding): PlanBinding & { readonly [name: string]: Json } {
  return Object.fromEntries(FIELDS.map((field) => [field, binding[field]])) as unknown as PlanBinding & {
    readonly [name: string]: Json;
  };
}

/** Hashes are cut to what people compare. */
function describe(value: string | readonly string[]): string {
  const text = typeof value === "string" ? value : value.join(" ");
  if (text === "") return "none";
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}
