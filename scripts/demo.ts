// Usage: npm run demo
// Plays the acts on an emulated Azure: prints what GitHub would show, and writes it as one page, demo-report/index.html.
// Ends with 1 when an act did not go as its story says, and in CI also when one was left out.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { styleText } from "node:util";
import { once } from "../src/kit/once.ts";
import type { Act, Played, Scene, Stage } from "./demo/act.ts";
import { listCleanupActs } from "./demo/cleanup-acts.ts";
import { listDeployActs } from "./demo/deploy-acts.ts";
import { openCompany } from "./demo/deploy-company.ts";
import { listEnvironmentActs } from "./demo/environment-acts.ts";
import { count, renderTook } from "./demo/moments.ts";
import { renderPage } from "./demo/page.ts";
import { listPreviewActs } from "./demo/preview-acts.ts";
import { listPublishActs } from "./demo/publish-acts.ts";
import { openShop } from "./demo/shop.ts";
import { listSmokeActs } from "./demo/smoke-acts.ts";
import { renderConversationLines } from "./demo/terminal-comments.ts";
import { renderInventoryLines } from "./demo/terminal-inventory.ts";
import { createTerminalLog, type Paint } from "./demo/terminal-log.ts";
import { renderForTerminal } from "./demo/terminal-markdown.ts";
import { openTheatre, REPOSITORY } from "./demo/theatre.ts";
import { decideVerdict } from "./demo/verdict.ts";

const root = join(import.meta.dirname, "..");
const pageFile = join(root, "demo-report/index.html");
const width = process.stdout.columns ?? 140;
const print = (line: string): void => console.log(line);
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

const startedAt = performance.now();
await using theatre = await openTheatre();
const played: Played[] = [];
const shop = once(() => openShop(theatre));
const company = once(() => openCompany(theatre, shop));
const acts = [
  ...listCleanupActs(theatre),
  ...listPublishActs(theatre, shop),
  ...listEnvironmentActs(theatre),
  ...listDeployActs(theatre, company),
  ...listSmokeActs(theatre, company),
  ...listPreviewActs(theatre, company),
];
for (const [index, act] of acts.entries()) played.push(await play(act, index + 1));

print(`\n${paint("bold", "What is left in Azure")}`);
for (const line of renderInventoryLines(played, width)) print(line);
mkdirSync(dirname(pageFile), { recursive: true });
writeFileSync(
  pageFile,
  renderPage(played, { repository: REPOSITORY.name, at: new Date(), version: process.versions.node }),
);
const { seen, broken, omitted, good } = decideVerdict(played, process.env["CI"] === "true");
const verdict =
  broken === 0
    ? paint("green", `✓ ${count(seen, "act")} went as told`)
    : paint("red", `✗ ${count(broken, "act")} did not go as told`);
const strict = !good && broken === 0 ? " (CI wants all of them)" : "";
const note = omitted === 0 ? "" : paint(good ? "yellow" : "red", `, ${omitted} left out${strict}`);
const page = relative(process.cwd(), pageFile);
print(`\n${verdict}${note}, in ${renderTook(performance.now() - startedAt)}. Open ${page}`);
if (!good) process.exitCode = 1;

async function play(act: Act, number: number): Promise<Played> {
  print(`\n${paint(["bold", "inverse"], ` Act ${number} `)} ${paint("bold", act.name)}\n${act.story}`);
  const missing = act.needs.filter((tool) => !tool.isThere());
  for (const { name, bring } of missing)
    print(`${paint("yellow", `! left out: needs ${name}`)}; get it with: ${bring}`);
  if (missing.length > 0) return { act };
  const watch: Stage["watch"] = (job) => {
    print(`\n${paint("bold", `Job ${job}`)}`);
    return createTerminalLog(print, paint);
  };
  try {
    const scene = await act.run({ watch });
    showScene(scene);
    return { act, scene };
  } catch (error) {
    const broke = error instanceof Error ? (error.stack ?? error.message) : String(error);
    print(paint("red", `✗ broke off: ${broke}`));
    return { act, broke };
  }
}

function showScene({ run, faults }: Scene): void {
  for (const { job, tool } of run.leftOut) {
    print(`${paint("yellow", `! job ${job} was left out: needs ${tool.name}`)}; get it with: ${tool.bring}`);
  }
  const mark = run.conclusion === "success" ? paint("green", "✓") : paint("red", "✗");
  print(`\n${mark} ${run.workflow} #${run.number}: ${run.conclusion} in ${renderTook(run.durationMs)}`);
  for (const { result } of run.jobs) for (const line of renderForTerminal(result.summary, width, paint)) print(line);
  for (const line of renderConversationLines(run, width, paint)) print(line);
  for (const fault of faults) print(paint("red", `✗ not as told: ${fault}`));
}
