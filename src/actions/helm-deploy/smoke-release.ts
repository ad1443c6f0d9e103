import { renderError } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import { provesBad } from "../../smoke/proves-bad.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import { hasFailed } from "../../smoke/totals.ts";
import { type Aftermath, JUNIT, REPORT, renderReports } from "../smoke/render-reports.ts";
import { sayTotals } from "../smoke/render-smoke.ts";
import { readTests, type Smoke, takeSmoke } from "../smoke/take-smoke.ts";
import { annotateFailures, explainSmoke } from "../smoke/tell-failures.ts";
import { foretellUrl } from "./await-url.ts";
import { markSmoke } from "./mark-smoke.ts";
import { mayBeOwnRevision } from "./own-revision.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { ReleaseOrder, SmokeWish } from "./release-order.ts";
import type { Rendered } from "./render-release.ts";
import { rollBack } from "./roll-back.ts";
import type { Session } from "./session.ts";
import { listSmokeCauses } from "./smoke-causes.ts";

/** How long a check may take that names no time of its own. */
const CHECK_MS = 60_000;

/**
 * Reads the specs as they will be for what is rendered: a mistake in them is told before anything is changed.
 *
 * @throws UserError `smoke-spec-missing`, `smoke-spec-invalid`
 */
export async function prepareSmoke(
  session: Session,
  order: ReleaseOrder,
  { spec, variables, timeoutMs }: SmokeWish,
  { objects }: Rendered,
): Promise<Smoke> {
  const url = session.request.url ?? foretellUrl(objects);
  const smoke: Smoke = {
    job: session.job,
    tools: await session.world.openSmoke(),
    order: {
      ...{ spec, variables, timeoutMs, checkTimeoutMs: CHECK_MS, namespace: order.namespace, release: order.name },
      ...{ terraform: undefined, only: [], skip: [], failFast: false, url },
    },
  };
  await readTests(smoke, {
    ...{ name: order.name, namespace: order.namespace, revision: 1, status: "deployed", description: "" },
    ...{ deployedAt: "", labels: {}, hooks: [], values: {}, applyMethod: "ssa" },
    // Known only once helm has made the release; they are as long as any.
    chart: { name: order.name, version: "0.0.0", appVersion: "0.0.0" },
    manifest: objects.map(({ object }) => JSON.stringify(object)).join("\n---\n"),
  });
  return smoke;
}

export interface SmokeFacts {
  readonly smoke: Smoke;
  readonly chart: PreparedChart;
  readonly mayWatch: boolean;
  /** Whether this step has made the newest revision. What it has not made it does not take back. */
  readonly changed: boolean;
}

/**
 * Takes the smoke test of a release that is ready. One that fails takes the release back, and is taken again there.
 *
 * @throws UserError `smoke-failed`, `cancelled`, and what keeps it from being taken
 */
export async function smokeRelease(session: Session, facts: SmokeFacts): Promise<void> {
  const { world, teller, request } = session;
  const { release } = facts.chart.order;
  using held = new DisposableStack();
  held.defer(() => facts.smoke.tools.end());
  const { stored, result } = await take(session, facts);
  const record = stored?.record;
  await writeReports(session, result, undefined);
  annotateFailures(result, world.log);
  if (world.cancelled.aborted) teller.tell({ status: "cancelled" });
  refuseCancelled(world, `the smoke test of ${release}`);
  const failed = hasFailed(result);
  // What has been deployed before had passed, unless it is written down that it has not.
  if (stored !== undefined && (facts.changed || !failed)) await markSmoke(session, stored, failed);
  if (!failed) return;
  teller.tell({ status: "failed", causes: listSmokeCauses(result) });
  if (request.evidence !== "never") await keepEvidence(session, release, result);
  if (request.rollback !== "on-failure" || !facts.changed || record === undefined) throw explainSmoke(result);
  if (!provesBad(result)) {
    teller.note(`Nothing shows that revision ${record.revision} of ${release} is bad: it is not rolled back.`);
    throw explainSmoke(result);
  }
  if (!mayBeOwnRevision(record, session.job)) {
    teller.note(`Somebody else has made revision ${record.revision} of ${release} meanwhile: it is not rolled back.`);
    throw explainSmoke(result);
  }
  const target = await rollBack(session, facts.chart, facts.mayWatch, record.revision);
  if (target === undefined) throw explainSmoke(result);
  const again = await takeAgain(session, facts);
  await writeReports(session, result, { target, result: again });
  const told = again === undefined ? [] : [`After going back to revision ${target}: ${sayTotals(again)}.`];
  throw explainSmoke(result, [`${release} went back to revision ${target}.`, ...told]);
}

interface Taken {
  readonly stored: StoredRelease | undefined;
  readonly result: SmokeResult;
}

/** Where it cannot be taken the release is not proven to be good, nor to be bad. */
async function take(session: Session, { smoke, chart }: SmokeFacts): Promise<Taken> {
  const { teller, world } = session;
  const { namespace, release } = chart.order;
  try {
    const { releases } = await world.readReleases(namespace, release);
    const [stored] = releases;
    const result = await teller.phase("smoke test", async () =>
      takeSmoke(smoke, await readTests(smoke, stored?.record)),
    );
    teller.smoke({ title: `Smoke test of revision ${stored?.record.revision ?? ""}`, result });
    return { stored, result };
  } catch (error) {
    teller.tell({ status: world.cancelled.aborted ? "cancelled" : "failed" });
    teller.note(`The smoke test could not be taken, so ${release} does not count as deployed. It is left as it is.`);
    throw error;
  }
}

/** What was there before is looked at alike: where it fails, too, the fault is not the release's. */
async function takeAgain(session: Session, { smoke, chart }: SmokeFacts): Promise<SmokeResult | undefined> {
  const { teller, world } = session;
  const { namespace, release } = chart.order;
  try {
    const { releases } = await world.readReleases(namespace, release);
    const record = releases[0]?.record;
    const result = await teller.phase("smoke test again", async () => takeSmoke(smoke, await readTests(smoke, record)));
    teller.smoke({ title: `Smoke test of revision ${record?.revision ?? ""}, after going back`, result });
    if (hasFailed(result)) {
      teller.note(`The smoke test fails after going back, too: look for the fault outside of ${release} as well.`);
    }
    return result;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    teller.note(`The smoke test could not be taken again: ${renderError(error)}`);
    return undefined;
  }
}

async function writeReports({ world, teller }: Session, result: SmokeResult, back: Aftermath | undefined) {
  const paths = new Map<string, string>();
  for (const { name, text } of renderReports(result, back)) paths.set(name, await world.files.writeReport(name, text));
  teller.report({ junit: paths.get(JUNIT) ?? "", json: paths.get(REPORT) ?? "" });
}

async function keepEvidence({ world, teller }: Session, release: string, result: SmokeResult): Promise<void> {
  const kept = result.tests.flatMap((test) =>
    test.steps.flatMap((step) => step.evidence.map(({ title, text }) => ({ title: `${step.name}: ${title}`, text }))),
  );
  const files = kept.map(({ title, text }, index) => ({ name: `smoke-${index + 1}.txt`, text: `${title}\n\n${text}` }));
  const before = teller.story().evidence;
  let folder = before?.folder ?? "";
  for (const { name, text } of files) {
    const path = await world.files.writeReport(`${release}/${name}`, `${text}\n`);
    folder = path.slice(0, -name.length - 1);
  }
  if (folder !== "") teller.keep({ folder, files: [...(before?.files ?? []), ...files] });
}
