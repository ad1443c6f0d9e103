import type { HelmCode } from "../helm-codes.ts";

/** Where something stands. A line and a column count from 1. */
export interface FaultPlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** An object of the cluster, as far as helm names it. */
export interface FaultObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** What a failure means, in words of ours. */
export interface Explained {
  readonly message: string;
  readonly fix: string;
  readonly place?: FaultPlace;
  readonly object?: FaultObject;
}

export interface FaultContext {
  /** The chart's folder as the workspace has it; undefined for a chart from elsewhere. */
  readonly chart: string | undefined;
  /** All that helm said, without warnings. */
  readonly said: string;
}

/** One way to fail, known by its words. */
export interface FaultRow {
  readonly code: HelmCode;
  readonly words: RegExp;
  /** @param found the groups of `words`; empty for one that took no part */
  explain(found: readonly string[], context: FaultContext): Explained;
}

/** A template's file: helm calls it by the chart's name, and the chart's folder may have another. */
export function placeTemplate(
  template: string,
  chart: string | undefined,
  at: { readonly line?: string | undefined; readonly column?: string | undefined } = {},
): { readonly place?: FaultPlace } {
  const inside = template.split("/").slice(1).join("/");
  if (chart === undefined || inside === "") return {};
  // Go counts columns from 0.
  const count = (name: "line" | "column", text: string | undefined, from: 0 | 1) =>
    text === undefined || text === "" ? {} : { [name]: Number(text) + 1 - from };
  const file = `${chart.replace(/\/+$/, "")}/${inside}`.replace(/^\.\//, "");
  return { place: { file, ...count("line", at.line, 1), ...count("column", at.column, 0) } };
}

/** `Deployment.apps` and `deployments.apps` without the group. */
export function withoutGroup(kind: string): string {
  return kind.split(".")[0] ?? kind;
}
