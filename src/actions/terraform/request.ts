import type { InputsOf } from "../../kit/define-action.ts";
import { renderDuration } from "../../kit/duration.ts";
import { UserError } from "../../kit/user-error.ts";
import { yamlBlock } from "../../kit/yaml-block.ts";
import { spec } from "./spec.ts";

export type Inputs = InputsOf<typeof spec>;

/** What is asked for, once it is known to make sense. */
export interface Request extends Omit<Inputs, "secretVariables" | "variables"> {
  /** Of both inputs. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly secretValues: readonly string[];
}

/** @throws UserError `bad-input` that names every problem at once, before terraform or anybody is asked. */
export function readRequest(inputs: Inputs): Request {
  const secrets = readSecretVariables(inputs.secretVariables);
  const twice = Object.keys(secrets.values).filter((name) => name in inputs.variables);
  const taken = inputs.outputs.filter((name) => name in spec.outputs);
  const { command } = inputs;
  const problems = [
    ...secrets.problems,
    ...twice.map((name) => `variables: expected each variable once, but "${name}" is in secret-variables, too`),
    ...taken.map((name) => `outputs: expected names that this action does not use itself, got "${name}"`),
    ...only(inputs.planDigest !== undefined && command !== "apply", "plan-digest", "apply"),
    ...only(inputs.planFile !== undefined && command !== "apply", "plan-file", "apply"),
    ...only(inputs.lockId !== undefined && command !== "unlock", "lock-id", "unlock"),
    ...only(inputs.breakLease && command !== "unlock", "break-lease", "unlock"),
    ...(inputs.planFile !== undefined && inputs.planDigest === undefined
      ? ["plan-digest: expected the digest of the approved plan beside plan-file, got nothing"]
      : []),
    ...(inputs.ttl !== undefined && inputs.maxTtl !== undefined && inputs.ttl > inputs.maxTtl
      ? [`ttl: expected no more than max-ttl (${renderDuration(inputs.maxTtl)}), got ${renderDuration(inputs.ttl)}`]
      : []),
    ...(inputs.keepExpiry && inputs.ttl === undefined ? ["ttl: expected a span beside keep-expiry, got nothing"] : []),
    ...(inputs.ttl !== undefined && inputs.environment === undefined
      ? ["environment: expected the environment's name where ttl is given, got nothing"]
      : []),
    ...(inputs.approve !== undefined && inputs.planDigest === undefined && command === "apply"
      ? [
          "plan-digest: expected the digest of the approved plan beside approve, got nothing; an output of another job or step whose name is misspelt is empty, too",
        ]
      : []),
    ...listPlanOptions(inputs),
    ...listDestroyOptions(inputs),
  ];
  if (problems.length > 0) throw new UserError("bad-input", problems.join("\n"));
  const { secretVariables: _, ...rest } = inputs;
  return { ...rest, variables: { ...inputs.variables, ...secrets.values }, secretValues: secrets.leaves };
}

/** An approved plan holds its variables, targets and replaces already: terraform drops or refuses others. */
function listPlanOptions(inputs: Inputs): readonly string[] {
  if (inputs.planDigest === undefined || inputs.approve === "equivalent") return [];
  const given = { targets: inputs.targets, replace: inputs.replace };
  return Object.entries(given).flatMap(([name, values]) =>
    values.length === 0 ? [] : [`${name}: expected nothing beside plan-digest, since the approved plan has its own`],
  );
}

/** A destroy is of all that the state holds: whoever wants less of it changes the configuration, and applies. */
function listDestroyOptions({ command, targets, replace }: Inputs): readonly string[] {
  if (command !== "destroy") return [];
  return Object.entries({ targets, replace }).flatMap(([name, values]) =>
    values.length === 0 ? [] : [`${name}: expected nothing with command: destroy, which takes all`],
  );
}

function only(wrong: boolean, name: string, command: string): readonly string[] {
  return wrong ? [`${name}: expected only with command: ${command}`] : [];
}

interface Secrets {
  readonly values: Readonly<Record<string, unknown>>;
  readonly leaves: readonly string[];
  readonly problems: readonly string[];
}

const NO_SECRETS: Secrets = { values: {}, leaves: [], problems: [] };

/** What is wrong with it is told without quoting it. */
function readSecretVariables(text: string | undefined): Secrets {
  if (text === undefined) return NO_SECRETS;
  try {
    const values = yamlBlock({ description: "" }).read(text);
    return { values, leaves: listLeaves(values), problems: [] };
  } catch {
    return { ...NO_SECRETS, problems: ["secret-variables: expected a YAML mapping (name: value) without aliases"] };
  }
}

/** Every text and number in a tree of values, as texts. */
export function listLeaves(value: unknown): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(listLeaves);
}
