import type { InputsOf, Run } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { findFailure } from "./failures.ts";
import { findSources } from "./find-sources.ts";
import { findTargets } from "./find-targets.ts";
import { type ImageLine, parseImages } from "./parse-images.ts";
import { publish } from "./publish.ts";
import { resolveSources } from "./resolve-source.ts";
import type { spec } from "./spec.ts";
import { sync } from "./sync.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** Brings every image to every registry, and reports what became of each. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const deadline = { deadlineAt: world.monotonic() + inputs.deadline, deadlineMs: inputs.deadline };
  const { images, targetNames } = readRequest(inputs);
  const [targets, sources] = await Promise.all([
    findTargets(targetNames, world),
    findSources(images, inputs, world),
  ]).catch((error: unknown) => {
    // A cancel breaks off what is under way: that says nothing about a registry.
    if (!world.cancelled.aborted) throw error;
    throw new UserError("cancelled", "The job was cancelled before the registries were found. Nothing was imported.");
  });
  const resolve = resolveSources(sources, world);
  const records = await sync(images, targets, { ...inputs, ...deadline, resolve }, world);
  const failure = findFailure(records, world.cancelled.aborted);
  return { outputs: await publish(records, { dryRun: inputs.dryRun, failure }, world), failure };
};

/** @throws UserError `bad-input` that names every problem at once, before anybody is asked. */
function readRequest(inputs: Inputs): {
  readonly images: readonly ImageLine[];
  readonly targetNames: readonly string[];
} {
  const { images, problems } = parseImages(inputs.images);
  const targetNames = [...(inputs.registry === undefined ? [] : [inputs.registry]), ...inputs.targets];
  const all = [...problems];
  if (targetNames.length === 0) all.push("registry, targets: expected at least one registry that gets the images");
  if (inputs.sourceUsername !== undefined && inputs.sourceToken === undefined)
    all.push("source-token: expected the password that goes with source-username, got nothing");
  if (all.length > 0) throw new UserError("bad-input", all.join("\n"));
  return { images, targetNames };
}
