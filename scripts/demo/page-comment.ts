import type { CommentRecord, Conversation } from "./conversation.ts";
import { renderMarkdown } from "./github-markdown.ts";
import { escapeHtml } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { count } from "./moments.ts";
import { renderAsked, renderPosts, renderPullState } from "./page-pull.ts";

/** What a run said on its pull request: for each job the comment as the job left it, and folded what it said before. */
export function renderConversation(conversation: Conversation): string {
  const { pull, title, comments, posts = [] } = conversation;
  if (comments.length === 0 && posts.length === 0) return "";
  const jobs = [...new Set(comments.map(({ job }) => job))];
  const boxes = jobs.map((job) => renderJobComments(comments.filter((comment) => comment.job === job)));
  return `<h4 class="talk">Pull request <span>${escapeHtml(title)} <small>#${pull}</small></span>${renderPullState(conversation)}</h4>\n${[renderAsked(conversation), ...boxes, renderPosts(conversation)].filter((part) => part !== "").join("\n")}`;
}

function renderJobComments(comments: readonly CommentRecord[]): string {
  const last = comments.at(-1);
  if (last === undefined) return "";
  const before = comments.slice(0, -1);
  const earlier =
    before.length === 0
      ? ""
      : `<details class="earlier"><summary>${renderIcon("chevron")}${count(before.length, "earlier version")} while the job ran</summary>${before.map(renderBody).join("<hr>")}</details>`;
  return `<section class="box summary comment"><header>github-actions <small>bot ${last.what} · job ${escapeHtml(last.job)}</small></header>${renderBody(last)}${earlier}</section>`;
}

const renderBody = ({ body }: CommentRecord): string => `<div class="markdown-body">${renderMarkdown(body)}</div>`;
