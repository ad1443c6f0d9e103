import { CHART_FAULTS } from "./faults/chart-faults.ts";
import { CLUSTER_FAULTS } from "./faults/cluster-faults.ts";
import type { FaultObject, FaultPlace, FaultRow } from "./faults/fault-row.ts";
import { REFUSED_FAULTS } from "./faults/refused-faults.ts";
import type { HelmCode } from "./helm-codes.ts";
import type { HelmVersion } from "./helm-version.ts";

/** Why a call of helm failed. */
export interface HelmFault {
  /** Stable: the output `error-code`. */
  readonly code: HelmCode;
  /** In words of ours, in one line. */
  readonly message: string;
  /** What mends it. */
  readonly fix: string;
  /** What helm said, without its warnings; cut where it is very long. */
  readonly raw: string;
  /** In the chart or in a file of values. */
  readonly place?: FaultPlace;
  /** What it is about, where helm names one. */
  readonly object?: FaultObject;
}

const CANCELLED: FaultRow = {
  code: "helm-cancelled",
  words: /^Release \S+ has been cancelled\.|context canceled/m,
  explain: () => ({
    message: "helm was told to stop, and marked the revision as failed",
    fix: "run it again",
  }),
};

/**
 * The first row that fits counts. What is known before anything is sent comes first; a lack of time comes last, as it
 * follows from much else.
 */
const ROWS: readonly FaultRow[] = [CANCELLED, ...CHART_FAULTS, ...REFUSED_FAULTS, ...CLUSTER_FAULTS];

/**
 * Reads what helm 3 or 4 says on stderr, or the API server of an object: helm's exit code is 1 for everything, so the
 * words decide. What nobody has explained yet is shown as it is.
 *
 * @param facts.chart the chart's folder as the workspace has it, where its templates are to be found
 */
export function explainHelm(
  stderr: string,
  { chart, version }: { readonly chart: string | undefined; readonly version: HelmVersion },
): HelmFault {
  const said = withoutNoise(stderr);
  const raw = cut(said);
  for (const row of ROWS) {
    const found = row.words.exec(said);
    if (found === null) continue;
    const { message, ...rest } = row.explain(
      found.slice(1).map((group) => group ?? ""),
      { chart, said },
    );
    return { code: row.code, message: cut(message.replace(/\s+/g, " ").trim()), ...rest, raw };
  }
  const [first = ""] = said.split("\n");
  const message =
    first === "" ? `helm ${version.text} failed without a word` : `helm ${version.text} failed: ${cut(first)}`;
  return { code: "helm-failed", message, fix: "read what helm says, and run it by hand with --debug", raw };
}

/** Warnings, the same error as a line of the log, and advice about flags that nobody gave. */
const NOISE =
  /^(?:(?:time=\S+ )?level=[A-Z]+ |WARNING: |Flag --\S+ has been deprecated|[IWE]\d{4} [\d:.]+\s|(?:coalesce|engine|warnings)\.go:\d+: |Use --debug flag to render out invalid YAML)/;

/** What was said, from the error on; all of it where no error is marked. */
function withoutNoise(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => !NOISE.test(line));
  const cancelled = lines.find((line) => /^Release \S+ has been cancelled\./.test(line));
  const start = lines.findIndex((line) => line.startsWith("Error: "));
  const text = lines
    .slice(Math.max(0, start))
    .slice(0, MOST_LINES)
    .map(shorten)
    .join("\n")
    .replace(/^Error: /, "")
    .trim();
  return cancelled === undefined || text.includes(cancelled) ? text : `${cancelled}\n${text}`.trim();
}

const MOST_LINES = 200;
const LONGEST_LINE = 1_500;

/** The API server repeats whole objects; what it says of them stands before and behind. */
function shorten(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  const half = LONGEST_LINE / 2;
  return `${line.slice(0, half).toWellFormed()}…${line.slice(-half).toWellFormed()}`;
}

const LONGEST = 2_000;

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}
