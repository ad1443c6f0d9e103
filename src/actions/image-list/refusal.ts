import type { Parsed } from "../../image/problem.ts";
import type { Log } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";

/**
 * What was read. Several mistakes in a file are marked one by one, where they stand; all others are told together.
 *
 * @throws UserError with the code of the first problem.
 */
export function valueOrRefusal<T>(parsed: Parsed<T>, log: Pick<Log, "error">): T {
  if ("value" in parsed) return parsed.value;
  const { problems } = parsed;
  const [first] = problems;
  if (problems.length === 1) throw new UserError(first.code, first.message, place(first));
  if (first.file === undefined) {
    throw new UserError(first.code, problems.map(({ message }) => message).join("\n"));
  }
  for (const problem of problems) log.error(problem.message, place(problem));
  throw new UserError(first.code, `${first.file} has ${problems.length} mistakes, each marked where it stands.`);
}

function place({ file, line }: { readonly file?: string; readonly line?: number }) {
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}
