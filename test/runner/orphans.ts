import { readdirSync, readFileSync } from "node:fs";

/** A process that a step left behind. */
export interface Orphan {
  readonly pid: number;
  readonly command: string;
}

/**
 * Kills the processes that carry the job's RUNNER_TRACKING_ID in their environment, as the runner does at the end of
 * a job; one that cleared the variable survives, as there. Looks at /proc and so finds none elsewhere than on Linux.
 */
export function killOrphans(trackingId: string): readonly Orphan[] {
  const orphans: Orphan[] = [];
  for (const name of listProcesses()) {
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "latin1").split("\0");
      if (!environment.includes(`RUNNER_TRACKING_ID=${trackingId}`)) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim();
      process.kill(Number(name), "SIGKILL");
      orphans.push({ pid: Number(name), command });
    } catch {
      // Gone in between, or another user's: neither is an orphan of this job.
    }
  }
  return orphans;
}

function listProcesses(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
