import { spawnSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { copyTree } from "./folders.ts";
import type { Job } from "./job.ts";

/**
 * Copies what a checkout brings: the job's `checkout` folder with its `.git`, or without one the repository of the
 * actions. Returns what went wrong.
 */
export function copyCheckout(
  job: Pick<Job, "checkout" | "repositoryRoot">,
  to: string,
  ref: string,
): string | undefined {
  if (job.checkout === undefined) {
    copyTree(job.repositoryRoot, to);
    return undefined;
  }
  cpSync(job.checkout, to, { recursive: true });
  if (ref === "" || !existsSync(join(to, ".git"))) return undefined;
  const { status, stderr } = spawnSync("git", ["-C", to, "checkout", "--quiet", "--detach", ref], { encoding: "utf8" });
  return status === 0 ? undefined : `The process '/usr/bin/git' failed with exit code ${status}: ${stderr.trim()}`;
}
