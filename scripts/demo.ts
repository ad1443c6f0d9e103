// Usage: npm run demo
// Plays the acts on an emulated Azure: prints what GitHub would show, and writes it as one page, demo-report/index.html.
// Ends with 1 when an act did not go as its story says.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { styleText } from "node:util";
import type { Act, Scene } from "./demo/act.ts";
import { listCleanupActs } from "./demo/cleanup-acts.ts";
import { count, renderTook } from "./demo/moments.ts";
import { type Played, renderPage } from "./demo/page.ts";
import { createTerminalLog, type Paint } from "./demo/terminal-log.ts";
import { renderForTerminal } from "./demo/terminal-markdown.ts";
import { renderColumns } from "./demo/terminal-table.ts";
import { openTheatre, REPOSITORY } from "./demo/theatre.ts";

const root = join(import.meta.dirname, "..");
const pageFile = join(root, "demo-report/index.html");
const width = process.stdout.columns ?? 140;
const print = (line: string): void => console.log(line);
const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

const startedAt = performance.now();
await using theatre = await openTheatre();
const played: Played[] = [];
for (const [index, act] of listCleanupActs(theatre).entries()) played.push(await play(act, index + 1));

const scenes = played.flatMap(({ scene }) => (scene === undefined ? [] : [scene]));
printInventory(scenes);
mkdirSync(dirname(pageFile), { recursive: true });
writeFileSync(
  pageFile,
  renderPage(played, { repository: REPOSITORY.name, at: new Date(), version: process.versions.node }),
);
const broken = scenes.filter(({ faults }) => faults.length > 0).length;
const verdict =
  broken === 0
    ? paint("green", `✓ ${count(scenes.length, "act")} went as told`)
    : paint("red", `✗ ${count(broken, "act")} did not go as told`);
print(`\n${verdict}, in ${renderTook(performance.now() - startedAt)}. Open ${relative(process.cwd(), pageFile)}`);
if (broken > 0 || scenes.length === 0) process.exitCode = 1;

async function play(act: Act, number: number): Promise<Played> {
  print(`\n${paint(["bold", "inverse"], ` Act ${number} `)} ${paint("bold", act.name)}\n${act.story}`);
  const missing = act.needs.filter((tool) => !tool.isThere());
  for (const { name, bring } of missing)
    print(`${paint("yellow", `! left out: needs ${name}`)}; get it with: ${bring}`);
  if (missing.length > 0) return { act };
  const scene = await act.run({
    watch: (job) => {
      print(`\n${paint("bold", `Job ${job}`)}`);
      return createTerminalLog(print, paint);
    },
  });
  const { run, faults } = scene;
  for (const { job, tool } of run.leftOut) {
    print(`${paint("yellow", `! job ${job} was left out: needs ${tool.name}`)}; get it with: ${tool.bring}`);
  }
  const mark = run.conclusion === "success" ? paint("green", "✓") : paint("red", "✗");
  print(`\n${mark} ${run.workflow} #${run.number}: ${run.conclusion} in ${renderTook(run.durationMs)}`);
  for (const { result } of run.jobs) for (const line of renderForTerminal(result.summary, width, paint)) print(line);
  for (const fault of faults) print(paint("red", `✗ not as told: ${fault}`));
  return { act, scene };
}

function printInventory(all: readonly Scene[]): void {
  const [before = [], after = []] = [all[0]?.before, all.at(-1)?.after];
  const left = new Map(after.map(({ name, note }) => [name, note]));
  print(`\n${paint("bold", "What is left in Azure")}\n`);
  const rows = before.map(({ name, note }) => [name, note, left.get(name) ?? "gone"]);
  const cells = rows.map(([name = "", note = "", now = ""]) => [name, note, now === note ? "as before" : now]);
  for (const line of renderColumns([["Resource group", "Before", "After"], ...cells], width)) print(line);
}
