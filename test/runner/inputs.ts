import type { ResolvedAction } from "./action-source.ts";
import { interpolate } from "./expressions.ts";
import { defaultContexts, type Frame, stepContexts } from "./job-run.ts";
import { addIssue } from "./stage-record.ts";

/**
 * The inputs of an action: what the step gives, and for every other declared input its evaluated default or "".
 * Warns of inputs that are not declared and of deprecated ones, in the runner's words.
 */
export function evaluateInputs(frame: Frame, action: ResolvedAction): Record<string, string> {
  const { inputs: declared } = action.manifest;
  const contexts = stepContexts(frame);
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(frame.step.with ?? {})) {
    inputs[name] = interpolate(String(value), contexts);
  }
  const given = Object.keys(inputs);
  const same = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase();
  for (const name of given) {
    const declaredName = Object.keys(declared).find(same(name)) ?? "";
    const message = declared[declaredName]?.deprecationMessage;
    if (message !== undefined) {
      addIssue(frame.record, "warning", `Input '${name}' has been deprecated with message: ${message}`);
    }
  }
  for (const [name, declaration] of Object.entries(declared)) {
    if (!given.some(same(name))) inputs[name] = interpolate(declaration.default, defaultContexts(frame));
  }
  const unexpected = given.filter((name) => !Object.keys(declared).some(same(name)));
  if (unexpected.length > 0) {
    const valid = Object.keys(declared).join("', '");
    addIssue(
      frame.record,
      "warning",
      `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`,
    );
  }
  return inputs;
}

/** The variable of an input: blanks become `_`, letters upper case; hyphens and dots stay (Handler.cs). */
export const inputVariable = (name: string): string => `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
