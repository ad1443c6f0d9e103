import type { Input } from "./input.ts";
import type { UserError } from "./user-error.ts";

/** What an action is to its users: the one truth that action.yml, README tables and types are made from. */
export interface ActionSpec {
  /** The title in the marketplace form. The folder's name is the action's name. */
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, Input<unknown>>>;
  /** Output name to description. */
  readonly outputs: Readonly<Record<string, string>>;
  /** True when the action has a post.ts. */
  readonly post?: boolean;
}

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

type ValueOf<I> = I extends Input<infer T, infer Given> ? (Given extends true ? T : T | undefined) : never;

/** The values that `run` gets: camelCase names, and `undefined` only where neither `required` nor a default stands. */
export type InputsOf<S extends ActionSpec> = {
  readonly [K in keyof S["inputs"] & string as Camel<K>]: ValueOf<S["inputs"][K]>;
};

/** What `run` returns: the output names as action.yml writes them. An output left out is empty. */
export type OutputsOf<S extends ActionSpec> = {
  readonly [K in Exclude<keyof S["outputs"], "error-code">]?: string | number | boolean | undefined;
};

/** The outcome of a run. Outputs count on failure too: a reap that half failed still says what it did. */
export interface Result<S extends ActionSpec> {
  readonly outputs: OutputsOf<S>;
  /** Outputs whose names only the run knows, such as those of a terraform configuration. */
  readonly namedOutputs?: Readonly<Record<string, string>>;
  readonly failure?: UserError | undefined;
}

/** An action: typed inputs and a slice of the world in, outputs out. */
export type Run<S extends ActionSpec, W> = (inputs: InputsOf<S>, world: W) => Promise<Result<S>>;

const ERROR_CODE = "Why the action failed, as a stable code (see docs/troubleshooting.md); empty when it did not.";

/** Declares an action. Every action gets the output `error-code`. */
export function defineAction<const S extends ActionSpec>(spec: S): S & { outputs: { "error-code": string } } {
  return { ...spec, outputs: { ...spec.outputs, "error-code": ERROR_CODE } };
}

/** `max-deletions` to `maxDeletions`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
