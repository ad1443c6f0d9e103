import { decideLatest, listOutdated } from "../../image/latest.ts";
import type { Manifest } from "../../image/manifest.ts";
import { type Repository, renderReference } from "../../image/repository.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { describeImages } from "./describe-images.ts";
import { moveTags } from "./move-tags.ts";
import { obtainImage } from "./obtain-image.ts";
import type { Plan } from "./plan-run.ts";
import type { spec } from "./spec.ts";
import type { Story } from "./story.ts";
import type { TagMove } from "./tag-move.ts";
import { timed } from "./timed.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/**
 * Brings the image where it belongs and moves its tags, writing into the story what happened. No tag moves before all
 * of the image is in every repository and the scan has passed.
 */
export async function publish(plan: Plan, story: Story, inputs: Inputs, world: World): Promise<void> {
  const [primary] = plan.image.repositories;
  if (inputs.push) {
    await explained(primary, world, async () => {
      await checkRights(plan.image.repositories, world);
      story.tags = await withLatest(plan, story, inputs, world);
    });
  }
  const digest = await explained(primary, world, () => obtainImage(plan, story, inputs, world));
  if (digest === undefined) return;
  story.digest = digest;

  for (const repository of plan.image.repositories.slice(1)) {
    await explained(repository, world, () =>
      timed(`copy to ${repository.host}`, story, world, () => world.copy(primary, repository, digest)),
    );
  }
  await scan(primary, digest, story, inputs, world);
  stopIfCancelled(world);
  const manifest = await explained(primary, world, () => readPushed(primary, digest, world));
  await explained(primary, world, () => moveAll(plan, story, manifest, inputs, world));
  story.images = await describeImages(primary, manifest, world.registry(primary.host)).catch(() => []);
}

/** Fails before a long build where the registry says already that the push will be refused. */
async function checkRights(repositories: readonly Repository[], world: World): Promise<void> {
  for (const repository of repositories) {
    const granted = await world.registry(repository.host).listGrants(repository.name, ["pull", "push"]);
    if (granted === undefined || granted.includes("push")) continue;
    throw await world.explain(new NoPush(granted), repository);
  }
}

/** The registry's token does not include a push. */
export class NoPush extends Error {
  override readonly name = "NoPush";
  readonly granted: readonly string[];
  constructor(granted: readonly string[]) {
    super(`The registry grants ${granted.length === 0 ? "nothing" : `only ${granted.join(", ")}`} here.`);
    this.granted = granted;
  }
}

/** The tags with `latest` where its policy says so. What the registry has is asked only when it decides. */
async function withLatest(plan: Plan, story: Story, inputs: Inputs, world: World): Promise<readonly string[]> {
  const { tags, repositories } = plan.image;
  const others = tags.filter((tag) => tag !== "latest");
  const written = others.length < tags.length;
  // A line `latest` asks for it as `always` does; an image that is only copied keeps the names that it has.
  if (inputs.from !== undefined && (written || inputs.latest === "never")) return tags;
  const policy = written ? "always" : inputs.latest;
  const first = decideLatest(policy, plan.facts, others, []);
  const moving = first.kind === "move" && policy === "auto";
  const [{ host, name }] = repositories;
  // Only a release has to know of others.
  const existing = moving || plan.facts.tag !== undefined ? await world.registry(host).listTags(name) : [];
  const outdated = listOutdated(plan.facts, others, existing);
  story.leftOut = [...story.leftOut, ...outdated.map(({ tag, because }) => `${tag}: ${because}`)];
  const kept = others.filter((tag) => !outdated.some((one) => one.tag === tag));
  const verdict = moving ? decideLatest(policy, plan.facts, others, existing) : first;
  if (verdict.kind === "move") return [...kept, "latest"];
  story.leftOut = [...story.leftOut, `latest: ${verdict.because}`];
  if (kept.length > 0) return kept;
  throw new UserError(
    "no-tags",
    `The image would have no tag: ${verdict.because}. Add a line to "tags" besides latest.`,
  );
}

async function scan(
  primary: Repository,
  digest: string,
  story: Story,
  { scanCommand }: Inputs,
  world: World,
): Promise<void> {
  if (scanCommand === undefined) return;
  const image = renderReference(primary, digest);
  const exitCode = await timed("scan", story, world, () =>
    world.log.group(`Scan of ${image}`, () =>
      world.scan(scanCommand, { IMAGE: image, DIGEST: digest, REGISTRY: primary.host }),
    ),
  );
  if (exitCode === 0) return;
  stopIfCancelled(world);
  throw new UserError(
    "scan-failed",
    `scan-command ended with ${exitCode === undefined ? "a signal" : `exit code ${exitCode}`}: no tag was moved to ${digest}. The log above says what it found.`,
  );
}

/** @throws UserError `image-vanished` */
async function readPushed(primary: Repository, digest: string, world: World): Promise<Manifest> {
  const manifest = await world.registry(primary.host).readManifest(primary.name, digest);
  if (manifest !== undefined) return manifest;
  throw new UserError(
    "image-vanished",
    `${digest} was pushed to ${renderReference(primary)}, and is not there any more. Does somebody purge untagged images right now? Run it again.`,
  );
}

async function moveAll(plan: Plan, story: Story, manifest: Manifest, inputs: Inputs, world: World): Promise<void> {
  const [primary] = plan.image.repositories;
  const { repositories } = plan.image;
  const writeOnce = inputs.writeOnceTags;
  const lasting = { registry: world.lastingRegistry, restoringRegistry: world.restoringRegistry };
  story.moves = await timed("tags", story, world, () =>
    moveTags({ manifest, repositories, tags: story.tags, writeOnce }, lasting),
  );
  if (story.contentTag !== undefined) {
    const own = { manifest, repositories: [primary], tags: [story.contentTag], writeOnce: [] };
    await moveTags(own, lasting);
  }
  const failed = story.moves.filter(({ outcome }) => outcome === "failed");
  const [first] = failed;
  if (first === undefined) return;
  throw await explainUnmoved(failed, first, manifest.digest, world);
}

/** The first refusal's own code and mend, below the list of all. */
async function explainUnmoved(
  failed: readonly TagMove[],
  first: TagMove,
  digest: string,
  world: World,
): Promise<UserError> {
  const cause = await world.explain(first.fault, first.repository);
  const lines = failed.map(({ repository, tag, because }) => `${renderReference(repository, tag)}: ${because ?? ""}`);
  const code = cause instanceof UserError ? cause.code : "tags-not-moved";
  const text = `The image is there as ${digest}, but not every tag could be moved:\n${lines.join("\n")}\nThe others were put back where they stood; new ones stay on it. Mend the cause, then run it again.`;
  return new UserError(code, text, { cause });
}

function stopIfCancelled(world: Pick<World, "cancelled">): void {
  if (world.cancelled.aborted) throw new UserError("cancelled", "The job was cancelled. No tag was moved.");
}

/** Work whose refusals are told with what they mean. */
async function explained<T>(repository: Repository, world: World, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await world.explain(error, repository);
  }
}
