import { UserError } from "../../kit/user-error.ts";
import type { Parsed } from "../../terraform/problem.ts";

/** What was read. @throws UserError that names every problem */
export function unwrap<T>(parsed: Parsed<T>): T {
  if ("value" in parsed) return parsed.value;
  const [first] = parsed.problems;
  throw new UserError(first.code, parsed.problems.map(({ message }) => message).join("\n"));
}
