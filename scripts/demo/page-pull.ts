import type { Conversation } from "./conversation.ts";
import { renderMarkdown } from "./github-markdown.ts";
import { escapeHtml } from "./html.ts";
import { type IconName, renderIcon } from "./icons.ts";
import { renderClock } from "./moments.ts";
import type { Post } from "./posts.ts";

/** How GitHub draws the emoji of a reaction. */
const EMOJI: Readonly<Record<string, string>> = { eyes: "👀", confused: "😕", "+1": "👍", "-1": "👎" };

const BADGES: Readonly<Record<NonNullable<Conversation["state"]>, string>> = {
  open: "Open",
  closed: "Closed",
  merged: "Merged",
};

/** Whether a pull request is open, as the badge beside its title. */
export function renderPullState({ state }: Conversation): string {
  return state === undefined ? "" : ` <em class="pull-state pull-${state}">${BADGES[state]}</em>`;
}

/** What a person wrote, with the reactions to it; empty where nobody did. */
export function renderAsked({ asked, posts = [] }: Conversation): string {
  if (asked === undefined) return "";
  const reactions = posts
    .filter(({ kind }) => kind === "reaction")
    .map(({ state }) => `<span class="reaction">${EMOJI[state] ?? escapeHtml(state)} 1</span>`);
  return `<section class="box summary comment"><header>${escapeHtml(asked.author)} <small>commented</small></header><div class="markdown-body">${renderMarkdown(asked.body)}${reactions.join("")}</div></section>`;
}

/** The checks and deployments of the pull request, each with the time when it changed; empty where there are none. */
export function renderPosts({ posts = [] }: Conversation): string {
  const rows = posts.filter(({ kind }) => kind !== "reaction").map(renderPost);
  return rows.length === 0
    ? ""
    : `<section class="box posts"><header>Checks and deployments</header><ul>${rows.join("")}</ul></section>`;
}

function renderPost(post: Post): string {
  const { at, job, kind, state, text, url } = post;
  const words = kind === "check" ? [text, state.replaceAll("_", " ")] : wordDeployment(post);
  const address = url === undefined ? "" : ` <code>${escapeHtml(url)}</code>`;
  const [first = "", ...rest] = words.filter((word) => word !== "");
  return `<li>${renderIcon(ICONS[state] ?? "info")}<div><b>${escapeHtml(first)}</b>${rest.map((word) => ` <small>${escapeHtml(word)}</small>`).join("")}${address}</div><small>${escapeHtml(job)}</small><time>${renderClock(at)}</time></li>`;
}

const ICONS: Readonly<Record<string, IconName>> = {
  success: "success",
  failure: "failure",
  error: "failure",
  neutral: "skipped",
  inactive: "skipped",
  deleted: "skipped",
};

/** As GitHub's timeline says it. */
function wordDeployment({ state, text }: Post): readonly string[] {
  if (state === "created") return [`Deployment to ${text}`, "created"];
  if (state === "deleted") return ["Deployment", "deleted"];
  return [state === "success" ? "Deployed" : `Deployment ${state.replaceAll("_", " ")}`, text];
}
