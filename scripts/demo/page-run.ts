import type { Annotation } from "../../test/runner/job.ts";
import type { Scene } from "./act.ts";
import { renderMarkdown } from "./github-markdown.ts";
import { escapeHtml } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { count, renderTook } from "./moments.ts";
import type { JobRecord, RunRecord } from "./run-record.ts";

const STATUS = { success: "Success", failure: "Failure", cancelled: "Cancelled" } as const;

/** The upper part of a run's page: what started it, how it went, its jobs and its annotations. */
export function renderRunHead({ run }: Scene, id: string): string {
  const { workflow, number, event, actor, branch, conclusion, durationMs, artifacts } = run;
  const trigger = event === "schedule" ? "schedule" : "Manually";
  const by = actor === undefined ? "" : `${escapeHtml(actor)} · `;
  const card = (title: string, text: string): string => `<div class="card"><dt>${title}</dt><dd>${text}</dd></div>`;
  return `<h3 class="run-title">${renderIcon(conclusion)}<span>${escapeHtml(workflow)} <small>#${number}</small></span></h3>
<dl class="box cards">
${card(event === "schedule" ? `Triggered via ${trigger}` : `${trigger} triggered`, `${by}<code>${escapeHtml(branch)}</code>${renderInputs(run)}`)}
${card("Status", STATUS[conclusion])}
${card("Total duration", renderTook(durationMs))}
${card("Artifacts", artifacts.length === 0 ? "–" : `<span title="${escapeHtml(artifacts.map(({ name, bytes }) => `${name}, ${bytes} bytes`).join("\n"))}">${artifacts.length}</span>`)}
</dl>
${renderGraph(run, id)}
${renderAnnotations(run)}`;
}

function renderInputs({ inputs }: RunRecord): string {
  const pairs = Object.entries(inputs).map(([name, value]) => `<code>${escapeHtml(`${name}: ${value}`)}</code>`);
  return pairs.length === 0 ? "" : ` ${pairs.join(" ")}`;
}

function renderGraph(run: RunRecord, id: string): string {
  const jobs = run.jobs.map(
    ({ name, result }, index) =>
      `<a class="node" href="#${id}-job-${index + 1}">${renderIcon(result.conclusion)}<b>${escapeHtml(name)}</b><span>${renderTook(result.durationMs)}</span></a>`,
  );
  return `<div class="box graph"><h4>${escapeHtml(run.file.split("/").at(-1) ?? "")}</h4><p>on: ${escapeHtml(run.event)}</p><div class="nodes">${jobs.join('<i class="edge"></i>')}</div>${run.leftOut.map(renderLeftOut).join("")}</div>`;
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
  const { level, title, message } = annotation;
  const head = title === undefined ? escapeHtml(job.name) : `${escapeHtml(job.name)} · ${escapeHtml(title)}`;
  return `<li>${renderIcon(ICONS[level])}<div><b>${head}</b><pre>${escapeHtml(message)}</pre></div></li>`;
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
