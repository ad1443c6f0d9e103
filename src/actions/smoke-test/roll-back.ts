import type { ReleaseRecord } from "../../helm/release-record.ts";
import { renderError } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import { type GoBackScope, goBack } from "../helm-deploy/go-back.ts";
import type { RunRecord } from "../helm-deploy/record.ts";
import type { Helm } from "../helm-deploy/world.ts";
import type { Aftermath } from "../smoke/render-reports.ts";
import { readTests, type Smoke, takeSmoke } from "../smoke/take-smoke.ts";
import type { World } from "./world.ts";

/** As long as a deployment gives to a rollout. */
const TIMEOUT_MS = 5 * 60_000;

export interface RollBackFacts {
  readonly smoke: Smoke;
  /** The revision that was looked at. */
  readonly record: ReleaseRecord;
  readonly helm: Helm;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Told of what becomes of it. */
  readonly note: (sentence: string) => void;
}

/** Takes the release back to what was deployed before, and the smoke test again there. Undefined where it stays. */
export async function rollBack(facts: RollBackFacts, world: World): Promise<Aftermath | undefined> {
  const { smoke, record, helm, kubeconfig, context, note } = facts;
  const { world: cluster } = smoke.tools;
  const { name: release, namespace, revision } = record;
  // Who has a release has a cluster.
  if (cluster.lastingCluster === undefined) return undefined;
  let known: RunRecord = { release, namespace, kubeconfig, context, concluded: false };
  const write = (change: Partial<RunRecord>): void => {
    known = { ...known, ...change };
    world.record(known);
  };
  const scope: GoBackScope = {
    world: { ...cluster, lastingCluster: cluster.lastingCluster },
    helm,
    record: write,
    phase: (_, work) => work(),
    note,
  };
  // The kinds of the release may not all be ours to watch, and helm 4 fails over one that is not.
  const order = { release, namespace, context, timeoutMs: TIMEOUT_MS, force: false, mayWatch: false };
  const went = await goBack(scope, { ...order, folder: undefined, bad: revision });
  write({ concluded: true });
  if (went.target === undefined) return undefined;
  return { target: went.target, result: await takeAgain(smoke, record, note) };
}

/** A spec may be about what only the newer revision has: that it cannot be read then is told, and hides nothing. */
async function takeAgain(
  smoke: Smoke,
  { name, namespace }: ReleaseRecord,
  note: (sentence: string) => void,
): Promise<SmokeResult | undefined> {
  try {
    const { releases } = await smoke.tools.world.readReleases(namespace, name);
    return await takeSmoke(smoke, await readTests(smoke, releases[0]?.record));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    note(`The smoke test could not be taken again: ${renderError(error)}`);
    return undefined;
  }
}
