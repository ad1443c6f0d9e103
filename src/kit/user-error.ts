export interface UserErrorOptions {
  readonly cause?: unknown;
  /** A workflow file, chart or spec that the annotation should point at. */
  readonly file?: string;
  readonly line?: number;
}

/**
 * Something the user can mend: shown as it is, without a stack.
 *
 * The message says what happened, then what to do. `code` is stable: workflows branch on the output `error-code`,
 * and docs/troubleshooting.md has an entry for each. Texts may change, codes may not.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: string;
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.file = options.file;
    this.line = options.line;
  }
}
