import { explainHelm } from "../../helm/explain-helm.ts";
import { makeTestArguments } from "../../helm/helm-arguments.ts";
import { UserError } from "../../kit/user-error.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import { rollBack } from "./roll-back.ts";
import type { Session } from "./session.ts";

/** Runs the chart's own tests. @throws UserError `helm-test-failed`, `cancelled` */
export async function runTests(session: Session, chart: PreparedChart, mayWatch: boolean): Promise<void> {
  const { helm, world, teller } = session;
  const done = await teller.phase("helm test", () =>
    helm.run({ name: "test", parameters: makeTestArguments(chart.order) }),
  );
  for (const line of done.stdout.split("\n")) if (line.trim() !== "") world.log.info(world.redact(line));
  if (done.exitCode === 0) return;
  refuseCancelled(world, `the tests of ${chart.order.release}`);
  const { message } = explainHelm(done.stderr, { version: helm.version, chart: chart.folder });
  teller.tell({ status: "failed" });
  if (session.request.rollback === "on-failure" && teller.release().previous !== undefined) {
    await rollBack(session, chart, mayWatch);
  }
  const text = `The tests of ${chart.order.release} failed: ${message}\nTo do: helm test ${chart.order.release} --namespace ${chart.order.namespace} --logs`;
  throw new UserError("helm-test-failed", world.redact(text));
}
