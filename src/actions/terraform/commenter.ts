import { COMMENT_BUDGET } from "../../kit/markdown.ts";
import { hasChanges } from "../../terraform/run-tags.ts";
import type { Story } from "../../terraform/story.ts";
import type { JobFacts } from "../job-facts.ts";
import { redactStory } from "./redact-story.ts";
import type { Inputs } from "./request.ts";
import type { World } from "./world.ts";

/** The pull request's comment on an environment: edited as the run goes on, at most every 15 s. */
export interface Commenter {
  /** While terraform works. Nobody waits for it, and what fails is told at the end. */
  update(story: Story): void;
  /** The last word. The comment's address, or undefined when there is none. */
  finish(story: Story): Promise<string | undefined>;
}

const BETWEEN_MS = 15_000;
const SILENT: Commenter = { update: () => {}, finish: async () => undefined };

/** Says nothing where there is no pull request, no token, or nobody wants a comment. */
export function createCommenter(
  policy: Inputs["comment"],
  job: JobFacts,
  world: Pick<World, "github" | "log" | "monotonic" | "redact">,
): Commenter {
  const { github } = world;
  const { pullRequest } = job;
  if (policy === "never" || github === undefined || pullRequest === undefined) return SILENT;
  let written: string | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let queue: Promise<void> = Promise.resolve();

  const write = (told: Story, report: (text: string) => void): void => {
    const story = redactStory(told, world.redact);
    const quiet = policy === "changes" && story.failure === undefined && !(story.plan && hasChanges(story.plan));
    queue = queue
      .then(async () => {
        // Half of what the action is made of renders; the first word waits for it, and terraform's init does not.
        const { renderComment, renderMarker } = await import("./render-comment.ts");
        const comment = {
          repository: job.repository,
          issue: pullRequest,
          marker: renderMarker(story),
          body: renderComment(story, COMMENT_BUDGET),
          // What was told before is brought up to date all the same.
          onlyExisting: quiet,
        };
        written = (await github.comments.write(comment)) ?? written;
      })
      .catch((error: unknown) => {
        const because = error instanceof Error ? error.message : String(error);
        report(world.redact(`The comment could not be written: ${because}`));
      });
  };
  return {
    update: (story) => {
      if (world.monotonic() - last < BETWEEN_MS) return;
      last = world.monotonic();
      write(story, () => {});
    },
    finish: async (story) => {
      write(story, (text) => world.log.warning(text));
      await queue;
      return written;
    },
  };
}
