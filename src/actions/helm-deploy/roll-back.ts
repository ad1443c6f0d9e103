import { goBack } from "./go-back.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import type { Session } from "./session.ts";

/**
 * Goes back to the newest revision that was deployed, waits for it, and tells of it. Where that cannot be, the release is
 * left as it is, which is said.
 *
 * @param mayWatch whether all kinds of the chart may be watched
 * @param bad the revision that proved to be bad, where helm calls it deployed
 */
export async function rollBack(
  session: Session,
  chart: PreparedChart,
  mayWatch: boolean,
  bad?: number,
): Promise<number | undefined> {
  const { world, helm, teller, record } = session;
  const scope = { world, helm, record, phase: teller.phase, note: teller.note };
  const { folder, order } = chart;
  const went = await goBack(scope, { ...order, folder, mayWatch, bad });
  if (went.revision !== undefined) teller.tell({ revision: went.revision });
  if (went.target !== undefined) teller.tell({ status: "rolled-back", rolledBackTo: went.target });
  return went.target;
}
