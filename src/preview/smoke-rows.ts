import type { SmokeRow } from "./story.ts";

/** More rows than this are no table any more; a report has them all. */
const MOST_ROWS = 500;

/**
 * The checks of a report of smoke-test or helm-deploy (JSON). Undefined for what is no such report: a file that another
 * step wrote may be anything.
 */
export function readSmokeRows(text: string): readonly SmokeRow[] | undefined {
  const report = parse(text);
  if (fieldOf(report, "kind") !== "SmokeReport") return undefined;
  const tests = listOf(report, "tests");
  const rows = tests.flatMap((test) =>
    listOf(test, "steps").flatMap((step) => {
      const name = tests.length === 1 ? textOf(step, "name") : `${textOf(test, "name")}: ${textOf(step, "name")}`;
      return listOf(step, "checks").map((check) => readRow(name, check));
    }),
  );
  return rows.slice(0, MOST_ROWS);
}

/** What a step that failed had read before it ended: the last of it tells most. */
export function readSmokeEvidence(text: string): { readonly title: string; readonly text: string } | undefined {
  const steps = listOf(parse(text), "tests").flatMap((test) => listOf(test, "steps"));
  const pieces = steps
    .filter((step) => textOf(step, "outcome") === "failed")
    .flatMap((step) => listOf(step, "evidence"))
    .map((piece) => ({ title: textOf(piece, "title"), text: textOf(piece, "text") }))
    .filter((piece) => piece.text.trim() !== "");
  return pieces.find(({ title }) => title.startsWith("log of ")) ?? pieces[0];
}

const OUTCOMES: ReadonlySet<string> = new Set(["passed", "failed", "skipped"]);

function readRow(step: string, check: unknown): SmokeRow {
  const outcome = textOf(check, "outcome");
  const durationMs = fieldOf(check, "durationMs");
  return {
    step,
    check: textOf(check, "name"),
    // What is said in no word that we know has not passed.
    outcome: OUTCOMES.has(outcome) ? (outcome as SmokeRow["outcome"]) : "failed",
    optional: fieldOf(check, "optional") === true,
    durationMs: typeof durationMs === "number" && Number.isFinite(durationMs) ? Math.max(0, durationMs) : 0,
    expected: textOf(check, "expected"),
    seen: textOf(check, "seen"),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  const known = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return known ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function textOf(value: unknown, name: string): string {
  const found = fieldOf(value, name);
  return typeof found === "string" ? found : "";
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found = fieldOf(value, name);
  return Array.isArray(found) ? found : [];
}
