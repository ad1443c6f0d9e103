import { basename } from "node:path";
import { shellQuote } from "../../paste/quote.ts";
import type { Deployed } from "../../preview/deployed.ts";
import { findFailed, type NeededJob } from "../../preview/needed-jobs.ts";
import { readSmokeEvidence } from "../../preview/smoke-rows.ts";
import type { StoryCause } from "../../preview/story.ts";
import type { World } from "./world.ts";

/** Bytes of a file of an earlier step's that are still read. */
export const MOST_BYTES = 4_194_304;
const MOST_LINES = 30;

type Files = Pick<World, "readFile" | "listFiles">;

/** Why a job before failed, as far as its outputs say: in its own words, else by its name. */
export function explainNeed(job: NeededJob): StoryCause {
  const { outputs } = job;
  const toldCode = outputs["cause-code"] || outputs["failure-reason"] || outputs["error-code"] || "";
  const said = outputs["cause"] || outputs["reason"] || "";
  const verb = job.result === "cancelled" ? "was cancelled" : "failed";
  const text = said === "" ? `The job ${job.name} ${verb}.` : said;
  return { code: toldCode, text, step: job.name, todo: [], log: undefined };
}

/** Why a deployment failed: its own words, the end of the log that explains it, and lines that show more. */
export async function explainDeployment(
  deployed: Deployed,
  outcome: string | undefined,
  needs: readonly NeededJob[],
  world: Files,
): Promise<StoryCause> {
  const { code, cause, failedStep, place } = deployed;
  const failed = failedStep === "" && cause === "" ? findFailed(needs) : undefined;
  if (failed !== undefined) return explainNeed(failed);
  const { namespace } = place;
  const log = await readLog(deployed, world);
  const inCluster = failedStep === "helm-deploy" || failedStep === "smoke-test";
  const todo =
    !inCluster || namespace === ""
      ? []
      : [`kubectl --namespace ${shellQuote(namespace)} get pods,events --sort-by=.metadata.creationTimestamp`];
  return { code, text: cause || sayWithout(deployed, outcome), step: failedStep, todo, log };
}

function sayWithout({ code, failedStep }: Deployed, outcome: string | undefined): string {
  if (outcome === "cancelled")
    return "The run was cancelled. What was begun stays until its end, or until the next run.";
  if (failedStep === "") return "A step before the deployment failed, such as the login.";
  const known = code === "" ? "" : ` docs/troubleshooting.md says what ${code} means and what mends it.`;
  return `${failedStep} failed.${known}`;
}

/** Of what was kept of the failure, the log of a container comes first, then what happened in the cluster. */
async function readLog({ evidencePath, smokeReportPath, urlReportPath }: Deployed, world: Files) {
  for (const path of [smokeReportPath, urlReportPath]) {
    const report = path === "" ? undefined : await world.readFile(path, MOST_BYTES);
    const piece = report === undefined ? undefined : readSmokeEvidence(report);
    if (piece !== undefined) return { title: piece.title, lines: lastLines(piece.text) };
  }
  if (evidencePath === "") return undefined;
  const files = await world.listFiles(evidencePath);
  const logs = files.filter((path) => path.endsWith(".log"));
  // The run before the restart has the reason for it.
  const order = [...logs.filter((path) => path.endsWith(".previous.log")), ...logs];
  for (const path of [...order, ...files.filter((file) => basename(file) === "events.txt")]) {
    const lines = lastLines((await world.readFile(path, MOST_BYTES)) ?? "");
    if (lines.length > 0) return { title: basename(path), lines };
  }
  return undefined;
}

function lastLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.slice(-MOST_LINES);
}
