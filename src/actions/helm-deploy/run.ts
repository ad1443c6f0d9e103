import type { Run } from "../../kit/define-action.ts";
import { SUMMARY_BUDGET_BYTES } from "../../kit/markdown.ts";
import { UserError } from "../../kit/user-error.ts";
import { requireDirect } from "../cluster-route.ts";
import { deployRelease } from "./deploy-release.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { PLAIN } from "./namespace-wish.ts";
import { listOutputs } from "./outputs.ts";
import { readDigests } from "./read-digests.ts";
import type { RunRecord } from "./record.ts";
import { redactStory } from "./redact-story.ts";
import type { ReleaseOrder } from "./release-order.ts";
import { renderSummary } from "./render-summary.ts";
import { type Inputs, readRequest } from "./request.ts";
import type { Session } from "./session.ts";
import type { spec } from "./spec.ts";
import { createTeller } from "./teller.ts";
import { uninstallRelease } from "./uninstall-release.ts";
import { readUninstall } from "./uninstall-request.ts";
import { waitForNodes } from "./wait-for-nodes.ts";
import type { World } from "./world.ts";
import { writeSecrets } from "./write-secrets.ts";

/** Deploys one release and what has to be there before it, or takes it away. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const startedAt = world.now();
  const fromMs = world.monotonic();
  const { target, work } = readWork(inputs, world);
  requireDirect(world.route, "helm-deploy");
  const { name: release, namespace } = target;
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
  let failure: UserError | undefined;
  try {
    await work({ world, job, teller, helm, kubeVersion, record });
  } catch (thrown) {
    const error = explainRefusal({ world, helm }, thrown);
    // Anything else is ours to mend: post clears up after it.
    if (!(error instanceof UserError)) throw error;
    failure = error;
    if (teller.release().status === "running")
      teller.tell({ status: world.cancelled.aborted ? "cancelled" : "failed" });
    teller.fail({ code: error.code, message: error.message });
  }
  const outputs = await listOutputs({ world, teller }, target);
  if (!world.cancelled.aborted)
    await world.summarize(renderSummary(redactStory(teller.story(), world.redact), SUMMARY_BUDGET_BYTES));
  record({ concluded: true });
  return { outputs, failure };
};

/** Shorter ones would blank out ordinary words. */
const SHORTEST = 4;

interface Work {
  readonly target: Pick<ReleaseOrder, "name" | "namespace">;
  readonly work: (frame: Omit<Session, "request">) => Promise<void>;
}

function readWork(inputs: Inputs, world: World): Work {
  if (inputs.command === "uninstall") {
    const request = readUninstall(inputs, world.cluster.namespace);
    return { target: request.order, work: (frame) => uninstallRelease({ ...frame, request }) };
  }
  const request = readRequest(inputs, world.cluster.namespace);
  for (const secret of request.secretLeaves) if (secret.length >= SHORTEST) world.mask(secret);
  return { target: request.order, work: (frame) => deployAll({ ...frame, request }) };
}

async function deployAll(session: Session): Promise<void> {
  const { request, teller } = session;
  const { namespace } = request.order;
  for (const order of request.beforehand) {
    // What is made for it is to be as the release's own from its first moment on.
    const wish = order.namespace === namespace ? request.wish : PLAIN;
    await deployRelease(session, order, { namespace: wish, address: false });
  }
  // A plan needs no node.
  if (!request.planOnly) await waitForNodes(session);
  await deployRelease(session, request.order, {
    namespace: request.wish,
    address: true,
    before: () => writeSecrets(session, namespace),
  });
  teller.tell({ images: await readDigests(session, namespace) });
  if (request.checkUrl && !request.planOnly) await (await import("./ask-address.ts")).askAddress(session);
}
