import type { Cause } from "../../rollout/cause.ts";
import type { CauseCode } from "../../rollout/cause-codes.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import { isFailure, listChecks } from "../../smoke/totals.ts";

const MOST_CAUSES = 20;
const causeCode: CauseCode = "smoke/failed";

/** Why a release is not what it should be, by the checks of its smoke test that failed. */
export function listSmokeCauses(result: SmokeResult): readonly Cause[] {
  const failed = listChecks(result).filter(({ check }) => isFailure(check));
  return failed.slice(0, MOST_CAUSES).map(({ test, step, check }) => {
    const [first, ...others] = check.involved;
    const subject = first ?? { apiVersion: "mayfly/v1alpha1", kind: "SmokeTest", name: test.name };
    return {
      code: causeCode,
      subject,
      also: others,
      where: subject,
      container: undefined,
      sentence: `${step.name}: ${check.name}: expected ${check.expected}; seen: ${check.seen}`,
      fix: `look at the evidence; the check stands in ${test.file}, line ${check.line}`,
      said: "",
      logs: [],
    };
  });
}
