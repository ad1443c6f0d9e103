import { createAzure } from "../azure/azure.ts";
import { addFleet } from "../azure/fleet.ts";
import { startProxy } from "../azure/proxy.ts";
import { addTeam } from "../azure/team.ts";
import { measure } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import { jobEnvironment, type Stage } from "./stage.ts";

const GROUPS = 980;
const EXPIRED = 294;

/** A big night: 294 of 980 groups, real token buckets, 20 ms to ARM. */
export async function benchReap(stage: Stage, ledger: Ledger): Promise<void> {
  const azure = createAzure({ arm: { deletionSeconds: 5 } });
  const team = addTeam(azure);
  addFleet(azure, { subscriptionId: team.subscriptionId, groups: GROUPS, expired: EXPIRED });
  await using proxy = await startProxy(azure, { latencyMilliseconds: 20 });
  const inputs = {
    "client-id": team.clientId,
    "tenant-id": team.tenantId,
    "subscription-ids": team.subscriptionId,
    "all-names": "true",
    "dry-run": "false",
    "max-deletions": "1000",
    "max-percentage": "100",
  };
  const environment = await stage.environment(inputs, { ...proxy.env, ...jobEnvironment(team) });
  const measured = await measure([stage.script("ttl-reaper")], environment, stage.folder);
  if (measured.exitCode !== 0) throw new Error(`the reap failed:\n${measured.output.slice(-2000)}`);

  const arm = azure.traffic.requests.filter(({ host }) => host === "management.azure.com");
  const deletes = arm.filter(({ method }) => method === "DELETE");
  const firstAt = arm[0]?.at.getTime() ?? 0;
  const lastDelete = deletes.at(-1)?.at.getTime() ?? 0;
  const until = arm.filter(({ at }) => at.getTime() <= lastDelete);
  const { reads, deletes: deleteBucket } = azure.arm.settings.buckets;
  const allowedSeconds = Math.max(
    (until.length - deletes.length - reads.size) / reads.perSecond,
    (deletes.length - deleteBucket.size) / deleteBucket.perSecond,
  );
  const takenSeconds = (lastDelete - firstAt) / 1000;
  const throttled = arm.filter(({ status }) => status === 429).length;
  console.log(
    `      ${deletes.length} deletes, ${arm.length - deletes.length} reads, ${throttled} answers of 429; last DELETE after ${takenSeconds.toFixed(1)} s, all in ${(measured.milliseconds / 1000).toFixed(1)} s`,
  );
  ledger.atLeast("pace of deletes, of what ARM's buckets allow", (allowedSeconds / takenSeconds) * 100, 95, "%");
  ledger.atMost("answers of 429 in a reap of 294", throttled, 0, "");
  ledger.atMost("memory of a reap of 294 of 980", measured.peakMegabytes, 150, "MB");
}

/** A hundred subscriptions, looked at in one dry run: memory must not follow their number. */
export async function benchFleet(stage: Stage, ledger: Ledger): Promise<void> {
  const azure = createAzure({ keepRequests: 100 });
  const team = addTeam(azure);
  const ids: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    const id = n === 0 ? team.subscriptionId : `5ab00000-0000-4000-8000-${String(n + 1).padStart(12, "0")}`;
    if (n > 0) {
      azure.arm.addSubscription({ id, tenantId: team.tenantId });
      azure.arm.assignRole(team.principal.objectId, "Reader", `/subscriptions/${id}`);
    }
    addFleet(azure, { subscriptionId: id, groups: GROUPS, expired: 20, seed: n + 1 });
    ids.push(id);
  }
  await using proxy = await startProxy(azure);
  const look = async (subscriptions: readonly string[]) => {
    const inputs = {
      "client-id": team.clientId,
      "tenant-id": team.tenantId,
      "subscription-ids": subscriptions.join("\n"),
      "all-names": "true",
    };
    const environment = await stage.environment(inputs, { ...proxy.env, ...jobEnvironment(team) });
    const measured = await measure([stage.script("ttl-reaper")], environment, stage.folder);
    if (measured.exitCode !== 0) throw new Error(`the dry run failed:\n${measured.output.slice(-2000)}`);
    return measured;
  };
  const few = await look(ids.slice(0, 5));
  const all = await look(ids);
  console.log(
    `      5 subscriptions: ${few.peakMegabytes.toFixed(0)} MB, ${few.milliseconds.toFixed(0)} ms; 100: ${all.peakMegabytes.toFixed(0)} MB, ${all.milliseconds.toFixed(0)} ms`,
  );
  ledger.atMost("memory for 100 subscriptions, of that for 5", all.peakMegabytes / few.peakMegabytes, 1.5, "x");
}
