import { details, fenced, type Section, table } from "../../kit/markdown.ts";
import type { PreviewPhase, PreviewStory } from "../../preview/story.ts";

type Command = "preview" | "redeploy" | "extend" | "destroy";

/** Which words do something now. */
const FITTING: Readonly<Record<PreviewPhase, readonly Command[]>> = {
  queued: ["preview"],
  waiting: [],
  kept: ["preview", "destroy"],
  deploying: ["extend", "destroy"],
  ready: ["redeploy", "extend", "destroy"],
  failed: ["redeploy", "extend", "destroy"],
  destroying: [],
  destroyed: ["preview"],
  "not-gone": ["destroy"],
};

const ROWS: Readonly<Record<Command, readonly [string, string]>> = {
  preview: ["`/preview`", "deploys this pull request"],
  redeploy: ["`/redeploy`", "deploys this commit again"],
  extend: ["`/extend 24h`", "lets it live 24 hours from now"],
  destroy: ["`/destroy`", "destroys it now"],
};

/** What can be asked for here, and by whom. */
export function renderCommands({ phase, commands, pullRequest }: PreviewStory): readonly Section[] {
  const fitting = FITTING[phase];
  if (!commands || pullRequest === undefined || fitting.length === 0) return [];
  const rows = fitting.map((command) => ROWS[command]);
  const note = "The first line of a comment, by somebody with write access.";
  return [{ text: details("Commands", `${table(["Comment", "What it does"], rows)}\n\n${note}`) }];
}

/** What allows the commit of a fork: exactly this one, ready to be copied. */
export function renderApproval({ phase, headSha, commands }: PreviewStory): readonly Section[] {
  if (phase !== "waiting" || !commands || !/^[0-9a-f]{40}$/i.test(headSha)) return [];
  const head = "Somebody with write access, who has read this commit, allows it with a comment:";
  return [{ text: `${head}\n\n${fenced(`/preview ${headSha}`)}` }];
}
