import { parseRepository } from "../../image/parse-repository.ts";
import { type PurgeEnvironment, parsePurgeEnvironment } from "../../image/purge-environment.ts";
import type { InputsOf, Run } from "../../kit/define-action.ts";
import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import { findFailure, findStop, findUnreadable } from "./failures.ts";
import { describeOutcome, type ItemRecord, renderItem } from "./outcome.ts";
import { makePlan, type RepositoryPlan } from "./plan.ts";
import { printPlan } from "./print-plan.ts";
import { publish } from "./publish.ts";
import { purgeRepository } from "./purge-repository.ts";
import type { spec } from "./spec.ts";
import { decideFuse } from "./story.ts";
import type { PurgeRegistry, World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** Plans, and unless it is a dry run, carries the plan out and reports what became of each tag and manifest. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const deadlineAt = world.monotonic() + inputs.deadline;
  const { environment, repositories } = readRequest(inputs);
  const facts = await world.requireRegistry(inputs.registry).catch((error: unknown) => {
    // A cancel breaks off what is under way: that says nothing about the registry.
    if (!world.cancelled.aborted) throw error;
    throw new UserError("cancelled", "The job was cancelled before the registry was found. Nothing was removed.");
  });
  const names = listNames(repositories, facts.loginServer);
  const registry = world.openRegistry(facts);
  const plans = await makePlan(names, registry, { ...inputs, environment }, world);
  const fuse = decideFuse(plans, inputs.maxDeletions);
  await printPlan(plans, fuse, inputs, world);

  const stop = findStop(plans, fuse);
  const acts = stop === undefined && !inputs.dryRun;
  const { records, cutShort } = acts
    ? await purge(plans, { environment, registry, deadlineAt, inputs }, world)
    : { records: [], cutShort: "" };
  const failure = stop ?? findFailure(plans, records);
  const story = { environment: environment.name, registry: facts, dryRun: inputs.dryRun, plans, fuse, records };
  const outputs = await publish({ ...story, cutShort, failure }, world);
  return { outputs, failure: inputs.dryRun ? findUnreadable(plans) : failure };
};

interface Task {
  readonly environment: PurgeEnvironment;
  readonly registry: PurgeRegistry;
  /** `monotonic` milliseconds. */
  readonly deadlineAt: number;
  readonly inputs: Inputs;
}

/** One repository after the other: within each, requests run side by side. */
async function purge(
  plans: readonly RepositoryPlan[],
  { environment, registry, deadlineAt, inputs }: Task,
  world: World,
): Promise<{ readonly records: readonly ItemRecord[]; readonly cutShort: string }> {
  const records: ItemRecord[] = [];
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  let refused: string | undefined;
  const stopped = (): string | undefined => {
    if (world.cancelled.aborted) return "the job was cancelled";
    if (refused !== undefined) return "the registry refused another one";
    return world.monotonic() < deadlineAt
      ? undefined
      : `the deadline of ${renderDuration(inputs.deadline)} was reached`;
  };
  for (const plan of plans) {
    await purgeRepository(
      {
        plan,
        environment,
        registry,
        concurrency: inputs.concurrency,
        stopped,
        giveUp: (because) => {
          refused = because;
        },
        record: (item, outcome) => {
          records.push({ item, outcome });
          progress.say(`${renderItem(item)}: ${describeOutcome(outcome)}`);
        },
      },
      world,
    );
  }
  const left = records.some(({ outcome }) => outcome.kind === "not-started" || outcome.kind === "asked");
  return { records, cutShort: left ? (stopped() ?? "") : "" };
}

/** Stands for the registry of names that bring none, while nobody has asked which one it is. */
const OWN_REGISTRY = "registry";

interface Request {
  readonly environment: PurgeEnvironment;
  readonly repositories: readonly { readonly host: string; readonly name: string }[];
}

/** @throws UserError that names every problem at once, before anybody is asked. */
function readRequest(inputs: Inputs): Request {
  const environment = parsePurgeEnvironment(inputs.environment);
  const repositories = inputs.repositories.map((text) => parseRepository(text, OWN_REGISTRY));
  const problems = [environment, ...repositories].flatMap((parsed) => ("problems" in parsed ? parsed.problems : []));
  const [first] = problems;
  if (first !== undefined || "problems" in environment) {
    const codes = new Set(problems.map(({ code }) => code));
    const text = problems.map(({ message }) => message).join("\n");
    throw new UserError(codes.size === 1 && first !== undefined ? first.code : "bad-input", text);
  }
  return {
    environment: environment.value,
    repositories: repositories.flatMap((parsed) => ("value" in parsed ? [parsed.value] : [])),
  };
}

/** @throws UserError `bad-input` for a repository of another registry */
function listNames(repositories: Request["repositories"], loginServer: string): readonly string[] {
  const foreign = repositories.filter(({ host }) => host !== OWN_REGISTRY && host !== loginServer.toLowerCase());
  if (foreign.length > 0) {
    const lines = foreign.map(
      ({ host, name }) => `repositories: expected repositories of ${loginServer}, got ${host}/${name}`,
    );
    throw new UserError("bad-input", lines.join("\n"));
  }
  return [...new Set(repositories.map(({ name }) => name))];
}
