import type { Step } from "./job.ts";

/** A mapping as YAML gives it. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** The value as a mapping, or an empty one for what is absent. */
export function asMap(value: unknown, what: string): YamlMap {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Error(`${what} is not a mapping`);
  return value as YamlMap;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** A mapping of scalars; null counts as the empty text, as in a workflow file. */
export function asScalars(value: unknown, what: string): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(asMap(value, what)).map(([key, item]) => {
      if (item !== null && !isScalar(item)) throw new Error(`${what}.${key} is not a text, number or boolean`);
      return [key, item ?? ""];
    }),
  );
}

/** Steps as workflow files and composite actions write them, with kebab-case keys. */
export function parseSteps(value: unknown, what: string): readonly Step[] {
  if (!Array.isArray(value)) throw new Error(`${what} is not a list of steps`);
  return value.map((item, at) => parseStep(asMap(item, `${what}[${at}]`), `${what}[${at}]`));
}

/** Keys of a workflow step with the name each has in `Step`. */
const textKeys = {
  id: "id",
  name: "name",
  uses: "uses",
  run: "run",
  shell: "shell",
  "working-directory": "workingDirectory",
} as const;
const looseKeys = { if: "if", "continue-on-error": "continueOnError", "timeout-minutes": "timeoutMinutes" } as const;

function parseStep(map: YamlMap, what: string): Step {
  const step: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map)) {
    if (key in textKeys) step[textKeys[key as keyof typeof textKeys]] = String(value);
    else if (key in looseKeys) step[looseKeys[key as keyof typeof looseKeys]] = value;
    else if (key === "with" || key === "env") step[key] = asScalars(value, `${what}.${key}`);
    else throw new Error(`${what}: "${key}" is not supported by this runner harness`);
  }
  if ((step["uses"] === undefined) === (step["run"] === undefined)) {
    throw new Error(`${what} needs either "uses" or "run"`);
  }
  return step;
}
