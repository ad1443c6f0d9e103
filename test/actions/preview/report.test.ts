import { describe, expect, test } from "@jest/globals";
import { NO_STATE, parseState, renderState } from "../../../src/preview/comment-state.ts";
import { commentOf, DEPLOYED, DIGEST, deployed, MARKER, needsOf, report, SMOKE } from "./deployed.ts";
import { createStage, group, play, pull, type Stage, SUBSCRIPTION, TAGS } from "./stage.ts";
import { SHA } from "./stories.ts";

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

test("a comment keeps where a namespace stands in a shared cluster, until its cluster is the environment's own", async () => {
  const stage = createStage();
  await deployed(stage);
  expect(parseState(commentOf(stage))).toMatchObject({ cluster: "aks-shop", namespace: "pr-12-599293758" });
  stage.groups.push(group("shop-shared", { tags: TAGS }));
  await deployed(stage);
  expect(parseState(commentOf(stage))).toMatchObject({ cluster: undefined, namespace: undefined });
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
