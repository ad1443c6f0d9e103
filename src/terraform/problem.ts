/** Every stable code with which reading what terraform says and is told can fail. docs/troubleshooting.md has an entry for each. */
export type TerraformCode = keyof typeof TERRAFORM_CODES;

/** One line for each code: its heading's meaning in docs/troubleshooting.md. */
export const TERRAFORM_CODES = {
  "plan-unreadable": "what terraform shows of a plan cannot be read",
  "state-unreadable": "a state is none that can be read",
  "plan-binding-unreadable": "the note of what a plan was made for cannot be read",
  "plan-mismatch": "the approved plan was made for something else, or would now do something else",
  "backend-config-invalid": "backend-config is neither key=value lines nor a file",
  "ttl-tags-invalid": "a resource group would be created without the tags that let it die on time",
} as const;

/** Something wrong in what was given, in words: what it is, what was expected, and how to mend it. */
export interface Problem {
  /** Stable: the output `error-code`. */
  readonly code: TerraformCode;
  readonly message: string;
}

/** A value that was read without doubt, or everything that is wrong with the text. */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly [Problem, ...Problem[]] };

/** A single problem, as the outcome of a parse. */
export function refuse(code: TerraformCode, message: string): { readonly problems: readonly [Problem] } {
  return { problems: [{ code, message }] };
}
