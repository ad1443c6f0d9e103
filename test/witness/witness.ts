// Usage: npm run witness [-- --verbose]
// Lets the real az CLI and our own adapters do the same to one fleet of the emulator, through its proxy. Where they see
// different things, the emulator or an adapter is wrong: the exit code is 1.
import { parseArgs } from "node:util";
import { renderDuration } from "../../src/kit/duration.ts";
import { type Check, type Finding, runCheck, type Skip } from "./check.ts";
import { prepareDeletes } from "./checks/deletes.ts";
import { prepareGroups } from "./checks/groups.ts";
import { preparePage } from "./checks/identity-page.ts";
import { prepareLocks } from "./checks/locks.ts";
import { loginChecks, prepareRefusedLogin } from "./checks/login.ts";
import { prepareTags } from "./checks/tags.ts";
import { ensureAz } from "./ensure-az.ts";
import { renderDifference, renderRequests, renderTable } from "./render-findings.ts";
import { openStage, type Stage } from "./stage.ts";

const { verbose } = parseArgs({ options: { verbose: { type: "boolean", default: false } } }).values;
const bin = await ensureAz((line) => console.log(line));
const startedAt = performance.now();
await using stage = await openStage(bin);
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // az would write into its folder again if it were removed now: the check that runs is the last.
  process.once(signal, () => {
    interrupted = true;
  });
}

const acts: readonly ((stage: Stage) => Promise<readonly (Check<Stage> | Skip)[]>)[] = [
  async () => loginChecks,
  async () => prepareGroups(stage),
  prepareTags,
  async () => prepareLocks(stage),
  async () => prepareDeletes(stage),
  prepareRefusedLogin,
  preparePage,
];
const rows: (Finding | Skip)[] = [];
for (const prepare of acts) {
  for (const check of interrupted ? [] : await prepare(stage)) {
    if (interrupted) break;
    if ("skipped" in check) console.log(`SKIPPED ${check.name}: ${check.skipped}`);
    else console.error(`[${renderDuration(performance.now() - startedAt)}] ${check.name}`);
    rows.push("skipped" in check ? check : await runCheck(check, stage, stage.azure.traffic));
  }
}

const findings = rows.filter((row): row is Finding => !("skipped" in row));
const different = findings.filter(({ same }) => !same);
if (verbose) console.log(`\n${findings.map(renderRequests).join("\n\n")}`);
console.log(`\n${renderTable(rows)}\n`);
for (const finding of different) console.log(`${renderDifference(finding)}\n`);
const skipped = rows.length - findings.length;
console.log(
  `${findings.length} checks, ${different.length} differences, ${skipped} skipped, ${renderDuration(performance.now() - startedAt)}`,
);
if (interrupted) console.log("interrupted: the rest was not looked at");
if (different.length > 0 || interrupted) process.exitCode = 1;
