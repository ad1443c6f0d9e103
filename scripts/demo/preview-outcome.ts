import type { Scene } from "./act.ts";
import { listRunFaults } from "./outcome.ts";
import type { PreviewSpace } from "./previews.ts";

/** What an act about a preview promises. */
export interface PreviewStory {
  readonly conclusion: Scene["run"]["conclusion"];
  /** Exactly these jobs ran, in this order. */
  readonly jobs: readonly string[];
  /** What the one comment of Mayfly's says in the end; undefined where the run says nothing on the pull request. */
  readonly says?: RegExp;
  /** What each post was, in order: `deployment success`, `reaction eyes`. */
  readonly posts: readonly string[];
  /** The environment's namespace stands afterwards, with this many pods, all ready; 0 for none of it. */
  readonly pods: number;
  /** The heading at its address; undefined where nobody answers. */
  readonly heading: string | undefined;
  /** How much later its end is than before, in hours, at least and at most. */
  readonly later?: readonly [number, number];
}

/** What a run about a preview left. */
export interface PreviewScene extends Pick<Scene, "run" | "requests"> {
  /** Name of its namespace. */
  readonly namespace: string;
  readonly before: readonly PreviewSpace[];
  readonly after: readonly PreviewSpace[];
  /** What Mayfly's comments on the pull request say. */
  readonly comments: readonly string[];
  readonly heading: string | undefined;
  /** Tags of the pull request that are left in the registry. */
  readonly tags: readonly string[];
}

/** What did not come out as promised, one sentence each; none when all did. */
export function listPreviewFaults(story: PreviewStory, scene: PreviewScene): readonly string[] {
  return [
    ...compare(
      "the jobs",
      story.jobs,
      scene.run.jobs.map(({ name }) => name),
    ),
    ...compare(
      "the posts",
      story.posts,
      (scene.run.conversation?.posts ?? []).map(({ kind, state }) => `${kind} ${state}`),
    ),
    ...listCommentFaults(story, scene),
    ...listSpaceFaults(story, scene),
    ...(story.heading === scene.heading
      ? []
      : [`its address should answer with ${say(story.heading)}, and does with ${say(scene.heading)}`]),
    ...listRunFaults(story.conclusion, scene),
  ];
}

const say = (heading: string | undefined): string => (heading === undefined ? "nothing" : `"${heading}"`);

function compare(what: string, told: readonly string[], found: readonly string[]): readonly string[] {
  return told.join() === found.join()
    ? []
    : [`${what} should be ${told.join(", ") || "none"}, and are ${found.join(", ") || "none"}`];
}

function listCommentFaults({ says }: PreviewStory, { comments }: PreviewScene): readonly string[] {
  const [body = ""] = comments;
  if (comments.length > 1) return [`one comment should stand on the pull request, and ${comments.length} do`];
  return says === undefined || says.test(body) ? [] : [`the comment should say ${says.source}, and says "${body}"`];
}

const HOUR_MS = 3_600_000;

function listSpaceFaults(story: PreviewStory, scene: PreviewScene): readonly string[] {
  const { namespace, before, after, tags } = scene;
  const [was, is] = [before, after].map((spaces) => spaces.find(({ name }) => name === namespace));
  if (story.pods === 0) {
    return [
      ...(is === undefined ? [] : [`the namespace ${namespace} should be gone, and stands`]),
      ...(tags.length === 0 ? [] : [`the registry should have nothing of it any more, and has ${tags.join(", ")}`]),
    ];
  }
  if (is === undefined) return [`the namespace ${namespace} should stand, and does not`];
  const ready = is.pods.filter((pod) => pod.ready).length;
  const later = (Date.parse(is.expiresAt) - Date.parse(was?.expiresAt ?? "")) / HOUR_MS;
  const [least, most] = story.later ?? [];
  return [
    ...(ready === story.pods && is.pods.length === ready
      ? []
      : [`${story.pods} pods should be ready, and ${ready} of ${is.pods.length} are`]),
    ...(tags.length > 0 ? [] : ["no image of the pull request is in the registry"]),
    ...(least === undefined || most === undefined || (later >= least && later <= most)
      ? []
      : [`its end should be ${least} to ${most} hours later, and is ${later.toFixed(1)}`]),
  ];
}
