import { UserError } from "../../kit/user-error.ts";
import { isMaskable } from "../../terraform/sensitive-values.ts";
import type { OutputValue } from "../../terraform/stream-event.ts";
import { explainOutput } from "./json-call.ts";
import { listLeaves } from "./request.ts";
import type { Session } from "./session.ts";

/** The outputs that stand in the state. Values that are sensitive are masked, and not returned. */
export async function readOutputs({ tool, world }: Session): Promise<Readonly<Record<string, OutputValue>>> {
  const done = await tool.run({ name: "output", parameters: ["output", "-json"] });
  if (done.exitCode !== 0) throw explainOutput("output", done, world);
  const found = JSON.parse(done.stdout) as Readonly<Record<string, OutputValue>>;
  return Object.fromEntries(
    Object.entries(found).map(([name, { sensitive, value }]) => {
      if (sensitive) for (const leaf of listLeaves(value)) if (isMaskable(leaf)) world.mask(leaf);
      return [name, { sensitive, value: sensitive ? undefined : value }];
    }),
  );
}

/** The outputs that are shown, as one JSON text: `fromJSON(…).ports[0]` is what a workflow reads of it. */
export function renderOutputsJson(outputs: Readonly<Record<string, OutputValue>>): string {
  const shown = Object.entries(outputs).filter(([, { sensitive }]) => !sensitive);
  return JSON.stringify(Object.fromEntries(shown.map(([name, { value }]) => [name, value ?? null])));
}

/** The outputs that are shown, as texts: strings as they are, anything else as JSON. */
export function renderOutputs(outputs: Readonly<Record<string, OutputValue>>): Readonly<Record<string, string>> {
  const shown = Object.entries(outputs).filter(([, { sensitive }]) => !sensitive);
  return Object.fromEntries(
    shown.map(([name, { value }]) => [name, typeof value === "string" ? value : JSON.stringify(value ?? null)]),
  );
}

/**
 * Looks before an apply whether the configuration has the outputs that later steps wait for.
 *
 * @throws UserError `output-sensitive`, `output-missing`
 */
export function requireDeclared({ request, module }: Pick<Session, "request" | "module">): void {
  const declared = module.configuration.outputs.map(({ name, sensitive }) => [name, { sensitive }] as const);
  checkNames(request.outputs, Object.fromEntries(declared), "the configuration");
}

/**
 * The outputs that become outputs of the step.
 *
 * @throws UserError `output-sensitive`, `output-missing`
 */
export function pickOutputs(
  names: readonly string[],
  outputs: Readonly<Record<string, OutputValue>>,
): Readonly<Record<string, string>> {
  checkNames(names, outputs, "the state");
  const rendered = renderOutputs(outputs);
  return Object.fromEntries(names.map((name) => [name, rendered[name] ?? ""]));
}

/** An output that a later step waits for is not left out in silence. */
function checkNames(
  names: readonly string[],
  known: Readonly<Record<string, Pick<OutputValue, "sensitive">>>,
  place: string,
): void {
  const sensitive = names.filter((name) => known[name]?.sensitive === true);
  if (sensitive.length > 0) {
    const text = `outputs: ${sensitive.join(", ")} is sensitive, and an output of a step is for everybody who reads the run.\nTo do: take it from outputs, and read it where it is needed (a key vault).`;
    throw new UserError("output-sensitive", text);
  }
  const missing = names.filter((name) => !Object.hasOwn(known, name));
  if (missing.length > 0) {
    const open = Object.keys(known).filter((name) => known[name]?.sensitive === false);
    const text = `outputs: ${place} has no output ${missing.join(", ")}. There are: ${open.join(", ") || "none"}.`;
    throw new UserError("output-missing", text);
  }
}
