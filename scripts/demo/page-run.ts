import type { Annotation } from "../../test/runner/job.ts";
import type { Scene } from "./act.ts";
import { renderMarkdown } from "./github-markdown.ts";
import { escapeHtml } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { count, renderTook } from "./moments.ts";
import type { JobRecord, RunRecord } from "./run-record.ts";

const STATUS = { success: "Success", failure: "Failure", cancelled: "Cancelled" } as const;

/** How GitHub says what started a run. */
const TRIGGERS: Readonly<Record<string, string>> = {
  push: "Triggered via push",
  pull_request: "Triggered via pull request",
  pull_request_target: "Triggered via pull request (closed)",
  issue_comment: "Triggered via issue comment",
  schedule: "Triggered via schedule",
  workflow_dispatch: "Manually triggered",
};

/** The upper part of a run's page: what started it, how it went, its jobs and its annotations. */
export function renderRunHead({ run }: Scene, id: string): string {
  const { workflow, title = workflow, repository, number, event, conclusion, durationMs, artifacts } = run;
  const card = (name: string, text: string): string => `<div class="card"><dt>${name}</dt><dd>${text}</dd></div>`;
  const files = artifacts.map(({ name, bytes }) => `${name}, ${bytes} bytes`).join("\n");
  return `<h3 class="run-title">${renderIcon(conclusion)}<span>${escapeHtml(title)} <small>#${number}</small></span><span class="where">${escapeHtml(repository)} · ${escapeHtml(workflow)}</span></h3>
<dl class="box cards">
${card(TRIGGERS[event] ?? `Triggered via ${escapeHtml(event)}`, `${renderOrigin(run)}${renderInputs(run)}`)}
${card("Status", STATUS[conclusion])}
${card("Total duration", renderTook(durationMs))}
${card("Artifacts", artifacts.length === 0 ? "–" : `<span title="${escapeHtml(files)}">${artifacts.length}</span>`)}
</dl>
${renderGraph(run, id)}
${renderAnnotations(run)}`;
}

function renderOrigin({ actor, branch, commit }: RunRecord): string {
  const by = actor === undefined ? "" : `${escapeHtml(actor)} · `;
  const at = commit === undefined ? "" : ` <code>${escapeHtml(commit)}</code>`;
  return `${by}<code>${escapeHtml(branch)}</code>${at}`;
}

function renderInputs({ inputs }: RunRecord): string {
  const pairs = Object.entries(inputs).map(([name, value]) => `<code>${escapeHtml(`${name}: ${value}`)}</code>`);
  return pairs.length === 0 ? "" : ` ${pairs.join(" ")}`;
}

function renderGraph(run: RunRecord, id: string): string {
  const nodes = run.jobs.map(({ name, matrix, result }, index) => ({
    matrix,
    html: `<a class="node" href="#${id}-job-${index + 1}">${renderIcon(result.conclusion)}<b>${escapeHtml(name)}</b><span>${renderTook(result.durationMs)}</span></a>`,
  }));
  const skipped = run.skipped.map(
    (name) => `<div class="node skipped">${renderIcon("skipped")}<b>${escapeHtml(name)}</b><span>skipped</span></div>`,
  );
  // Legs of a matrix stand one below the other, in a frame.
  const places = nodes.flatMap(({ matrix, html }, index) => {
    const legs = nodes.filter((node) => node.matrix === matrix);
    if (matrix === undefined || legs.length === 1) return [html];
    if (nodes[index - 1]?.matrix === matrix) return [];
    return [`<div class="matrix"><p>Matrix: ${escapeHtml(matrix)}</p>${legs.map((leg) => leg.html).join("")}</div>`];
  });
  return `<div class="box graph"><h4>${escapeHtml(run.file.split("/").at(-1) ?? "")}</h4><p>on: ${escapeHtml(run.event)}</p><div class="nodes">${[...places, ...skipped].join('<i class="edge"></i>')}</div>${run.leftOut.map(renderLeftOut).join("")}</div>`;
}

function renderLeftOut({ job, tool }: RunRecord["leftOut"][number]): string {
  return `<p>Job ${escapeHtml(job)} was left out: it needs ${escapeHtml(tool.name)}, and <code>${escapeHtml(tool.bring)}</code> brings it. The demo gave its outputs.</p>`;
}

function renderAnnotations(run: RunRecord): string {
  const all = run.jobs.flatMap((job) => job.result.annotations.map((annotation) => ({ job, annotation })));
  if (all.length === 0) return "";
  const order = ["error", "warning", "notice"] as const;
  const counts = order.flatMap((level) => {
    const found = all.filter(({ annotation }) => annotation.level === level).length;
    return found === 0 ? [] : [count(found, level)];
  });
  const items = order
    .flatMap((level) => all.filter(({ annotation }) => annotation.level === level))
    .map(renderAnnotation);
  return `<section class="box annotations"><header><h4>Annotations</h4><p>${joinWords(counts)}</p></header><ul>${items.join("")}</ul></section>`;
}

const ICONS = { error: "failure", warning: "alert", notice: "info" } as const;

function renderAnnotation({ job, annotation }: { readonly job: JobRecord; readonly annotation: Annotation }): string {
  const { level, title, message, file, line } = annotation;
  const head = title === undefined ? escapeHtml(job.name) : `${escapeHtml(job.name)} · ${escapeHtml(title)}`;
  const at = file === undefined ? "" : ` <code>${escapeHtml(line === undefined ? file : `${file}#L${line}`)}</code>`;
  return `<li>${renderIcon(ICONS[level])}<div><b>${head}</b>${at}<pre>${escapeHtml(message)}</pre></div></li>`;
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** The summaries that the jobs' steps wrote, rendered as on the run's page. */
export function renderSummaries({ run }: Scene): string {
  return run.jobs
    .filter(({ result }) => result.summary !== "")
    .map(
      ({ name, result }) =>
        `<section class="box summary"><header>${escapeHtml(name)} summary</header><div class="markdown-body">${renderMarkdown(result.summary)}</div></section>`,
    )
    .join("\n");
}
