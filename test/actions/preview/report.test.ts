import { describe, expect, test } from "@jest/globals";
import { NO_STATE, parseState, renderState } from "../../../src/preview/comment-state.ts";
import { createStage, group, play, pull, type Stage, SUBSCRIPTION, TAGS } from "./stage.ts";
import { NOW, SHA } from "./stories.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const MARKER = "<!-- mayfly:preview:pr-12 -->";
const SMOKE = JSON.stringify({
  kind: "SmokeReport",
  tests: [
    {
      name: "shop",
      steps: [
        {
          name: "answers",
          outcome: "failed",
          checks: [
            { name: "GET /", outcome: "passed", optional: false, durationMs: 120, expected: "200", seen: "200" },
            { name: "GET /cart", outcome: "failed", optional: false, durationMs: 900, expected: "200", seen: "503" },
          ],
          evidence: [
            { title: "events", text: "Warning BackOff" },
            { title: "log of shop-5dc6/api", text: "starting\nboom: no such table\n" },
          ],
        },
      ],
    },
  ],
});

/** What deploy-environment gives. */
const DEPLOYED = {
  url: "https://pr-12.preview.example.com",
  environment: "pr-12",
  "resource-group": "shop-pr-12",
  cluster: "aks-shop",
  "cluster-resource-group": "shop-shared",
  registry: "mayfly.azurecr.io",
  namespace: "pr-12-599293758",
  release: "shop",
  revision: "3",
  status: "deployed",
  "app-version": "1.4.0",
  images: JSON.stringify({ api: { repository: "mayfly.azurecr.io/api", tag: "pr-12-1f3c0a9", digest: DIGEST } }),
  "image-digests": "{}",
  "expires-at": "2026-11-22T14:20:00Z",
  "smoke-report-path": "/reports/smoke.json",
  "evidence-path": "/reports/shop",
  "duration-ms": "192000",
};
const FAILED = {
  ...DEPLOYED,
  url: "",
  status: "failed",
  cause: "Deployment/shop: container api exits with 1",
  "cause-code": "crash/exit",
  "error-code": "rollout-failed",
  "failed-step": "helm-deploy",
};
const needsOf = (outputs: object, result = "success"): string => JSON.stringify({ gate: { result, outputs } });

const report = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  play(stage, { command: "report", "pull-request": "12", ...inputs });
const deployed = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  report(stage, { outcome: "success", deployment: JSON.stringify(DEPLOYED), ...inputs });
const commentOf = (stage: Stage): string => stage.comments.get(12) ?? "";

describe("a deployment that went well", () => {
  test("is told in the comment, by its address first", async () => {
    const stage = createStage();
    const { result, warnings } = await deployed(stage);
    expect(result.failure).toBeUndefined();
    expect(warnings).toEqual([]);
    const [marker, , heading] = commentOf(stage).split("\n");
    expect([marker, heading]).toEqual([
      MARKER,
      "## 🟢 [pr\\-12.preview.example.com](<https://pr-12.preview.example.com/>)",
    ]);
    for (const words of ["took 3m12s", DIGEST, "(in 5h)", "sweep of 09:17 UTC on 23 Nov 2026"]) {
      expect(commentOf(stage)).toContain(words);
    }
    expect(result.outputs).toMatchObject({ "comment-url": "https://github.com/c/12", "head-sha": SHA });
    expect(parseState(commentOf(stage))).toMatchObject({
      phase: "ready",
      headSha: SHA,
      url: DEPLOYED.url,
      expiresAt: new Date(DEPLOYED["expires-at"]),
    });
  });

  test("is a deployment on the head commit, a check, and preview.json", async () => {
    const stage = createStage();
    const { preview } = await deployed(stage);
    expect(stage.deployments).toMatchObject([
      {
        sha: SHA,
        environment: "preview",
        task: "mayfly:pr-12",
        statuses: [{ state: "success", environmentUrl: DEPLOYED.url }],
      },
    ]);
    expect(stage.checks).toMatchObject([
      { name: "Mayfly preview", headSha: SHA, conclusion: "success", externalId: "", detailsUrl: DEPLOYED.url },
    ]);
    expect(preview).toMatchObject({
      kind: "Preview",
      phase: "ready",
      url: DEPLOYED.url,
      namespace: "pr-12-599293758",
      nextSweep: "2026-11-23T09:17:00.000Z",
      images: [{ name: "api", digest: DIGEST }],
    });
  });

  test("makes older deployments of the same preview inactive, and says it of its own when it is run again", async () => {
    const old = { sha: "0".repeat(40), environment: "preview", createdAt: new Date(0) };
    const stage = createStage();
    stage.deployments.push({ ...old, id: 1, task: "mayfly:pr-12", statuses: [] });
    stage.deployments.push({ ...old, id: 2, task: "mayfly:pr-13", statuses: [] });
    await deployed(stage);
    await deployed(stage);
    expect(stage.deployments.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ["inactive", "inactive"],
      [],
      ["success", "success"],
    ]);
  });

  test("ends when the tags say, where somebody has extended it meanwhile", async () => {
    const stage = createStage();
    stage.groups.push(group("shop-pr-12", { tags: { ...TAGS, "expires-at": "2026-11-23T08:00:00Z" } }));
    await deployed(stage);
    expect(commentOf(stage)).toContain("23 Nov 2026, 08:00 UTC");
  });

  test("has the smoke test's checks in a table", async () => {
    const stage = createStage();
    stage.files.set("/reports/smoke.json", SMOKE);
    const { summary } = await deployed(stage);
    for (const page of [commentOf(stage), summary]) expect(page).toContain("| ✅ | answers | `GET /` | 120 ms |");
  });

  test("says where the release went back", async () => {
    const stage = createStage();
    await deployed(stage, { deployment: JSON.stringify({ ...DEPLOYED, status: "rolled-back" }) });
    expect(commentOf(stage)).toContain("went back to the revision that was deployed before");
  });
});

describe("a deployment that failed", () => {
  test("is told with its cause, its step, the end of the log, and what shows more", async () => {
    const stage = createStage();
    stage.files.set("/reports/smoke.json", SMOKE);
    await report(stage, { outcome: "failure", deployment: JSON.stringify(FAILED) });
    const text = commentOf(stage);
    expect(text).toContain("> Failed at `helm-deploy`. `crash/exit`: Deployment/shop: container api exits with 1");
    expect(text).toContain("boom: no such table");
    expect(text).toContain("kubectl --namespace pr-12-599293758 get pods,events");
    expect(text).toContain("| ❌ answers: `GET /cart` | 200 | 503 |");
    expect(stage.deployments).toMatchObject([{ statuses: [{ state: "failure" }] }]);
    expect(stage.checks).toMatchObject([{ conclusion: "failure" }]);
  });

  test("shows the log of the run before the restart where there is no smoke test", async () => {
    const stage = createStage();
    stage.files.set("/reports/shop/events.txt", "Warning BackOff");
    stage.files.set("/reports/shop/shop-5dc6.api.log", "starting");
    stage.files.set("/reports/shop/shop-5dc6.api.previous.log", `${"x\n".repeat(100)}panic: boom\n`);
    await report(stage, { outcome: "failure", deployment: JSON.stringify(FAILED) });
    expect(commentOf(stage)).toContain("Last 30 lines of shop-5dc6.api.previous.log");
    expect(commentOf(stage)).toContain("panic: boom");
  });

  test("leaves deployments alone that may still run", async () => {
    const stage = createStage();
    const old = { sha: "0".repeat(40), environment: "preview", createdAt: new Date(0), task: "mayfly:pr-12" };
    stage.deployments.push({ ...old, id: 1, statuses: [] });
    await report(stage, { outcome: "failure", deployment: JSON.stringify(FAILED) });
    expect(stage.deployments[0]?.statuses).toEqual([]);
  });

  test("has no secret on any page", async () => {
    const stage = createStage({ secrets: ["s3cret_value_*1"] });
    stage.files.set("/reports/shop/shop.api.log", "password is s3cret_value_*1");
    const deployment = { ...FAILED, "smoke-report-path": "", cause: "it says s3cret_value_*1" };
    const { summary, preview } = await report(stage, { outcome: "failure", deployment: JSON.stringify(deployment) });
    for (const page of [commentOf(stage), summary, JSON.stringify(preview), stage.checks[0]?.summary ?? ""]) {
      expect(page).not.toMatch(/s3cret|value/);
    }
  });

  test("of a job before is told by that job's own words, not by a link", async () => {
    const needs = JSON.stringify({
      gate: { result: "success", outputs: { decision: "create", "head-sha": SHA } },
      build: { result: "failure", outputs: { "error-code": "build-failed", cause: "COPY: no such file app.js" } },
    });
    const stage = createStage();
    await report(stage, { outcome: "skipped", needs });
    expect(commentOf(stage)).toContain("> Failed at `build`. `build-failed`: COPY: no such file app.js");
  });

  test("of a job before is explained by what its steps said", async () => {
    const { jobs, ...stage } = createStage();
    const ended = { startedAt: NOW, endedAt: new Date(NOW.getTime() + 60_000) };
    const fault = 'Dockerfile:7: "/app.js": not found';
    jobs.push({ name: "preview / Gate", conclusion: "success", ...ended, faults: [] });
    jobs.push({ name: "preview / Images / Build api", conclusion: "failure", ...ended, faults: [fault] });
    const cause = "The image api could not be built.";
    const needs = { images: { result: "failure", outputs: { "error-code": "build-failed", cause } } };
    const whole = { ...stage, jobs };
    const { summary } = await report(whole, { outcome: "skipped", needs: JSON.stringify(needs) });
    expect(commentOf(whole)).toContain(`\`build-failed\`: ${cause}`);
    expect(commentOf(whole).replaceAll("\\", "")).toContain(`Images / Build api: Dockerfile:7: "/app.js": not found`);
    expect(summary).toContain("    Images / Build api :crit, 00:00:00.000, 00:01:00.000");
  });

  test("and was lost on the way is told as that", async () => {
    const stage = createStage();
    const lost = {
      gate: { result: "success", outputs: { decision: "create" } },
      deploy: { result: "failure", outputs: {} },
    };
    await report(stage, { outcome: "failure", needs: JSON.stringify(lost) });
    expect(commentOf(stage)).toContain("> Failed at `deploy`. The job deploy failed.");
  });

  test("before the deployment began is told as that", async () => {
    const stage = createStage();
    await report(stage, { outcome: "skipped", needs: needsOf({ decision: "update", "head-sha": SHA }) });
    expect(commentOf(stage)).toContain("A step before the deployment failed");
  });

  test("by a cancel says that what was begun stays", async () => {
    const stage = createStage();
    await report(stage, { outcome: "cancelled", deployment: JSON.stringify({ "failed-step": "terraform" }) });
    expect(commentOf(stage)).toContain("The run was cancelled.");
  });
});

describe("a report says nothing to the pull request", () => {
  const silent: readonly (readonly [string, Partial<Stage>, string | undefined])[] = [
    ["that was closed meanwhile", { pull: pull({ state: "closed" }) }, undefined],
    ["that has moved on", { pull: pull({ headSha: "2".repeat(40) }) }, undefined],
    ["whose end somebody has asked for", {}, renderState({ ...NO_STATE, destroyAskedAt: new Date(0) })],
  ];
  test.each(silent)("%s, and to its run's page all the same", async (_, other, state) => {
    const stage = createStage(other);
    const body = `${MARKER}\n${state ?? ""}\nas it was`;
    stage.comments.set(12, body);
    const { result, summary } = await deployed(stage);
    expect(result.failure).toBeUndefined();
    expect(commentOf(stage)).toBe(body);
    expect([stage.deployments, stage.checks]).toEqual([[], []]);
    expect(summary).toContain("pr\\-12.preview.example.com");
  });

  test.each(["keep", "wait", "destroy"])("where the gate decided to %s", async (decision) => {
    const stage = createStage();
    const { summary } = await report(stage, { outcome: "skipped", needs: needsOf({ decision }) });
    expect([stage.comments.size, summary]).toEqual([0, ""]);
  });
});

describe("what cannot be told", () => {
  test("jobs of the run that cannot be listed are left out, without a word of warning", async () => {
    const { result, warnings } = await deployed(createStage({ down: new Set(["jobs"]) }));
    expect([result.failure, warnings]).toEqual([undefined, []]);
  });

  test.each(["comments", "deployments", "checks", "pulls"])(
    "%s: is a warning with the permission, and no failure of the deployment",
    async (down) => {
      const stage = createStage({ down: new Set([down]) });
      const { result, warnings, preview } = await deployed(stage);
      expect(result.failure).toBeUndefined();
      expect(preview).toMatchObject({ phase: "ready" });
      expect(warnings.join("\n")).toContain(`"${down}: write"`);
    },
  );

  test("a schedule that is none is refused before anything is told", async () => {
    const stage = createStage();
    const { result } = await deployed(stage, { "cleanup-schedule": "@daily" });
    expect(result.failure?.code).toBe("bad-input");
    expect(result.failure?.message).toContain("cleanup-schedule: expected a cron of five fields");
    expect(stage.comments.size).toBe(0);
  });

  test("no environment is named", async () => {
    const { result } = await play(createStage(), { command: "report", outcome: "success" });
    expect(result.failure?.code).toBe("bad-input");
  });
});

test("an environment without a pull request has its page alone, with all that it is and what comes next", async () => {
  const stage = createStage();
  const { summary, preview } = await play(stage, {
    command: "report",
    environment: "shared-test",
    outcome: "success",
    deployment: JSON.stringify({ ...DEPLOYED, environment: "shared-test" }),
  });
  expect([stage.comments.size, stage.deployments.length, stage.checks.length]).toEqual([0, 0, 0]);
  expect(preview).toMatchObject({ pullRequest: null, environment: "shared-test" });
  const words = ["aks-shop", "shop-pr-12", "mayfly.azurecr.io", "pr-12-599293758", "revision 3", DIGEST, "Next steps"];
  for (const each of words) expect(summary).toContain(each);
  expect(summary).toContain(`--subscription ${SUBSCRIPTION}`);
});

test("a comment keeps what it said of somebody's wish while the report writes the rest", async () => {
  const stage = createStage();
  const queuedAt = new Date("2026-11-22T08:00:00Z");
  stage.comments.set(12, `${MARKER}\n${renderState({ ...NO_STATE, phase: "deploying", queuedAt })}\n`);
  await deployed(stage);
  expect(parseState(commentOf(stage))).toMatchObject({
    phase: "ready",
    queuedAt: undefined,
    destroyAskedAt: undefined,
  });
});
