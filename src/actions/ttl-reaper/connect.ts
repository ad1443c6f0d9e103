import { appendFileSync, mkdtempSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectArm } from "../../azure/arm.ts";
import { connectBarriers } from "../../azure/barriers.ts";
import { chooseCloud } from "../../azure/cloud.ts";
import { connectCredential } from "../../azure/credential.ts";
import { connectResourceGroups } from "../../azure/resource-groups.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { connectIdToken } from "../github-id-token.ts";
import { renderEvent } from "./journal.ts";
import { JOURNAL_STATE, REPORTED_STATE } from "./journal-state.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** The reaper's world on a runner: ARM through the job's federated identity, and a journal in the job's scratch folder. */
export function connect(runner: Runner, inputs: InputsOf<typeof spec>): World {
  const cloud = chooseCloud(inputs);
  const { clientId, tenantId } = requireIdentity(inputs);
  const world = { ...runner, random: Math.random };
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken: connectIdToken(world) });
  const startedAt = runner.monotonic();
  const left = (): number => startedAt + inputs.deadline - runner.monotonic();
  const arm = connectArm({
    cloud,
    credential,
    time: { ...runner, left, random: Math.random },
    cancelled: runner.cancelled,
    environment: runner.environment,
  });
  const folder = makeFolder(runner.tempFolder);
  const journal = join(folder, "journal.jsonl");
  runner.saveState(JOURNAL_STATE, journal);
  return {
    groups: connectResourceGroups(arm),
    barriers: connectBarriers(arm),
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

/** The journal comes first: what cannot be written down is not done. */
function makeFolder(tempFolder: string): string {
  try {
    return mkdtempSync(join(tempFolder, "mayfly-reaper-"));
  } catch (cause) {
    const text = `Nothing was deleted: there is no place for the journal, since RUNNER_TEMP (${tempFolder}) cannot be written. Mend the runner.`;
    throw new UserError("runner-files", text, { cause });
  }
}

function requireIdentity(inputs: InputsOf<typeof spec>): { readonly clientId: string; readonly tenantId: string } {
  const { clientId, tenantId } = inputs;
  if (clientId !== undefined && tenantId !== undefined) return { clientId, tenantId };
  const missing = [
    ...(clientId === undefined
      ? ["client-id: expected a GUID, got nothing (neither as an input nor in AZURE_CLIENT_ID)"]
      : []),
    ...(tenantId === undefined
      ? ["tenant-id: expected a tenant, got nothing (neither as an input nor in AZURE_TENANT_ID)"]
      : []),
  ];
  throw new UserError(
    "bad-input",
    `${missing.join("\n")}\nRun azure-login in an earlier step of this job: it exports both.`,
  );
}
