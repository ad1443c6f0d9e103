import { UserError } from "../../kit/user-error.ts";
import { explainDenial, explainUnknown, isAzureDenial } from "./explain-denial.ts";
import type { Arrival, ReachWorld, Visit } from "./reach.ts";

/** No value of anybody's is in it. */
const COMMAND = "kubectl get --raw /version && echo && kubectl auth whoami --output json";
const LONGEST_WORDS = 1_000;

/** By a command that Azure runs in a pod of the cluster: no way to the API server is needed. It takes half a minute. */
export async function reachByCommand(visit: Visit, world: ReachWorld): Promise<Arrival> {
  const { facts, namespace, objectId } = visit;
  world.log.info(`Asking "${facts.name}" by a command that Azure runs in it; this takes about half a minute.`);
  const { exitCode, output } = await world.clusters.runCommand(facts, { command: COMMAND });
  const [, version] = /"gitVersion":\s*"v?([^"]+)"/.exec(output) ?? [];
  const [, user] = /"username":\s*"([^"]+)"/.exec(output) ?? [];
  if (exitCode === 0 && version !== undefined) return { route: "run-command", version, user: user ?? "" };
  const said = output.trim().slice(-LONGEST_WORDS);
  if (isAzureDenial(said) || /\bForbidden\b/i.test(said)) throw explainDenial({ facts, namespace, objectId, said });
  if (/\bUnauthorized\b|must be logged in/i.test(said)) throw explainUnknown({ facts, said });
  throw new UserError(
    "run-command-failed",
    `The command that Azure ran in the cluster "${facts.name}" ended with exit code ${exitCode}:\n${said}\nTo do: run it by hand: az aks command invoke --resource-group ${facts.resourceGroup} --name ${facts.name} --command "kubectl version"`,
  );
}
