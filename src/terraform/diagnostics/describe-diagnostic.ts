import type { Diagnostic } from "../stream-event.ts";
import { readAzureError } from "./azure-error.ts";

const LONGEST_WORDS = 600;

/** A diagnostic in one line: where, and what Azure or terraform said. */
export function describeDiagnostic({ summary, detail, address, range }: Diagnostic): string {
  const place = range === undefined ? "" : `${range.file}:${range.line}`;
  const where = address === undefined || place === "" ? (address ?? place) : `${address} (${place})`;
  const said = describeAzure(`${summary}\n${detail}`) ?? [summary, detail].filter((part) => part !== "").join(": ");
  const line = said.replace(/\s+/g, " ").trim();
  const short = line.length <= LONGEST_WORDS ? line : `${line.slice(0, LONGEST_WORDS - 1).toWellFormed()}…`;
  return where === "" ? short : `${where}: ${short}`;
}

function describeAzure(text: string): string | undefined {
  const error = readAzureError(text);
  if (error === undefined || (error.code === "" && error.message === "")) return undefined;
  return [error.code, error.message, ...error.details].filter((part) => part !== "").join(": ");
}
