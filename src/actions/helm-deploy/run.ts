import type { Run } from "../../kit/define-action.ts";
import { SUMMARY_BUDGET_BYTES } from "../../kit/markdown.ts";
import { UserError } from "../../kit/user-error.ts";
import { requireDirect } from "../cluster-route.ts";
import { deployRelease } from "./deploy-release.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { listOutputs } from "./outputs.ts";
import { readDigests } from "./read-digests.ts";
import type { RunRecord } from "./record.ts";
import { redactStory } from "./redact-story.ts";
import { renderSummary } from "./render-summary.ts";
import { readRequest } from "./request.ts";
import type { Session } from "./session.ts";
import type { spec } from "./spec.ts";
import { createTeller } from "./teller.ts";
import { waitForNodes } from "./wait-for-nodes.ts";
import type { World } from "./world.ts";
import { writeSecrets } from "./write-secrets.ts";

/** Deploys one release, and what has to be there before it. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const startedAt = world.now();
  const fromMs = world.monotonic();
  const request = readRequest(inputs, world.cluster.namespace);
  for (const secret of request.secretLeaves) if (secret.length >= SHORTEST) world.mask(secret);
  requireDirect(world.route, "helm-deploy");
  const { name: release, namespace } = request.order;
  let known: RunRecord = {
    release,
    namespace,
    kubeconfig: inputs.kubeconfig,
    context: inputs.kubeContext,
    concluded: false,
  };
  const record: Session["record"] = (change) => {
    known = { ...known, ...change };
    world.record(known);
  };
  record({});
  const [job, helm, kubeVersion] = await Promise.all([world.readJob(), world.openHelm(), world.cluster.readVersion()]);
  const facts = { startedAt, helm: helm.version.text, cluster: kubeVersion, runUrl: job.runUrl };
  const teller = createTeller(facts, world, fromMs);
  const session: Session = { request, world, job, teller, helm, kubeVersion, record };
  let failure: UserError | undefined;
  try {
    await deployAll(session);
    teller.tell({ images: await readDigests(session, namespace) });
  } catch (thrown) {
    const error = explainRefusal(session, thrown);
    // Anything else is ours to mend: post clears up after it.
    if (!(error instanceof UserError)) throw error;
    failure = error;
    if (teller.release().status === "running")
      teller.tell({ status: world.cancelled.aborted ? "cancelled" : "failed" });
    teller.fail({ code: error.code, message: error.message });
  }
  const outputs = await listOutputs(session);
  if (!world.cancelled.aborted)
    await world.summarize(renderSummary(redactStory(teller.story(), world.redact), SUMMARY_BUDGET_BYTES));
  record({ concluded: true });
  return { outputs, failure };
};

/** Shorter ones would blank out ordinary words. */
const SHORTEST = 4;

async function deployAll(session: Session): Promise<void> {
  const { request } = session;
  for (const order of request.beforehand) await deployRelease(session, order, { namespaceLabels: {} });
  // A plan needs no node.
  if (!request.planOnly) await waitForNodes(session);
  await deployRelease(session, request.order, {
    namespaceLabels: request.namespaceLabels,
    before: () => writeSecrets(session, request.order.namespace),
  });
}
