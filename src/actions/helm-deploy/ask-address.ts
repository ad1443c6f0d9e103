import { renderDuration } from "../../kit/duration.ts";
import { UserError } from "../../kit/user-error.ts";
import { renderReport } from "../../smoke/report/json.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import { hasFailed, isFailure, listChecks } from "../../smoke/totals.ts";
import { readTests, takeSmoke } from "../smoke/take-smoke.ts";
import { addressSpec } from "./address-spec.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { Session } from "./session.ts";
import { listSmokeCauses } from "./smoke-causes.ts";

/** The check's own time counts. */
const WHOLE_MS = 60 * 60_000;

/**
 * Asks where the release is reached, as people will, until it answers without an error; a release without an address is
 * not asked. One that does not answer is not rolled back: the fault may lie in what stands between.
 *
 * @throws UserError `smoke-failed`, `cancelled`
 */
export async function askAddress(session: Session): Promise<void> {
  const { world, teller, request, job } = session;
  const { url = request.url } = teller.release();
  if (url === undefined) return;
  const { urlPath, urlTimeout: checkTimeoutMs } = request;
  const { namespace } = request.order;
  const address = `${url}${urlPath}`;
  const tools = { ...(await world.openSmoke()), specs: addressSpec };
  using held = new DisposableStack();
  held.defer(() => tools.end());
  const order = {
    ...{ spec: [addressSpec.file], variables: { address }, timeoutMs: WHOLE_MS, checkTimeoutMs, namespace },
    ...{ release: undefined, terraform: undefined, only: [], skip: [], failFast: false },
  };
  const smoke = { job, tools, order };
  const result = await teller.phase("address", async () => takeSmoke(smoke, await readTests(smoke, undefined)));
  teller.smoke({ title: "Address", result });
  teller.tell({ urlReport: await world.files.writeReport(addressSpec.report, `${renderReport(result)}\n`) });
  if (world.cancelled.aborted) teller.tell({ status: "cancelled" });
  refuseCancelled(world, `the address ${address}`);
  if (!hasFailed(result)) return;
  const sentence = `${address} does not answer as it should: ${tellCheck(result)}`;
  const causes = listSmokeCauses(result).map((cause) => ({ ...cause, sentence }));
  teller.tell({ status: "failed", causes: causes.slice(0, 1) });
  const text = `${sentence} (asked for ${renderDuration(checkTimeoutMs)}).\nTo do: look at what leads to ${request.order.name}: its Ingress or LoadBalancer, its name in the DNS, its certificate. The release is left as it is. Where this runner cannot reach it: check-url: false.`;
  throw new UserError("smoke-failed", text);
}

function tellCheck(result: SmokeResult): string {
  const failed = listChecks(result).filter(({ check }) => isFailure(check));
  return failed.map(({ check: { expected, seen } }) => `expected ${expected}; seen: ${seen}`).join(", ");
}
