import { inspect } from "node:util";
import { UserError } from "./user-error.ts";

const ISSUES = "https://github.com/OWNER/mayfly/issues";
const LONGEST_CHAIN = 8;

/** Every message from the outermost error to the root cause, most general first. */
export function listClauses(error: unknown): readonly string[] {
  const clauses: string[] = [];
  let current = error;
  for (let depth = 0; depth < LONGEST_CHAIN && current !== undefined && current !== null; depth += 1) {
    const clause = clauseOf(current);
    // A layer that quotes its cause has said it already.
    if (!clauses.some((said) => said.includes(clause))) clauses.push(clause);
    current = current instanceof Error ? current.cause : undefined;
  }
  return clauses;
}

function clauseOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : inspect(error);
  if (error.message !== "") return error.message;
  // A refused connection to a name with several addresses has no words of its own.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(clauseOf))].join("; ");
  return error.name;
}

/**
 * What a person reads when an action fails. A `UserError` is only its clauses; anything else is ours to mend, so the
 * stack and the place to report it follow.
 */
export function renderError(error: unknown): string {
  const clauses = listClauses(error).join("\n  because: ");
  if (error instanceof UserError) return clauses;
  const stack = error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
  return `This is a fault in Mayfly, not in your workflow: ${clauses}${stack}\nReport it with this log: ${ISSUES}`;
}

/** The stable code of an error: `unexpected` for everything that is not a `UserError`. */
export function codeOf(error: unknown): string {
  return error instanceof UserError ? error.code : "unexpected";
}
