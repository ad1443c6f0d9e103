import type { Run } from "../../kit/define-action.ts";
import { provesBad } from "../../smoke/proves-bad.ts";
import { hasFailed } from "../../smoke/totals.ts";
import { requireDirect } from "../cluster-route.ts";
import type { Smoke } from "../smoke/take-smoke.ts";
import { findRelease } from "./find-release.ts";
import { publish } from "./publish.ts";
import { readOrder } from "./request.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** Takes the checks of all specs, and tells what came of them. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const fromMs = world.monotonic();
  const goesBack = inputs.onFailure === "rollback";
  if (goesBack) requireDirect(world.route, "smoke-test with on-failure: rollback");
  const [job, tools] = await Promise.all([world.readJob(), world.openSmoke()]);
  using held = new DisposableStack();
  held.defer(() => tools.end());
  const order = readOrder(inputs, tools.world.cluster?.namespace);
  const smoke: Smoke = { order, job, tools };
  const reports = await world.openReports();
  // What it takes to go back is looked for before it is needed.
  const helm = goesBack ? await world.openHelm() : undefined;
  const { namespace, release } = order;
  const record = release === undefined ? undefined : await findRelease(tools.world, namespace, release);
  const { readTests, takeSmoke } = await import("../smoke/take-smoke.ts");
  const result = await takeSmoke(smoke, await readTests(smoke, record));
  const notes: string[] = [];
  const note = (sentence: string): void => {
    const text = world.redact(sentence);
    world.log.info(text);
    notes.push(text);
  };
  const wanted = helm !== undefined && record !== undefined && hasFailed(result) && !world.cancelled.aborted;
  const goes = wanted && provesBad(result);
  if (wanted && !goes) {
    note(`Nothing shows that revision ${record.revision} of ${record.name} is bad: it is not rolled back.`);
  }
  const facts = { smoke, kubeconfig: inputs.kubeconfig, context: inputs.kubeContext, note };
  const back = goes
    ? await import("./roll-back.ts").then(({ rollBack }) => rollBack({ ...facts, record, helm }, world))
    : undefined;
  const story = { result, release: record, back, notes, cancelled: world.cancelled.aborted };
  const { outputs, failure } = await publish(story, reports, world);
  return { outputs: { ...outputs, "duration-ms": Math.round(world.monotonic() - fromMs) }, failure };
};
