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

/** @throws UserError `output-sensitive`, `output-missing`: an output that a later step waits for is not left out in silence */
export function pickOutputs(
  names: readonly string[],
  outputs: Readonly<Record<string, OutputValue>>,
): Readonly<Record<string, string>> {
  const rendered = renderOutputs(outputs);
  const sensitive = names.filter((name) => outputs[name]?.sensitive === true);
  if (sensitive.length > 0) {
    const text = `outputs: ${sensitive.join(", ")} is sensitive, and an output of a step is for everybody who reads the run.\nTo do: take it from outputs, and read it where it is needed (a key vault).`;
    throw new UserError("output-sensitive", text);
  }
  const missing = names.filter((name) => !(name in rendered));
  if (missing.length > 0) {
    const there = Object.keys(rendered).join(", ") || "none";
    throw new UserError(
      "output-missing",
      `outputs: the state has no output ${missing.join(", ")}. There are: ${there}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, rendered[name] ?? ""]));
}
