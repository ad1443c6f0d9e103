import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Act, Played, Scene } from "./act.ts";
import { escapeHtml, inlineScript } from "./html.ts";
import { renderIcon } from "./icons.ts";
import { renderTook } from "./moments.ts";
import { renderInventory, renderRequests } from "./page-azure.ts";
import { renderConversation } from "./page-comment.ts";
import { renderJob } from "./page-log.ts";
import { renderRunHead, renderSummaries } from "./page-run.ts";
import { listParts } from "./parts.ts";

export interface PageFacts {
  /** `owner/name` of the repository that the demo plays. */
  readonly repository: string;
  readonly at: Date;
  readonly version: string;
}

/** The whole demo as one HTML page that needs nothing else: no network, no file beside it. */
export function renderPage(played: readonly Played[], facts: PageFacts): string {
  const [owner = "", name = ""] = facts.repository.split("/");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:">
<title>Mayfly demo</title>
<style>${readAsset("github-markdown-css/github-markdown.css")}</style>
<style>${STYLES.map(readOwn).join("\n")}</style>
</head>
<body>
<header class="top"><span>${escapeHtml(owner)}</span> / <b>${escapeHtml(name)}</b><span class="label">Demo</span></header>
<div class="layout">
<nav>${played.map(renderNavigation).join("\n")}<a class="nav-link" href="#left">What is left in Azure</a></nav>
<main>
<section class="intro">
<h1>Every pull request its own Azure environment, and every environment its end</h1>
<p>This page was written by <code>npm run demo</code> on ${facts.at.toUTCString()}, with Node ${escapeHtml(facts.version)}. It shows real runs: the
bundles of this repository, started as GitHub's runner starts them, spoke TLS to the real host names of GitHub, Entra, Azure
Resource Manager, storage and the container registry, and an emulator answered. Where these acts were played, images were
built for real, environments were made by the real terraform, and pods ran in a real Kubernetes. The logs, summaries, comments and tables are what came of it.</p>
</section>
${played.map(renderAct).join("\n")}
<section id="left"><h2>What is left in Azure</h2>${listParts(played).map(renderInventory).join("\n")}</section>
</main>
</div>
<script>${inlineScript(readAsset("@mermaid-js/tiny"))}</script>
<script>${inlineScript(readOwn("page-script.js"))}</script>
</body>
</html>
`;
}

const STYLES = ["page-frame.css", "page-run.css", "page-pull.css", "page-log.css", "page-azure.css"] as const;

/** A file beside this one. */
function readOwn(name: string): string {
  return readFileSync(join(import.meta.dirname, name), "utf8");
}

/** A file of an installed package. */
function readAsset(specifier: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(specifier), "utf8");
}

function renderNavigation({ act, scene, broke }: Played, index: number): string {
  const id = `act-${index + 1}`;
  const title = `<p>Act ${index + 1}</p><a class="nav-act" href="#${id}">${renderIcon(scene?.run.conclusion ?? (broke === undefined ? "skipped" : "failure"))}<b>${escapeHtml(act.name)}</b></a>`;
  if (scene === undefined) return `<div class="nav-group">${title}</div>`;
  const jobs = scene.run.jobs.map(({ name, result }, at) => {
    const link = `<a class="nav-job" href="#${id}-job-${at + 1}">${renderIcon(result.conclusion)}${escapeHtml(name)}<span>${renderTook(result.durationMs)}</span></a>`;
    // All steps of all acts would be a list that nobody reads; those that failed are what people look for.
    const steps = result.steps.flatMap((step, number) =>
      step.conclusion === "failure"
        ? [
            `<a class="nav-step" href="#${id}-job-${at + 1}-${number + 1}">${renderIcon(step.conclusion)}${escapeHtml(step.name)}</a>`,
          ]
        : [],
    );
    return link + steps.join("");
  });
  return `<div class="nav-group">${title}<a class="nav-job" href="#${id}-summary">Summary</a>${jobs.join("")}</div>`;
}

function renderAct({ act, scene, broke }: Played, index: number): string {
  const id = `act-${index + 1}`;
  const head = `<h2><small>Act ${index + 1}</small>${escapeHtml(act.name)}</h2><p class="story">${escapeHtml(act.story)}</p>`;
  if (scene === undefined) {
    const why = broke === undefined ? renderMissing(act) : renderBroke(broke);
    return `<section class="act" id="${id}">${head}${why}</section>`;
  }
  const jobs = scene.run.jobs.map((job, at) => renderJob(job, `${id}-job-${at + 1}`));
  return `<section class="act" id="${id}">${head}${renderFaults(scene)}
${renderRunHead(scene, id)}
${scene.run.conversation === undefined ? "" : renderConversation(scene.run.conversation)}
<div id="${id}-summary">${renderSummaries(scene)}</div>
${jobs.join("\n")}
${renderRequests(scene)}
</section>`;
}

function renderMissing({ needs }: Act): string {
  const lines = needs
    .filter((tool) => !tool.isThere())
    .map(({ name, bring }) => `<li>${escapeHtml(name)}: <code>${escapeHtml(bring)}</code></li>`);
  return `<div class="box missing"><p>This act was left out, since something that it needs is not on this machine. What brings it:</p><ul>${lines.join("")}</ul></div>`;
}

function renderBroke(broke: string): string {
  return `<div class="box broken"><p>${renderIcon("failure")}This act broke off:</p><pre>${escapeHtml(broke)}</pre></div>`;
}

function renderFaults({ faults }: Scene): string {
  if (faults.length === 0) return "";
  const lines = faults.map((fault) => `<li>${escapeHtml(fault)}</li>`);
  return `<div class="box broken"><p>${renderIcon("failure")}This act did not go as its story says:</p><ul>${lines.join("")}</ul></div>`;
}
