/** A place in the configuration that a diagnostic points at. */
export interface SourceRange {
  /** Relative to the working directory. */
  readonly file: string;
  readonly line: number;
}

/** An error or warning of terraform's. Texts are as terraform wrote them: they may hold secrets until they are redacted. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** The resource it is about. */
  readonly address: string | undefined;
  readonly range: SourceRange | undefined;
}

/** What a resource is going through. */
export type HookAction = "create" | "read" | "update" | "replace" | "delete" | "other";

/** The count line at the end of a plan, an apply or a destroy. */
export interface ChangeSummary {
  readonly operation: "plan" | "apply" | "destroy" | "other";
  readonly add: number;
  readonly change: number;
  readonly import: number;
  readonly remove: number;
}

/** An output after an apply. `value` is undefined when it is sensitive. */
export interface OutputValue {
  readonly sensitive: boolean;
  readonly value: unknown;
}

/** One line of what terraform and tofu print with `-json`, as far as anybody here asks for it. */
export type StreamEvent =
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly kind: "planned"; readonly address: string; readonly action: string }
  /** Something is not as the state has it: an end that was moved, and what providers only write otherwise, among it. */
  | { readonly kind: "drifted"; readonly address: string }
  | { readonly kind: "start"; readonly address: string; readonly action: HookAction }
  | { readonly kind: "progress"; readonly address: string; readonly action: HookAction; readonly seconds: number }
  | { readonly kind: "complete"; readonly address: string; readonly action: HookAction; readonly seconds: number }
  | { readonly kind: "errored"; readonly address: string; readonly action: HookAction; readonly seconds: number }
  | { readonly kind: "refresh"; readonly address: string; readonly done: boolean }
  | { readonly kind: "provision"; readonly address: string; readonly text: string }
  | { readonly kind: "summary"; readonly summary: ChangeSummary }
  | { readonly kind: "outputs"; readonly outputs: Readonly<Record<string, OutputValue>> }
  /** Taking or giving back the state's lock takes longer than a moment. Nobody says when it is done. */
  | { readonly kind: "lock"; readonly phase: "acquiring" | "releasing" }
  | { readonly kind: "interrupt"; readonly text: string }
  /** Another line of the stream: its message. */
  | { readonly kind: "log"; readonly text: string }
  /** Not a line of the stream: plain text, as of a flag that is not understood. */
  | { readonly kind: "text"; readonly text: string };
