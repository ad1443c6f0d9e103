import type { BuildRequest, BuildWarning } from "../../image/build-request.ts";
import { findCheckoutFault } from "../../image/find-checkout-fault.ts";
import type { GitFacts } from "../../image/git-facts.ts";
import { computeLabels } from "../../image/labels.ts";
import type { Repository } from "../../image/repository.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { type PlanFault, planBuild } from "./plan-build.ts";
import { type ImagePlan, planImage } from "./plan-image.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** All that is settled before anything is built or asked of a registry. */
export interface Plan {
  readonly facts: GitFacts;
  readonly image: ImagePlan;
  /** Undefined when an image is pushed that exists already. */
  readonly request: BuildRequest | undefined;
  /** What the Dockerfile should not have, for builders that do not say it themselves. */
  readonly warnings: readonly BuildWarning[];
  /** Undefined when nothing is pushed. */
  readonly loginServer: string | undefined;
}

/** Stands for the registry while its login server is not known. */
const UNKNOWN_HOST = "registry";

/**
 * Reads the inputs against the event and the machine, then finds the registry.
 *
 * @throws UserError `bad-input` (or a code of its own when only one thing is wrong) with everything that is wrong.
 */
export async function planRun(inputs: Inputs, world: World): Promise<Plan> {
  const facts = await world.readFacts();
  const image = planImage(inputs, facts, UNKNOWN_HOST);
  const first = "value" in image ? image.value : undefined;
  const computed = computeLabels(facts, {
    version: first?.tags[0],
    labels: inputs.labels,
    annotations: inputs.annotations,
  });
  const build =
    inputs.from === undefined
      ? await planBuild(inputs, { ...computed, committedAt: facts.committedAt }, world.files)
      : undefined;
  const problems = [
    ...("problems" in image ? image.problems : []),
    ...(build !== undefined && "problems" in build ? build.problems : []),
    ...(await checkCheckout(inputs, facts, world)),
    ...listMissing(inputs).map((message) => ({ code: "bad-input", message })),
  ];
  if (problems.length > 0 || !("value" in image) || (build !== undefined && "problems" in build))
    throw refuse(problems);

  const loginServer =
    inputs.push && inputs.registry !== undefined ? await findLoginServer(inputs.registry, world) : undefined;
  const settle = (one: Repository): Repository =>
    one.host === UNKNOWN_HOST ? { ...one, host: loginServer ?? inputs.registry ?? UNKNOWN_HOST } : one;
  const [primary, ...others] = image.value.repositories;
  return {
    facts,
    image: { ...image.value, repositories: [settle(primary), ...others.map(settle)] },
    request: build?.request,
    warnings: build?.warnings ?? [],
    loginServer,
  };
}

async function findLoginServer(registry: string, world: World): Promise<string> {
  try {
    return await world.findLoginServer(registry);
  } catch (error) {
    // A cancel breaks off what is under way: that says nothing about the registry.
    if (!world.cancelled.aborted) throw error;
    throw new UserError("cancelled", "The job was cancelled before the registry was found. Nothing was built.");
  }
}

/** Only what is built and pushed can pass for something else. */
async function checkCheckout(inputs: Inputs, facts: GitFacts, world: World): Promise<readonly PlanFault[]> {
  if (!inputs.push || inputs.from !== undefined || !facts.ofPullRequest) return [];
  const message = findCheckoutFault(facts, await world.readCheckout());
  return message === undefined ? [] : [{ code: "checkout-mismatch", message }];
}

function refuse(problems: readonly PlanFault[]): UserError {
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) return new UserError(first.code, first.message, first);
  return new UserError("bad-input", problems.map(({ message }) => message).join("\n"));
}

/** What a push needs and a build does not. */
function listMissing(inputs: Inputs): readonly string[] {
  if (!inputs.push)
    return inputs.from === undefined ? [] : ["from: nothing would happen with push: false; leave one of them out"];
  const needsRegistry = inputs.images.some((text) => !/^[^/]*[.:][^/]*\/|^localhost\//.test(text));
  const problems: string[] = [];
  if (needsRegistry && inputs.registry === undefined) {
    problems.push(
      "registry: expected the registry's name or login server, got nothing. Give it, or push: false to build only",
    );
  }
  const ghcr = inputs.images.some((text) => text.startsWith("ghcr.io/"));
  if (ghcr && inputs.ghcrToken === undefined) {
    problems.push(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's.
      "ghcr-token: expected the job's token for ghcr.io, got nothing. Give it: ghcr-token: ${{ github.token }} (with permissions: packages: write)",
    );
  }
  if (inputs.registry !== undefined) {
    const ids = { "client-id": inputs.clientId, "tenant-id": inputs.tenantId };
    const absent = Object.entries(ids).flatMap(([name, value]) => (value === undefined ? [name] : []));
    problems.push(
      ...absent.map(
        (name) =>
          `${name}: expected a value, got nothing; run azure-login in an earlier step of this job: it exports both ids`,
      ),
    );
  }
  return problems;
}
