import type { BuildRequest, Built, PushTarget } from "../../image/build-request.ts";
import { nameCarrier } from "../../image/context-hash.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { retry } from "../../kit/retry.ts";
import { type Builder, BuildFault } from "./builder.ts";
import { chooseBuilder } from "./choose-builder.ts";
import type { Plan } from "./plan-run.ts";
import type { spec } from "./spec.ts";
import type { Story } from "./story.ts";
import { timed } from "./timed.ts";
import type { ContentName, World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** The digest of the image in the first repository: copied, found again, or built. Undefined when nothing is pushed. */
export async function obtainImage(plan: Plan, story: Story, inputs: Inputs, world: World): Promise<string | undefined> {
  const [primary] = plan.image.repositories;
  const { request } = plan;
  if (request === undefined) {
    if (inputs.dryRun) return checked(story);
    story.outcome = "copied";
    return timed("push", story, world, () => world.pushExisting(inputs.from ?? "", primary));
  }
  const { labels, annotations } = inputs;
  const nameContent = (): Promise<ContentName> =>
    timed("look", story, world, () =>
      world.nameContent(request, { labels, annotations, builderPlatform: describePlatform(inputs, world) }),
    );
  let content = inputs.push && inputs.skipIfUnchanged ? await nameContent() : undefined;
  const known = content === undefined ? undefined : await findUnchanged(plan, content, story, inputs, world);
  if (known !== undefined) {
    if (inputs.dryRun) {
      story.notes = [...story.notes, `The same content is there already as ${known}: nothing would be built.`];
      return checked(story);
    }
    story.outcome = "reused";
    return known;
  }
  const builder = await chooseBuilder(inputs.builder, request, world.findBuilder);
  story.builder = builder;
  world.log.info(`Builder: ${builder.description}`);
  if (inputs.dryRun) return checked(story);
  if (inputs.push && builder.needsCarrier) content ??= await nameContent();
  const carrierTag = content === undefined ? undefined : nameCarrier(content.tag);
  const target = inputs.push ? { repositories: plan.image.repositories, carrierTag } : undefined;
  // The name of the content tells of the base images as their registries have them now, and an engine may have older ones.
  const asked = story.contentTag === undefined ? request : { ...request, pull: true };
  const built = await timed("build", story, world, () => buildPatiently(builder, asked, target, story, inputs, world));
  story.outcome = "built";
  // buildx brings the same remarks itself.
  if (builder.kind !== "buildx") story.warnings = [...plan.warnings, ...story.warnings];
  return built.digest;
}

/** ACR Tasks build for amd64 whatever asks them; a builder of buildx may be anywhere. */
function describePlatform({ builder, buildxBuilder = "" }: Inputs, { architecture }: World): string {
  return builder === "acr-tasks" ? "linux/amd64" : `own of ${builder} ${buildxBuilder} on ${architecture}`;
}

function checked(story: Story): undefined {
  story.outcome = "checked";
  return undefined;
}

/** The digest that the same content has already; undefined when it must be built, with the reason in the story. */
async function findUnchanged(
  plan: Plan,
  content: ContentName,
  story: Story,
  inputs: Inputs,
  world: World,
): Promise<string | undefined> {
  const because = content.doubt ?? whyBuild(inputs);
  if (because !== undefined) {
    story.notes = [...story.notes, `Built although skip-if-unchanged is on: ${because}`];
    return undefined;
  }
  story.contentTag = content.tag;
  const [{ host, name }] = plan.image.repositories;
  return (await world.registry(host).findManifest(name, content.tag))?.digest;
}

function whyBuild(inputs: Inputs): string | undefined {
  if (inputs.noCache) return "no-cache asks for every step anew";
  return inputs.outputs.length > 0 ? "outputs asks for files that only a build makes" : undefined;
}

const WAITS = { firstWaitMs: 2_000, longestWaitMs: 60_000 };

/** Builds, and again when it failed in passing. What a person has to mend is not tried twice. */
function buildPatiently(
  builder: Builder,
  request: BuildRequest,
  target: PushTarget | undefined,
  story: Story,
  { retries }: Inputs,
  world: World,
): Promise<Built> {
  const note = (built: Pick<Built, "steps" | "warnings" | "metadata" | "runId">): void => {
    story.steps = built.steps;
    story.warnings = built.warnings;
    if (built.metadata !== undefined) story.metadata = built.metadata;
    if (built.runId !== undefined) story.runId = built.runId;
  };
  return retry<Built>(
    async (count) => {
      try {
        const built = await builder.build(request, target);
        note(built);
        return { kind: "done", value: built };
      } catch (error) {
        if (!(error instanceof BuildFault)) throw error;
        story.steps = error.steps;
        if (error.kind !== "transient" && error.kind !== "expired") throw error;
        if (count <= retries) world.log.warning(`Try ${count} failed in passing: ${error.message}`);
        return { kind: "again", because: error, waitMs: error.waitMs };
      }
    },
    world,
    { tries: retries + 1, ...WAITS },
  );
}
