import type { JobFacts } from "../job-facts.ts";
import type { RunRecord } from "./record.ts";
import type { Request } from "./request.ts";
import type { RootModule } from "./root-module.ts";
import type { World } from "./world.ts";

/** The record of a run of which nothing has happened yet. */
export function beginRecord(request: Request, job: JobFacts, module: RootModule, world: Pick<World, "now">): RunRecord {
  return {
    startedAt: world.now().getTime(),
    folder: module.folder,
    dataFolder: "",
    blob: undefined,
    noted: false,
    concluded: false,
    story: {
      command: request.command,
      status: "running",
      environment: request.environment ?? "",
      directory: module.directory,
      workspace: request.workspace ?? "default",
      tool: "",
      backend: "",
      headSha: job.headSha,
      runUrl: job.runUrl,
      plan: undefined,
      planDigest: undefined,
      work: [],
      summary: undefined,
      diagnostics: [],
      failure: undefined,
      phases: [],
      expiresAt: undefined,
      now: world.now(),
      lock: undefined,
      notes: [],
      receipt: undefined,
      outputs: {},
    },
  };
}
