import { UserError } from "../../kit/user-error.ts";
import { checkAccess } from "./check-access.ts";
import { checkDryRun } from "./check-dry-run.ts";
import { checkIdentity } from "./check-identity.ts";
import { checkImages } from "./check-images.ts";
import { checkPull } from "./check-pull.ts";
import { checkStatic } from "./check-static.ts";
import type { ReleaseFacts } from "./release-facts.ts";
import type { Check } from "./request.ts";
import type { Session } from "./session.ts";

/** Something that would go wrong, or may. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: string;
  /** What, where, and what mends it. */
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

export type PreflightCheck = (session: Session, facts: ReleaseFacts) => Promise<readonly Finding[]>;

const CHECKED: Readonly<Record<Check, PreflightCheck>> = {
  access: checkAccess,
  static: checkStatic,
  "dry-run": checkDryRun,
  images: checkImages,
  pull: checkPull,
  identity: checkIdentity,
};

/**
 * Looks for what would fail, all of it side by side, before anything is changed.
 *
 * @throws UserError with the code of the first error, and the text of all
 */
export async function preflight(session: Session, facts: ReleaseFacts): Promise<void> {
  const { world, request } = session;
  const checks = [...request.checks].map((name) => CHECKED[name]);
  const found = (await Promise.all(checks.map((check) => check(session, facts)))).flat();
  for (const { severity, message, file, line } of found) {
    if (severity === "warning") world.log.warning(world.redact(message), { file, line });
  }
  const errors = found.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first === undefined) return;
  const { notes } = session.teller.story();
  // The namespace has to be there for a dry run, and a stale lock is gone; both are said.
  const untouched = notes.length === 0 ? "Nothing was changed." : `No object of it was changed. ${notes.join(" ")}`;
  const text = errors.map(({ message }) => message).join("\n");
  throw new UserError(first.code, world.redact(`${untouched}\n${text}`), {
    ...(first.file === undefined ? {} : { file: first.file }),
    ...(first.line === undefined ? {} : { line: first.line }),
  });
}
