import type { InputsOf } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import type { SmokeOrder } from "../smoke/smoke-order.ts";
import { listVariableFaults } from "../smoke/variable-names.ts";
import type { spec } from "./spec.ts";

export type Inputs = InputsOf<typeof spec>;

/**
 * What is asked for, once it is known to make sense.
 *
 * @param contextNamespace for who names none; undefined where there is no cluster
 * @throws UserError `bad-input` that names every problem at once
 */
export function readOrder(inputs: Inputs, contextNamespace: string | undefined): SmokeOrder {
  const problems = [...listVariableFaults(inputs.variables, "variables")];
  const terraform = readOutputs(inputs.terraformOutputs, problems);
  if (inputs.onFailure === "rollback" && inputs.release === undefined) {
    problems.push("release: expected the release that goes back, with on-failure: rollback, got nothing");
  }
  const both = inputs.only.filter((tag) => inputs.skip.includes(tag));
  if (both.length > 0) problems.push(`skip: expected other tags than in only, got ${both.join(", ")}`);
  if (problems.length > 0) throw new UserError("bad-input", problems.join("\n"));
  return {
    spec: inputs.spec,
    namespace: inputs.namespace ?? contextNamespace ?? "default",
    release: inputs.release,
    variables: inputs.variables,
    terraform,
    only: inputs.only,
    skip: inputs.skip,
    timeoutMs: inputs.timeout,
    checkTimeoutMs: inputs.checkTimeout,
    failFast: inputs.failFast,
  };
}

function readOutputs(text: string | undefined, problems: string[]): SmokeOrder["terraform"] {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, as for any other text.
  }
  problems.push(
    "terraform-outputs: expected a JSON object, as the output outputs of the action terraform gives it (${{ steps.<id>.outputs.outputs }})",
  );
  return undefined;
}
