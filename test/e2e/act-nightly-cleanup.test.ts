import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { type ActStage, openActStage } from "../act/act-stage.ts";
import { expectExecuted } from "../act/expect-executed.ts";
import { readExample } from "../act/read-example.ts";
import { actEnvironment } from "./act-environment.ts";
import { readVerdicts } from "./evidence.ts";
import { hoursFromNow, openScene, readFolder, repositoryRoot, type Scene } from "./scene.ts";

jest.setTimeout(120_000);

// README's file, with its schedule as it is after the dry run that README asks for.
const FILE = readExample(join(repositoryRoot, "README.md"), "Nightly cleanup").replace(
  /^ {2}# (schedule:)\n {2}# ( {2}- cron)/m,
  "  $1\n  $2",
);
const EXECUTED = {
  "reap/Nightly cleanup/Scope": ["List the subscriptions"],
  "reap/Nightly cleanup/Reap": ["Log in", "Reap", "Keep the report", "post Reap", "post Log in"],
};

let scene: Scene;
let stage: ActStage;
beforeAll(async () => {
  scene = await openScene();
  const { team } = scene;
  scene.add("pr-7");
  scene.add("pr-8", { "auto-destroy": "true", "expires-at": hoursFromNow(2) });
  scene.add("other-9");
  stage = openActStage({
    root: repositoryRoot,
    files: { ".github/workflows/nightly-cleanup.yml": FILE },
    ...actEnvironment(scene, { "id-token": "write" }),
    vars: {
      AZURE_REAPER_CLIENT_ID: team.clientId,
      AZURE_TENANT_ID: team.tenantId,
      AZURE_SUBSCRIPTION_ID: team.subscriptionId,
    },
  });
});
afterAll(async () => {
  stage?.[Symbol.dispose]();
  await scene[Symbol.asyncDispose]();
});

test("README's file, run by hand as README says, tells what would go and deletes nothing", async () => {
  const github = { event_name: "workflow_dispatch" };
  const run = await stage.run({ workflow: "nightly-cleanup.yml", github, inputs: { "dry-run": "true" } });
  expectExecuted(run, EXECUTED);
  const reap = run.jobs.flatMap(({ steps }) => steps).find(({ name, stage }) => name === "Reap" && stage === "main");
  expect(Object.fromEntries(readVerdicts(reap?.summary ?? ""))).toEqual({
    "pr-7": "🔎 would be deleted",
    "pr-8": "🟢 kept",
  });
  expect(scene.deletes()).toEqual([]);
});

test("on its schedule it deletes what has expired, and leaves a report", async () => {
  const run = await stage.run({ workflow: "nightly-cleanup.yml", github: { event_name: "schedule" } });
  expectExecuted(run, EXECUTED);
  expect(scene.deletes()).toEqual(["pr-7"]);
  expect(scene.names()).toEqual(["other-9", "pr-8"]);
  const reports = [...readFolder(run.artifacts)].map(([path, text]) => [path, JSON.parse(text).counts.deleted]);
  expect(reports).toEqual([[`reaper-report-${scene.team.subscriptionId}/report.json`, 1]]);
});
