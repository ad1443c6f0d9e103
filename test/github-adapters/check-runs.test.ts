import { describe, expect, test } from "@jest/globals";
import type { NewCheckRun } from "../../src/github/preview-api.ts";
import { failure } from "../github/failure.ts";
import { type Meeting, meet, REPOSITORY } from "./on-github.ts";
import { failing, respond, spoil } from "./spoil.ts";

const NAME = "Mayfly preview";
const QUEUED = "mayfly-queued:2026-11-21T09:17:00Z:7";

const shaOf = ({ api }: Meeting) => api.pull(REPOSITORY, 12).headSha;
const write = (meeting: Meeting, more: Partial<NewCheckRun> = {}) =>
  meeting.github.checks.write(REPOSITORY, {
    name: NAME,
    headSha: shaOf(meeting),
    conclusion: "neutral",
    title: "Queued, position 3",
    summary: "Two others come first.",
    ...more,
  });

describe("a check", () => {
  test("is made neutral, and changed from then on", async () => {
    const meeting = meet();
    const first = await write(meeting, { externalId: QUEUED });
    const headSha = shaOf(meeting);
    const [made] = meeting.api.checks(REPOSITORY, headSha);
    expect(made).toMatchObject({
      app: "github-actions",
      name: NAME,
      headSha,
      conclusion: "neutral",
      title: "Queued, position 3",
      summary: "Two others come first.",
      externalId: QUEUED,
    });
    expect(first).toBe(`https://github.com/octo/shop/runs/${made?.id}`);
    expect(await meeting.github.checks.find(REPOSITORY, headSha, NAME)).toEqual({
      id: made?.id,
      name: NAME,
      headSha,
      conclusion: "neutral",
      title: "Queued, position 3",
      externalId: QUEUED,
      startedAt: new Date("2026-11-21T09:17:00Z"),
    });
    expect(await write(meeting, { conclusion: "success", title: "Deployed" })).toBe(first);
    // What is queued no longer says so no longer.
    expect(meeting.api.checks(REPOSITORY)).toMatchObject([
      { conclusion: "success", title: "Deployed", externalId: "" },
    ]);
  });

  test("is another one on another commit, and under another name", async () => {
    const meeting = meet();
    await write(meeting);
    await write(meeting, { name: "Another" });
    meeting.api.pull(REPOSITORY, 12).push();
    expect(await meeting.github.checks.find(REPOSITORY, shaOf(meeting), NAME)).toBeUndefined();
    await write(meeting);
    expect(meeting.api.checks(REPOSITORY)).toHaveLength(3);
  });

  test("of another app is neither found nor changed", async () => {
    const meeting = meet();
    const headSha = shaOf(meeting);
    const foreign = { app: "deploy-bot[bot]", name: NAME, headSha, conclusion: "success", externalId: QUEUED };
    meeting.api.addCheck(REPOSITORY, foreign);
    expect(await meeting.github.checks.find(REPOSITORY, headSha, NAME)).toBeUndefined();
    await write(meeting);
    meeting.api.addCheck(REPOSITORY, foreign);
    await write(meeting, { title: "Queued, position 2" });
    expect(meeting.api.checks(REPOSITORY).map(({ app, title }) => [app, title])).toEqual([
      ["deploy-bot", ""],
      ["github-actions", "Queued, position 2"],
      ["deploy-bot", ""],
    ]);
  });

  test("is found as ours for every way in which the viewer is called", async () => {
    for (const viewerHasSuffix of [true, false]) {
      const meeting = meet();
      meeting.api.settings.viewerHasSuffix = viewerHasSuffix;
      await write(meeting);
      await write(meeting, { title: "Again" });
      expect(meeting.api.checks(REPOSITORY)).toMatchObject([{ title: "Again" }]);
    }
  });

  test("gets a place of its own beside a job of the same name, which only Actions may change", async () => {
    const meeting = meet();
    meeting.api.addCheck(REPOSITORY, { name: NAME, headSha: shaOf(meeting), ofJob: true });
    await write(meeting);
    await write(meeting, { title: "Queued, position 2" });
    expect(meeting.api.checks(REPOSITORY).map(({ ofJob, title }) => [ofJob, title])).toEqual([
      [true, ""],
      [false, "Queued, position 2"],
    ]);
  });

  test("is found behind 250 of others", async () => {
    const meeting = meet();
    const headSha = shaOf(meeting);
    for (let count = 0; count < 250; count += 1)
      meeting.api.addCheck(REPOSITORY, { app: `app-${count}[bot]`, name: NAME, headSha });
    await write(meeting, { externalId: QUEUED });
    for (let count = 250; count < 400; count += 1)
      meeting.api.addCheck(REPOSITORY, { app: `app-${count}[bot]`, name: NAME, headSha });
    expect(await meeting.github.checks.find(REPOSITORY, headSha, NAME)).toMatchObject({ externalId: QUEUED });
  });

  test("of a commit that GitHub does not know is none, and none can be made", async () => {
    const meeting = meet();
    const headSha = "0".repeat(40);
    expect(await meeting.github.checks.find(REPOSITORY, headSha, NAME)).toBeUndefined();
    const { code, text } = await failing(meeting, write(meeting, { headSha }));
    expect(code).toBe("github-refused");
    expect(text).toContain(`No commit found for SHA: ${headSha}`);
  });

  test("takes any title and summary: one line, and no more than GitHub takes", async () => {
    const meeting = meet();
    await write(meeting, { title: `Queued\n\r\n${"x".repeat(300)}`, summary: `${"y".repeat(65_531)}🦋🦋🦋` });
    const [{ title, summary } = { title: "", summary: "" }] = meeting.api.checks(REPOSITORY);
    expect(title).toBe(`Queued ${"x".repeat(247)}…`);
    expect(summary).toBe(`${"y".repeat(65_531)}\n\n…`);
    await write(meeting, { title: "Short", summary: "z".repeat(65_535) });
    expect(meeting.api.checks(REPOSITORY)).toMatchObject([{ title: "Short", summary: "z".repeat(65_535) }]);
  });

  test("is written by apps only, which is said", async () => {
    const meeting = meet({ actor: "mona", classic: true });
    const { code, text } = await failing(meeting, write(meeting));
    expect(code).toBe("github-permission");
    expect(text).toContain("Only an app writes check runs");
  });

  test("that GitHub refuses for good is not tried again", async () => {
    const meeting = meet();
    spoil(meeting, respond(failure(422, "Invalid request.")), { method: "POST", path: /check-runs/ });
    expect(await failing(meeting, write(meeting))).toMatchObject({ code: "github-refused" });
    expect(meeting.waits).toEqual([]);
  });
});
