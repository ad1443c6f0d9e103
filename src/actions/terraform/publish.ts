import type { OutputsOf } from "../../kit/define-action.ts";
import { SUMMARY_BUDGET_BYTES } from "../../kit/markdown.ts";
import { hasChanges } from "../../terraform/run-tags.ts";
import type { Story } from "../../terraform/story.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import { listAnnotations } from "./annotate.ts";
import type { Commenter } from "./commenter.ts";
import { redactStory } from "./redact-story.ts";
import { renderSummary } from "./render-summary.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** Tells a run that has ended: annotations, summary, comment. Returns the comment's address. */
export async function publish(
  told: Story,
  commenter: Commenter,
  world: Pick<World, "log" | "summarize" | "redact">,
): Promise<string | undefined> {
  const story = redactStory(told, world.redact);
  // What a cancel broke off is no fault of the configuration's.
  const diagnostics = story.status === "cancelled" ? [] : story.diagnostics;
  const lastWord = story.failure?.message ?? "";
  for (const { level, message, ...place } of listAnnotations(diagnostics, story.directory)) {
    // What stands at no line, and is the step's last word, would be there twice.
    if (place.file === undefined && level === "error" && lastWord.includes(message)) continue;
    world.log[level](message, place);
  }
  await world.summarize(renderSummary(story, SUMMARY_BUDGET_BYTES));
  return commenter.finish(story);
}

/** The outputs that follow from the story alone. */
export function listOutputs(story: Story): OutputsOf<typeof spec> {
  const { plan, summary, receipt } = story;
  const done = story.status === "done" ? summary : undefined;
  return {
    "has-changes": plan === undefined ? undefined : hasChanges(plan),
    "has-drift": plan === undefined ? undefined : plan.drift.length > 0,
    add: done?.add ?? plan?.counts.add,
    change: done?.change ?? plan?.counts.change,
    destroy: receipt?.destroyed ?? done?.remove ?? plan?.counts.destroy,
    replace: plan?.counts.replace,
    import: plan?.counts.import,
    move: plan?.counts.move,
    forget: plan?.counts.forget,
    "failure-reason": story.failure?.reason,
    "plan-digest": story.planDigest,
    outputs: JSON.stringify(story.outputs),
    "expires-at": story.expiresAt === undefined ? undefined : renderExpiry(story.expiresAt),
    "lock-info": story.lock === undefined ? undefined : JSON.stringify(story.lock),
  };
}
