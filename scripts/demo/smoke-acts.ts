import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Act, Scene, Stage } from "./act.ts";
import { listPodNeeds } from "./cluster-tools.ts";
import type { Company } from "./deploy-company.ts";
import { DEPLOY_FOLDER } from "./deploy-sources.ts";
import { NAMESPACE } from "./deploy-team.ts";
import { listRunning, podsPart, readRunning } from "./pods.ts";
import { listSmokeFaults, type SmokeStory } from "./smoke-outcome.ts";
import { runTeamWorkflow, type TeamCause } from "./team-run.ts";
import type { Theatre } from "./theatre.ts";

const SPEC = "smoke/shop.yaml";
/** The check that asks what is going to be broken. */
const ASKING = "prices are told in one currency";

/** An act, with how it is played. */
interface Script extends Pick<Act, "name" | "story"> {
  readonly cause: Pick<TeamCause, "event" | "number" | "title">;
  /** What happens to the cluster before. */
  prepare?(company: Company): Promise<unknown>;
  readonly outcome: SmokeStory;
}

/** What was deployed is asked whether it works: once when it does, and once when its pods alone look as if it did. */
export function listSmokeActs(theatre: Theatre, openCompany: () => Promise<Company>): readonly Act[] {
  return [IT_WORKS, NOBODY_ANSWERS].map((script) => ({
    name: script.name,
    story: script.story,
    needs: listPodNeeds(),
    run: async (stage) => perform(theatre, await openCompany(), script, stage),
  }));
}

async function perform(theatre: Theatre, company: Company, script: Script, stage: Stage): Promise<Scene> {
  const { cluster } = company.team;
  const { requests } = theatre.azure.traffic;
  const before = await readRunning(cluster, NAMESPACE);
  await script.prepare?.(company);
  const from = requests.length;
  const cause: TeamCause = { ...script.cause, workflow: "smoke", commit: company.commit };
  const run = await runTeamWorkflow(theatre, company, cause, stage);
  const after = await readRunning(cluster, NAMESPACE);
  const seen = { run, requests: requests.slice(from) };
  const faults = listSmokeFaults(script.outcome, { ...seen, before, after });
  return { ...seen, part: podsPart(NAMESPACE), before: listRunning(before), after: listRunning(after), faults };
}

/** The line of the spec where a check begins. */
function lineOf(check: string): string {
  const lines = readFileSync(join(DEPLOY_FOLDER, SPEC), "utf8").split("\n");
  return String(lines.findIndex((line) => line.endsWith(`- name: ${check}`)) + 1);
}

const CHECKS = 8;

const IT_WORKS: Script = {
  name: "Ready, and working",
  story: `Pods that are ready have said so themselves. A smoke test asks from outside: ${CHECKS} checks of a spec in the repository, from the rollout of both apps to what they answer through the API server's proxy; then nothing may restart or be warned of for three seconds.`,
  cause: { event: "workflow_dispatch", number: 1, title: "Smoke test" },
  outcome: {
    conclusion: "success",
    outputs: { passed: String(CHECKS), failed: "0", skipped: "0", "error-code": "" },
  },
};

const NOBODY_ANSWERS: Script = {
  name: "Ready, and not working",
  story:
    "Somebody has changed a label in the Service of api by hand. Each pod is ready, the release is deployed, and nobody is behind the Service any more. The smoke test of the next hour fails: an annotation stands at the line of the spec that asked for the prices, with what was expected and what was seen. What comes after it is not asked any more.",
  cause: { event: "schedule", number: 2, title: "Smoke test" },
  prepare: ({ team }) =>
    team.cluster.kubectl(
      ...["patch", "service", "shop-api", "--namespace", NAMESPACE, "--type", "merge", "--patch"],
      JSON.stringify({ spec: { selector: { "app.kubernetes.io/name": "prices" } } }),
    ),
  outcome: {
    conclusion: "failure",
    outputs: { passed: "5", failed: "1", skipped: "2", "error-code": "smoke-failed" },
    blames: { check: ASKING, says: /shop-api/, file: SPEC, line: lineOf(ASKING) },
  },
};
