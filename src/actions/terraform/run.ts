import type { Run } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Found } from "./after-init.ts";
import { beginRecord } from "./begin.ts";
import { createCommenter } from "./commenter.ts";
import { describeFailure } from "./failure.ts";
import { readRequest } from "./request.ts";
import { readRootModule } from "./root-module.ts";
import { openSession, type Session } from "./session.ts";
import type { spec } from "./spec.ts";
import { createStoryteller } from "./storyteller.ts";
import type { World } from "./world.ts";

/** Begun to load while terraform's init runs (connect.ts). */
const later = () => import("./after-init.ts");

/** Runs one command of terraform, from its inputs to its receipt. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const request = readRequest(inputs);
  const job = await world.readJob();
  // A process of its own, which begins while the configuration is read.
  const starting = request.tokenRelay && world.azure !== undefined ? world.startRelay() : undefined;
  const module = await readRootModule(request, job, world).catch(async (error: unknown) => {
    await (await starting)?.stop();
    throw error;
  });
  const commenter = createCommenter(request.comment, job, world);
  const teller = createStoryteller(beginRecord(request, job, module, world), world, commenter.update);
  await world.azure?.requireIdToken();
  const relay = await starting;
  let session: Session | undefined;
  let found: Found = {};
  let namedOutputs: Readonly<Record<string, string>> = {};
  let failure: UserError | undefined;
  try {
    session = await openSession({ request, world, job, teller, module, relay });
    const { carryOut, pickOutputs, renderOutputs } = await later();
    found = await carryOut(session);
    teller.tell({
      outputs: renderOutputs(found.outputs ?? {}),
      status: request.command === "plan" ? "planned" : "done",
    });
    if (found.outputs !== undefined) namedOutputs = pickOutputs(request.outputs, found.outputs);
  } catch (error) {
    // Anything else is ours to mend: post clears up after it.
    if (!(error instanceof UserError)) throw error;
    failure = error;
    teller.tell({ status: world.cancelled.aborted ? "cancelled" : "failed", failure: describeFailure(error) });
  }
  const { conclude, listOutputs, publish, renderOutputsJson } = await later();
  // Requests are broken off once the job is cancelled: the rest is post's, which has the time for it.
  const tell = () => ({ ...listOutputs(teller.story()), outputs: renderOutputsJson(found.outputs ?? {}) });
  if (world.cancelled.aborted) return { outputs: tell(), failure };

  const tidy = await conclude({ world, job, teller, tool: session?.tool, state: session?.state });
  if (relay !== undefined) world.log.info(await relay.stop());
  const url = await publish(teller.story(), commenter, world);
  teller.mark({ concluded: true, tidy });
  const outputs = {
    ...tell(),
    "plan-file": found.planFile,
    "comment-url": url,
    "state-key": session?.state?.place.name,
  };
  return { outputs, namedOutputs, failure };
};
