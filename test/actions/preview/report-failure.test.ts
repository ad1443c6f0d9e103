import { describe, expect, test } from "@jest/globals";
import { commentOf, FAILED, needsOf, report, SMOKE } from "./deployed.ts";
import { createStage } from "./stage.ts";
import { NOW, SHA } from "./stories.ts";

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
