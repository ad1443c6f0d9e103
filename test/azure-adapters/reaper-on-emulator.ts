import type { JournalEvent } from "../../src/actions/ttl-reaper/journal.ts";
import { run } from "../../src/actions/ttl-reaper/run.ts";
import type { World } from "../../src/actions/ttl-reaper/world.ts";
import { connectArm } from "../../src/azure/arm.ts";
import { connectBarriers } from "../../src/azure/barriers.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import { connectResourceGroups } from "../../src/azure/resource-groups.ts";
import { inputs } from "../actions/ttl-reaper/inputs.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { addTeam, type Team, type TeamOptions } from "../azure/team.ts";

/** A whole reap through the real SDK pipeline, against the emulator, on its frozen clock. */
export interface Rehearsal {
  readonly azure: Azure;
  readonly team: Team;
  readonly events: JournalEvent[];
  readonly summaries: string[];
  readonly warnings: string[];
  readonly cancel: AbortController;
  /** Adds a group that expired an hour ago, unless its tags say otherwise. Returns its id. */
  add(name: string, tags?: Readonly<Record<string, string>>): string;
  reap(given?: Readonly<Record<string, string>>): ReturnType<typeof run>;
  /** Names of the groups that are there. */
  names(): readonly string[];
  /** Names in DELETEs of groups that reached ARM, in order. */
  deletes(): readonly string[];
}

const NOW = new Date("2026-11-21T09:17:00Z");
export const PAST = { "auto-destroy": "true", "expires-at": "2026-11-21T08:17:00Z" };

export function rehearse(options: TeamOptions = {}): Rehearsal {
  const azure = createAzure({ now: NOW, frozen: true });
  const team = addTeam(azure, options);
  const { clock } = azure;
  const cancel = new AbortController();
  const rehearsal: Rehearsal = {
    azure,
    team,
    events: [],
    summaries: [],
    warnings: [],
    cancel,
    add: (name, tags = PAST) => azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name, tags }).id,
    reap: (given = {}) => {
      const settings = inputs({ "subscription-ids": team.subscriptionId, ...given });
      return run(settings, connectWorld(rehearsal, settings.deadline));
    },
    names: () => {
      azure.arm.settle();
      return azure.arm.groups(team.subscriptionId).map((group) => String(group.id.split("/").at(-1)));
    },
    deletes: () =>
      azure.traffic
        .find({ method: "DELETE", path: /\/resourcegroups\/[^/]+$/i })
        .map(({ path }) => path.split("/").at(-1) ?? ""),
  };
  clock.tick(5);
  return rehearsal;
}

function connectWorld({ azure, team, events, summaries, warnings, cancel }: Rehearsal, deadlineMs: number): World {
  const { clock } = azure;
  const startedAt = clock.time();
  const time = {
    now: () => clock.now(),
    monotonic: () => clock.time(),
    sleep: async (milliseconds: number) => {
      await Promise.resolve();
      if (!cancel.signal.aborted) clock.advance(milliseconds);
    },
    left: () => startedAt + deadlineMs - clock.time(),
    random: () => 0.5,
  };
  const cloud = chooseCloud({
    cloud: "public",
    authorityHost: undefined,
    resourceManager: undefined,
    audience: undefined,
  });
  const credential = connectCredential({
    ...time,
    cloud,
    tenantId: team.tenantId,
    clientId: team.clientId,
    idToken: (audience) => askForIdToken(azure, team, audience),
    mask: () => undefined,
    httpClient: azure.httpClient(),
  });
  const arm = connectArm({
    cloud,
    credential,
    time,
    cancelled: cancel.signal,
    environment: {},
    httpClient: azure.httpClient(),
  });
  return {
    ...time,
    groups: connectResourceGroups(arm),
    barriers: connectBarriers(arm),
    armSkewMs: arm.skewMs,
    cancelled: cancel.signal,
    log: {
      info: () => undefined,
      notice: () => undefined,
      warning: (message) => void warnings.push(message),
      error: () => undefined,
      group: (_, work) => work(),
    },
    record: (event) => void events.push(event),
    summarize: async (markdown) => void summaries.push(markdown),
    writeReport: async () => "report.json",
    markReported: () => undefined,
  };
}

async function askForIdToken(azure: Azure, { job }: Team, audience: string): Promise<string> {
  const url = `${job.requestUrl}&audience=${encodeURIComponent(audience)}`;
  const { body } = await azure.answer({ method: "GET", url, headers: { authorization: `Bearer ${job.requestToken}` } });
  return (JSON.parse(body.toString()) as { readonly value: string }).value;
}
