import { appendFileSync, mkdtempSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectArm } from "../../azure/arm.ts";
import { connectBarriers } from "../../azure/barriers.ts";
import { chooseCloud } from "../../azure/cloud.ts";
import { connectCredential } from "../../azure/credential.ts";
import type { ClusterPlace } from "../../azure/managed-clusters.ts";
import { parseClusterId } from "../../azure/parse-cluster-id.ts";
import { connectResourceGroups } from "../../azure/resource-groups.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { REAPER } from "../clusters/explain-namespace-denial.ts";
import { connectIdToken } from "../github-id-token.ts";
import { connectNamespaceGroups } from "./connect-namespace-groups.ts";
import { joinPlaces, onlyOfSubscriptions } from "./join-places.ts";
import { renderEvent } from "./journal.ts";
import { JOURNAL_STATE, REPORTED_STATE } from "./journal-state.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** The reaper's world on a runner: ARM through the job's federated identity, and a journal in the job's scratch folder. */
export function connect(runner: Runner, inputs: InputsOf<typeof spec>): World {
  const cloud = chooseCloud(inputs);
  const { clientId, tenantId } = inputs;
  const world = { ...runner, random: Math.random };
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken: connectIdToken(world) });
  const startedAt = runner.monotonic();
  const left = (): number => startedAt + inputs.deadline - runner.monotonic();
  const arm = connectArm({
    cloud,
    credential,
    time: { ...world, left },
    cancelled: runner.cancelled,
    environment: runner.environment,
  });
  const groups = connectResourceGroups(arm);
  // Most reaps have none, and need not load what it takes to speak to one.
  const clusters = once(async () => {
    const { connectClusters } = await import("../clusters/connect-clusters.ts");
    const open = connectClusters(arm, runner, REAPER);
    return connectNamespaceGroups(async (clusterId) => open(requirePlace(clusterId)));
  });
  const folder = makeFolder(runner.tempFolder);
  const journal = join(folder, "journal.jsonl");
  runner.saveState(JOURNAL_STATE, journal);
  return {
    groups: inputs.clusters.length === 0 ? groups : joinPlaces(groups, clusters),
    barriers: onlyOfSubscriptions(connectBarriers(arm)),
    armSkewMs: arm.skewMs,
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    cancelled: runner.cancelled,
    log: runner.log,
    // Synchronous: what stands here has happened, whenever the process is killed.
    record: (event) => appendFileSync(journal, runner.redact(renderEvent(event)), { mode: 0o600 }),
    summarize: runner.summarize,
    writeReport: async (json) => {
      const path = join(folder, "report.json");
      await writeFile(path, runner.redact(json));
      return path;
    },
    markReported: () => runner.saveState(REPORTED_STATE, "true"),
  };
}

function requirePlace(clusterId: string): ClusterPlace {
  const place = parseClusterId(clusterId);
  if (place === undefined) throw new Error(`${clusterId} is no resource id of a cluster`);
  return place;
}

/** The journal comes first: what cannot be written down is not done. */
function makeFolder(tempFolder: string): string {
  try {
    return mkdtempSync(join(tempFolder, "mayfly-reaper-"));
  } catch (cause) {
    const text = `Nothing was deleted: there is no place for the journal, since RUNNER_TEMP (${tempFolder}) cannot be written. Mend the runner.`;
    throw new UserError("runner-files", text, { cause });
  }
}
