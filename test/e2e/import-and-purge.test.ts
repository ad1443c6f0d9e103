import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { addForeignRegistry, addRegistry, MCR } from "../azure/acr/add-registry.ts";
import {
  expectDeclaredOutputs,
  expectEndsOnInterrupt,
  expectErrorWithoutCommandFiles,
  expectPermissionHint,
} from "../runner/action-checks.ts";
import type { Step } from "../runner/job.ts";
import { type ActionRun, runAction } from "../runner/run-action.ts";
import { login, openScene, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

const IMPORTER = "Container Registry Data Importer and Data Reader";

interface ImageScene extends Scene {
  readonly registry: AcrRegistry;
  /** The digest of `mcr.microsoft.com/tool:1`. */
  readonly digest: string;
}

/** A registry into which the team may import and in which it may delete, and Microsoft's with one image. */
async function open(): Promise<ImageScene> {
  const scene = await openScene();
  const { azure, team } = scene;
  const registry = addRegistry(azure, {
    name: "mayfly",
    subscriptionId: team.subscriptionId,
    settings: { importSeconds: 1, importRetryAfterSeconds: 1 },
  });
  for (const role of [IMPORTER, "AcrDelete"]) team.assign(role, registry);
  const mcr = addForeignRegistry(azure, MCR);
  return Object.assign(scene, { registry, digest: await mcr.seed("tool", ["1"]) });
}

const importStep = (registry: AcrRegistry, given: Step["with"] = {}): Step => ({
  id: "import",
  uses: "$/actions/acr-import",
  with: { registry: registry.id, images: "mcr.microsoft.com/tool:1 => team/app:pr-12", ...given },
});
const purgeStep = (registry: AcrRegistry, given: Step["with"] = {}): Step => ({
  id: "purge",
  uses: "$/actions/acr-purge",
  with: { registry: registry.loginServer, repositories: "team/app", environment: "pr-12", "dry-run": false, ...given },
});

test("a job imports an image, looks what a purge would take, and purges it", async () => {
  await using scene = await open();
  const { registry, digest, team } = scene;
  await registry.seed("team/app", ["v1"], "release");
  const steps = [
    login(team),
    importStep(registry),
    { ...purgeStep(registry, { "dry-run": "" }), id: "look" },
    purgeStep(registry),
  ];
  const played = await scene.play({ steps });
  const outputsOf = (id: string) => played.steps.find((row) => row.id === id && row.stage === "main")?.outputs;
  expect(played.conclusion).toBe("success");
  expect(JSON.parse(outputsOf("import")?.["images"] ?? "")).toEqual({
    app: { repository: "mayfly.azurecr.io/team/app", tag: "pr-12", digest },
  });
  expect(outputsOf("import")).toMatchObject({ imported: "1", "error-code": "" });
  expect(outputsOf("look")).toMatchObject({ untagged: "0", "manifests-deleted": "0" });
  expect(outputsOf("purge")).toMatchObject({ untagged: "1", "manifests-deleted": "1", kept: "0" });
  expect(Object.keys((await registry.contents())["team/app"]?.tags ?? {})).toEqual(["v1"]);
  expect(played.summary).toContain("✅ 1 image imported");
  expect(played.summary).toContain("✅ pr-12 is gone from the registry");
  const reports = [...played.left].filter(([path]) => path.endsWith("report.json")).map(([, text]) => JSON.parse(text));
  expect(reports.map(({ schema }) => schema).sort()).toEqual([
    "mayfly/import-report/v1",
    "mayfly/purge-report/v1",
    "mayfly/purge-report/v1",
  ]);
  expect(scene.azure.traffic.refused()).toEqual([]);
});

describe.each(["acr-import", "acr-purge"] as const)("%s", (action) => {
  let scene: ImageScene;
  let run: ActionRun;
  const runIn = ({ base, team, registry }: ImageScene): ActionRun => {
    const { permissions, idToken, ...rest } = base;
    const ids = {
      "client-id": team.clientId,
      "tenant-id": team.tenantId,
      "subscription-id": team.subscriptionId,
    };
    const step = action === "acr-import" ? importStep(registry) : purgeStep(registry, { registry: registry.id });
    const known = { ...rest, ...(permissions && { permissions }), ...(idToken && { idToken }) };
    return { ...known, action, with: { ...ids, ...step.with } };
  };
  beforeAll(async () => {
    scene = await open();
    run = runIn(scene);
  });
  afterAll(async () => scene[Symbol.asyncDispose]());

  test("sets every output that its action.yml declares, and no other", async () => {
    const result = await runAction(run);
    expect(result.conclusion).toBe("success");
    expectDeclaredOutputs(run, result);
  });

  test("names the permission that is missing", () => expectPermissionHint(run));

  test("does not fail silently when the command files are gone or cannot be written", () =>
    expectErrorWithoutCommandFiles(run));

  test.each([
    ["GitHub", /\/idtoken\//],
    ["Entra", /\/oauth2\/v2.0\/token/],
    ["ARM", /management\.azure\.com/],
    ["the registry", /mayfly\.azurecr\.io/],
  ])("ends by itself when the job is cancelled while %s does not answer", async (_, address) => {
    await using other = await open();
    other.tap.hold(address);
    const cancel = new AbortController();
    // The job is cancelled a little after the request that gets no answer.
    other.tap.listen((_request, url) => {
      if (address.test(url.href)) setTimeout(() => cancel.abort(), 50);
    });
    const { main } = await expectEndsOnInterrupt({ ...runIn(other), cancel: { signal: cancel.signal } }, () => false);
    expect(main.outputs["error-code"]).toBe("cancelled");
  });
});

test("an import that is cancelled while Azure copies ends at once, and says what goes on", async () => {
  await using scene = await open();
  const { registry } = scene;
  registry.planImport({ kind: "stuck" });
  const cancel = new AbortController();
  scene.tap.listen((_request, url) => {
    if (url.pathname.includes("/operationResults/")) setTimeout(() => cancel.abort(), 50);
  });
  const played = await scene.play({
    steps: [login(scene.team), importStep(registry)],
    cancel: { signal: cancel.signal },
  });
  const main = played.steps.find((row) => row.id === "import" && row.stage === "main");
  expect(main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"] });
  expect(main?.outputs).toMatchObject({ "error-code": "cancelled", unfinished: "1" });
  expect(played.summary).toContain("Azure finishes what it accepted");
});

test("a purge that is cancelled at a delete waits for its answer, and sends no other", async () => {
  await using scene = await open();
  const { registry } = scene;
  await registry.seed("team/app", ["pr-12", "pr-12-abcdef0", "pr-12-abcdef1"]);
  const cancel = new AbortController();
  scene.tap.listen(async ({ method }) => {
    if (method !== "DELETE" || cancel.signal.aborted) return;
    cancel.abort();
    await new Promise((done) => setTimeout(done, 800));
  });
  const steps = [login(scene.team), purgeStep(registry, { concurrency: 1 })];
  const played = await scene.play({ steps, cancel: { signal: cancel.signal } });
  const main = played.steps.find((row) => row.id === "purge" && row.stage === "main");
  expect(main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"], exitCode: 0 });
  expect(main?.outputs).toMatchObject({ untagged: "1", skipped: "3" });
  expect(scene.azure.traffic.find({ method: "DELETE" })).toHaveLength(1);
  expect(played.summary).toContain("The run ended early: the job was cancelled");
});
