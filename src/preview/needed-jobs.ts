/** A job that came before, as `toJSON(needs)` tells of it. */
export interface NeededJob {
  readonly name: string;
  /** `success`, `failure`, `cancelled`, `skipped`. */
  readonly result: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads `needs`; what is not in its form is left out. */
export function readNeeds(needs: Readonly<Record<string, unknown>>): readonly NeededJob[] {
  return Object.entries(needs).flatMap(([name, job]) => {
    if (typeof job !== "object" || job === null) return [];
    const { result, outputs } = job as { readonly result?: unknown; readonly outputs?: unknown };
    const named = typeof outputs === "object" && outputs !== null ? Object.entries(outputs) : [];
    const texts = named.filter((pair): pair is [string, string] => typeof pair[1] === "string");
    return [{ name, result: typeof result === "string" ? result : "", outputs: Object.fromEntries(texts) }];
  });
}

/** The first job that failed; else the first that was cancelled. */
export function findFailed(jobs: readonly NeededJob[]): NeededJob | undefined {
  return jobs.find(({ result }) => result === "failure") ?? jobs.find(({ result }) => result === "cancelled");
}

/** An output of the first job that has it. */
export function findOutput(jobs: readonly NeededJob[], name: string): string {
  return jobs.map(({ outputs }) => outputs[name] ?? "").find((value) => value !== "") ?? "";
}
