import { renderReport } from "../../smoke/report/json.ts";
import { renderJunit } from "../../smoke/report/junit.ts";
import type { SmokeResult } from "../../smoke/result.ts";

/** A release that went back, and what the smoke test came to there. */
export interface Aftermath {
  /** The revision whose copy the release now is. */
  readonly target: number;
  /** Undefined where it could not be taken again. */
  readonly result: SmokeResult | undefined;
}

export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

/** The reports of a run that went into files: JUnit for each time, and one JSON of all. */
export function renderReports(result: SmokeResult, back: Aftermath | undefined): readonly ReportFile[] {
  const report: unknown = JSON.parse(renderReport(result));
  const again = back?.result;
  const afterwards: unknown = again === undefined ? null : JSON.parse(renderReport(again));
  const whole =
    back === undefined ? report : { ...Object(report), rolledBackTo: back.target, afterRollback: afterwards };
  return [
    { name: JUNIT, text: renderJunit(result) },
    ...(again === undefined ? [] : [{ name: "smoke-after-rollback.xml", text: renderJunit(again) }]),
    { name: REPORT, text: `${JSON.stringify(whole, undefined, 2)}\n` },
  ];
}

export const JUNIT = "smoke.xml";
export const REPORT = "smoke.json";
