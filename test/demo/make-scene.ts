import { join } from "node:path";
import type { Scene } from "../../scripts/demo/act.ts";
import { concludeRun, type JobRecord, recordJob } from "../../scripts/demo/run-record.ts";
import type { Job, Step } from "../runner/job.ts";

const repositoryRoot = join(import.meta.dirname, "../runner/fixtures");
const NO_BODY = { body: "", requestBytes: 0, responseBytes: 0 };

/** A request as the emulator recorded it. */
export function makeRequest(method: string, path: string): Scene["requests"][number] {
  const host = "management.azure.com";
  const where = { host, path, url: `https://${host}${path}`, query: {}, headers: {} };
  return { at: new Date(), method, ...where, ...NO_BODY, status: 202, milliseconds: 3 };
}

/** A job of one step that really runs. */
export function playJob(step: Step, job: Partial<Job> = {}): Promise<JobRecord> {
  return recordJob(
    { repositoryRoot, name: "Job <1>", steps: [{ name: "Step & co", ...step }], ...job },
    () => undefined,
  );
}

/** What an act with these jobs leaves: one of two groups is gone. */
export function makeScene(jobs: readonly JobRecord[]): Scene {
  const facts = { workflow: "W", repository: "octo/shop", file: ".github/workflows/w.yml", number: 1, branch: "main" };
  const run = { ...facts, event: "schedule", actor: undefined, inputs: {}, jobs, skipped: [], leftOut: [] };
  const group = (name: string) => ({ name, note: "expires-at x" });
  return {
    run: { ...run, artifacts: [], startedAt: new Date(), durationMs: 5, conclusion: concludeRun(jobs) },
    part: { title: "Resource group", noun: "group" },
    before: [group("a"), group("b")],
    after: [group("b")],
    requests: [makeRequest("DELETE", "/a")],
    faults: [],
  };
}
