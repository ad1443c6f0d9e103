import type { Parsed } from "../../image/problem.ts";
import { UserError } from "../../kit/user-error.ts";

/** The value of what was parsed. @throws UserError with all problems, and the first one's code */
export function takeValue<T>(parsed: Parsed<T>): T {
  if ("value" in parsed) return parsed.value;
  const [{ code }] = parsed.problems;
  throw new UserError(code, parsed.problems.map(({ message }) => message).join("\n"));
}
