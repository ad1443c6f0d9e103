import { imageRecordName, renderPushedImages } from "../../image/pushed-image.ts";
import { renderReference } from "../../image/repository.ts";
import type { InputsOf, OutputsOf, Run } from "../../kit/define-action.ts";
import { renderError } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import { makeOutputs } from "./outputs.ts";
import { type Plan, planRun } from "./plan-run.ts";
import { publish } from "./publish.ts";
import { renderSummary } from "./render-summary.ts";
import type { spec } from "./spec.ts";
import type { Story } from "./story.ts";
import type { World } from "./world.ts";

/** Plans, builds or finds the image, brings it where it belongs, moves the tags last, and tells of it. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const startedAt = world.monotonic();
  world.prepare();
  const plan = await planRun(inputs, world);
  const story = beginStory(plan, inputs, startedAt);
  const failure = await publish(plan, story, inputs, world).then(
    () => undefined,
    (error: unknown) => error,
  );
  for (const { message, file, line } of story.warnings) world.log.warning(message, { file, line });
  await world.close();
  await world.summarize(renderSummary(story, failure === undefined ? undefined : describe(failure)));
  if (failure !== undefined && !(failure instanceof UserError)) throw failure;
  return { outputs: await tell(plan, story, world), failure };
};

function beginStory(plan: Plan, { dryRun }: InputsOf<typeof spec>, startedAt: number): Story {
  const { name, repositories, tags, leftOut } = plan.image;
  return {
    name,
    repositories,
    tags,
    leftOut,
    dryRun,
    startedAt,
    images: [],
    moves: [],
    steps: [],
    warnings: [],
    phases: [],
    notes: [],
  };
}

function describe(failure: unknown): string {
  if (!(failure instanceof UserError)) return "A fault in Mayfly: the log has it.";
  const { file, line } = failure;
  const place = file === undefined ? "" : line === undefined ? `${file}: ` : `${file}:${line}: `;
  return `${place}${renderError(failure)}`;
}

async function tell(plan: Plan, story: Story, world: World): Promise<OutputsOf<typeof spec>> {
  const files = {
    imageFile: story.digest === undefined || story.moves.length === 0 ? undefined : await writeImageFile(story, world),
    metadata:
      story.metadata === undefined
        ? undefined
        : await world.writeFile("metadata.json", JSON.stringify(story.metadata, null, 2)),
  };
  const outputs = makeOutputs(story, plan.loginServer, files);
  if (outputs.image !== undefined) world.log.info(`${outputs.image}\n${outputs.tags}`);
  return outputs;
}

/** What a deploy reads: see `images` in the page on images. */
async function writeImageFile({ name, repositories, tags, digest = "" }: Story, world: World): Promise<string> {
  const [first] = repositories;
  const repository = first === undefined ? "" : renderReference(first);
  return world.writeFile(imageRecordName(name), renderPushedImages([{ name, repository, tag: tags[0] ?? "", digest }]));
}
