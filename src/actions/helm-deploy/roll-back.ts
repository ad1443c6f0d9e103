import { explainHelm } from "../../helm/explain-helm.ts";
import { makeRollbackArguments } from "../../helm/helm-arguments.ts";
import { chooseRollbackTarget } from "../../helm/release-history.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import type { Session } from "./session.ts";

/**
 * Goes back to the newest revision that was deployed, and waits for it. Returns that revision; undefined when there is
 * none, or it could not be reached, which is said.
 */
export async function rollBack(session: Session, chart: PreparedChart): Promise<number | undefined> {
  const { world, helm, teller } = session;
  const { release: name, namespace } = chart.order;
  const { releases } = await world.readReleases(namespace, name);
  // helm may have called the newest one deployed: it does not look as long as we do.
  const target = chooseRollbackTarget(
    releases.map(({ record }) => record),
    releases[0]?.record.revision,
  );
  if (target === undefined) {
    teller.note(`${name} was never deployed before: there is nothing to go back to. It is left as it is, for a look.`);
    return undefined;
  }
  world.log.info(`rolling ${name} back to revision ${target}`);
  const parameters = makeRollbackArguments(chart.order, target, helm.version);
  const done = await teller.phase("roll back", () => helm.run({ name: "rollback", parameters }));
  if (done.exitCode === 0) {
    teller.note(`${name} went back to revision ${target}.`);
    return target;
  }
  const { message } = explainHelm(done.stderr, { version: helm.version, chart: chart.folder });
  const text = `${name} could not go back to revision ${target}: ${message}\nTo do: helm rollback ${name} ${target} --namespace ${namespace} --wait`;
  world.log.error(world.redact(text), { title: "Not rolled back" });
  return undefined;
}
