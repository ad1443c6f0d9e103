import { type ActionSpec, camelCase, type InputsOf } from "./define-action.ts";
import { Expected, type Input } from "./input.ts";
import { UserError } from "./user-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The runner's name for an input: spaces become underscores, hyphens stay. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}

/**
 * Every input of an action as a typed value, read from the runner's environment.
 *
 * GitHub does not enforce `required`, and gives an absent input as an empty text: both are settled here. Secrets go to
 * `mask` before they are looked at.
 *
 * @throws UserError `bad-input` that names every problem at once, each with the input's YAML name.
 */
export function readInputs<S extends ActionSpec>(
  spec: S,
  environment: Environment,
  mask: (secret: string) => void,
): InputsOf<S> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(spec.inputs)) {
    try {
      values[camelCase(name)] = readOne(name, input, environment, mask);
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      problems.push(`${name}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new UserError("bad-input", problems.join("\n"));
  return values as InputsOf<S>;
}

function readOne(name: string, input: Input<unknown>, environment: Environment, mask: (s: string) => void): unknown {
  const given = environment[inputVariable(name)]?.trim() ?? "";
  const fromEnv = input.env === undefined ? "" : (environment[input.env]?.trim() ?? "");
  const text = given || fromEnv || (input.default ?? "");
  if (input.secret && text !== "") mask(text);
  if (text === "" && input.required) throw new Expected(`expected a value (${input.kind}), got nothing${hint(input)}`);
  if (text === "" && !input.emptyIsValue) return undefined;
  try {
    return input.read(text);
  } catch (error) {
    if (!(error instanceof Expected)) throw error;
    const source = given === "" && fromEnv !== "" ? ` (from ${input.env})` : "";
    throw new Expected(
      `expected ${error.message}, got ${input.secret ? "a text that is kept secret" : quote(text)}${source}`,
    );
  }
}

function hint(input: Input<unknown>): string {
  const places = input.env === undefined ? "" : ` (neither as an input nor in ${input.env})`;
  return input.whenMissing === undefined ? places : `${places}; ${input.whenMissing}`;
}

function quote(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return JSON.stringify(short);
}
