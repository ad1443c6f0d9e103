import type { LogLine, StepResult } from "../../test/runner/job.ts";
import { splitColours } from "./ansi.ts";
import { escapeHtml } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { buildLogTree, type LogNode } from "./log-tree.ts";
import { renderClock, renderTook } from "./moments.ts";
import type { JobRecord } from "./run-record.ts";

/** What GitHub writes in front of a line of these kinds. */
const WORDS: Partial<Readonly<Record<LogLine["kind"], string>>> = {
  error: "Error: ",
  warning: "Warning: ",
  notice: "Notice: ",
};

/** A job as on its page: one fold for each step, with its log. `id` is what links to it begin with. */
export function renderJob(job: JobRecord, id: string): string {
  const { conclusion, durationMs, steps } = job.result;
  const verb = { success: "succeeded", failure: "failed", cancelled: "was cancelled" }[conclusion];
  return `<section class="box job" id="${id}">
<header class="job-head"><h3>${escapeHtml(job.name)}</h3><p>${verb} in ${renderTook(durationMs)}</p></header>
<div class="steps">${steps.map((step, index) => renderStep(step, job, `${id}-${index + 1}`)).join("\n")}</div>
</section>`;
}

function renderStep(step: StepResult, job: JobRecord, id: string): string {
  const opened = step.conclusion === "failure" || step.annotations.length > 0 ? " open" : "";
  const nodes = buildLogTree(step.log);
  const lines = nodes.map((node) => renderNode(node, job, id)).join("");
  const empty = nodes.length === 0 ? '<p class="no-log">This step has no log.</p>' : "";
  return `<details class="step" id="${id}"${opened}><summary>${renderIcon("chevron")}${renderIcon(step.conclusion)}<span class="step-name">${escapeHtml(step.name)}</span><span class="took">${step.conclusion === "skipped" ? "" : renderTook(step.durationMs)}</span></summary><div class="log">${lines}${empty}</div></details>`;
}

function renderNode(node: LogNode, job: JobRecord, id: string): string {
  const head = renderLine(node, job, id);
  if (node.lines === undefined) return head;
  const lines = node.lines.map((line) => renderLine(line, job, id)).join("");
  return `<details class="group"><summary>${head}</summary>${lines}</details>`;
}

function renderLine({ number, line, lines }: LogNode, job: JobRecord, id: string): string {
  const at = job.timeOf(line);
  const word = WORDS[line.kind];
  const fold = lines === undefined ? "" : `<span class="fold">${renderIcon("chevron")}</span>`;
  const text = splitColours(line.text)
    .map(({ text: piece, classes }) =>
      classes.length === 0 ? escapeHtml(piece) : `<span class="${classes.join(" ")}">${escapeHtml(piece)}</span>`,
    )
    .join("");
  return `<div class="line ${line.kind}" id="${id}-${number}"><a href="#${id}-${number}">${number}</a><time datetime="${at.toISOString()}">${renderClock(at)}</time><span class="text">${fold}${word === undefined ? "" : `<b>${word}</b>`}${text}</span></div>`;
}
