import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import type { InputsOf, OutputsOf, Run } from "../../kit/define-action.ts";
import { SUMMARY_BUDGET_BYTES } from "../../kit/markdown.ts";
import { UserError } from "../../kit/user-error.ts";
import type { ExecAnswer } from "../../kubeconfig/exec-credential.ts";
import { renderKubeconfig } from "../../kubeconfig/render-kubeconfig.ts";
import { readIdentity } from "../../oidc/identity-kind.ts";
import { choosePlace } from "../clusters/place.ts";
import { explainState } from "./cluster-state.ts";
import { prepareCredential } from "./credential.ts";
import { listExports, sayExports } from "./exports.ts";
import { askPatiently, havePatience, type Patience } from "./patience.ts";
import { type Arrival, reach } from "./reach.ts";
import { renderSummary } from "./render-summary.ts";
import type { spec } from "./spec.ts";
import type { KubeconfigFolder, World } from "./world.ts";

type Spec = typeof spec;
type Outputs = OutputsOf<Spec>;

/** Writes a kubeconfig for a cluster, and proves that it leads there. What is known of the cluster is told in any case. */
export const run: Run<Spec, World> = async (inputs, world) => {
  const patience = havePatience(world, inputs.accessTimeout);
  const place = choosePlace(inputs);
  const folder = await world.makeFolder();
  const over = new AbortController();
  // Beside the questions where the cluster is. A command that Azure runs brings its own token.
  const alone = inputs.admin || inputs.route === "run-command";
  const loggingIn = alone ? undefined : world.logIn(folder, over.signal);
  loggingIn?.catch(() => undefined);
  try {
    const facts = await askPatiently(patience, () => world.clusters.require(place));
    return await setContextOf(facts, { folder, loggingIn }, inputs, patience, world);
  } finally {
    over.abort();
  }
};

/** The plugin's folder, and its first answer; undefined where nobody needs it. */
interface LoggingIn {
  readonly folder: KubeconfigFolder;
  readonly loggingIn: Promise<ExecAnswer> | undefined;
}

async function setContextOf(
  facts: ClusterFacts,
  plugin: LoggingIn,
  inputs: InputsOf<Spec>,
  patience: Patience,
  world: World,
): ReturnType<typeof run> {
  const known = listFacts(facts);
  const fault = explainState(facts);
  if (fault !== undefined) return { outputs: known, failure: fault };
  try {
    return { outputs: { ...known, ...(await setContext(facts, plugin, inputs, patience, world)) } };
  } catch (error) {
    if (error instanceof UserError) return { outputs: known, failure: error };
    throw error;
  }
}

async function setContext(
  facts: ClusterFacts,
  { folder, loggingIn }: LoggingIn,
  inputs: InputsOf<Spec>,
  patience: Patience,
  world: World,
): Promise<Outputs> {
  const { entrance, user } = await prepareCredential(facts, inputs, folder, patience, world);
  const context = inputs.contextName ?? facts.name;
  const text = renderKubeconfig({ ...entrance, name: context, namespace: inputs.namespace, user });
  const kubeconfig = await folder.writeKubeconfig(text);
  const login = user.kind === "exec" ? await loggingIn : undefined;
  const objectId = login === undefined ? undefined : readIdentity(login.token).objectId;
  const namespace = inputs.namespace ?? "default";
  const visit = { facts, server: entrance.server, kubeconfig, token: login?.token, namespace, objectId, patience };
  const arrival = await reach(inputs.route, visit, world);
  if (arrival.warning !== undefined) world.log.warning(arrival.warning);

  if (inputs.export) {
    const exported = { kubeconfig, route: arrival.route, clusterId: facts.id };
    for (const line of sayExports(exported, world.environment)) world.log.info(line);
    for (const [name, value] of Object.entries(listExports(exported))) world.exportVariable(name, value);
  }
  const renews = user.kind === "exec";
  const story = { facts, context, server: entrance.server, namespace, arrival, renews, expiresAt: login?.expiresAt };
  world.log.info(sayArrival(facts, arrival, context, entrance.server));
  await world.summarize(renderSummary(story, SUMMARY_BUDGET_BYTES));
  return {
    kubeconfig,
    context,
    server: entrance.server,
    "kubernetes-version": arrival.version,
    route: arrival.route,
  };
}

function sayArrival(
  { name }: ClusterFacts,
  { version, user, route }: Arrival,
  context: string,
  server: string,
): string {
  const who = user === "" ? "" : ` as ${user}`;
  const how = route === "direct" ? "" : ", by commands that Azure runs in it";
  return `The context "${context}" leads to "${name}" (Kubernetes ${version}, ${server})${who}${how}.`;
}

function listFacts(facts: ClusterFacts): Outputs {
  return {
    "cluster-id": facts.id,
    "kubernetes-version": facts.version,
    "oidc-issuer": facts.oidcIssuer,
    "kubelet-object-id": facts.kubelet?.objectId,
    "node-resource-group": facts.nodeResourceGroup,
    private: facts.private,
    auth: facts.auth,
    "keda-addon": facts.keda,
  };
}
