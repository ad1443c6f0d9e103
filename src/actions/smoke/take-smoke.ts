import type { ReleaseRecord } from "../../helm/release-record.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import type { SmokeTest } from "../../smoke/smoke-test.ts";
import type { JobFacts } from "../job-facts.ts";
import { readSpecs } from "./read-specs.ts";
import { redactResult } from "./redact-result.ts";
import { runSmoke } from "./run-smoke.ts";
import { makeBindings } from "./smoke-bindings.ts";
import type { SmokeOrder, SmokeTools } from "./smoke-order.ts";

/** A smoke test of what stands now. */
export interface Smoke {
  readonly order: SmokeOrder;
  readonly job: JobFacts;
  readonly tools: SmokeTools;
}

/**
 * Reads the specs for a revision of the release.
 *
 * @throws UserError `smoke-spec-missing`, `smoke-spec-invalid`
 */
export function readTests(
  { order, job, tools }: Smoke,
  release: ReleaseRecord | undefined,
): Promise<readonly SmokeTest[]> {
  const { namespace, terraform, variables, url } = order;
  const unique = tools.makeUnique();
  return readSpecs(order, makeBindings({ namespace, release, job, terraform, variables, url, unique }), tools);
}

/** Takes the checks of specs that were read. What it gives holds no secret. @throws UserError `smoke-nothing-checked` */
export async function takeSmoke({ order, tools }: Smoke, tests: readonly SmokeTest[]): Promise<SmokeResult> {
  const { release, only, skip, timeoutMs, failFast } = order;
  const options = { ...(release === undefined ? {} : { release }), only, skip, timeoutMs, failFast };
  return redactResult(await runSmoke(tests, tools.world, options), tools.world.redact);
}
