import { describe, expect, test } from "@jest/globals";
import { secondaryLimit } from "../github/failure.ts";
import { inSight, MARKER, meet, REPOSITORY } from "./on-github.ts";
import { failing, GITHUB, respond, spoil } from "./spoil.ts";

describe("a limit of GitHub's", () => {
  test.each([
    ["403", 403],
    ["429", 429],
  ])("is waited for as long as GitHub asks (%s)", async (_, status) => {
    const meeting = meet();
    spoil(meeting, respond(secondaryLimit(30, status)), { method: "POST" });
    await meeting.write("Planned.");
    expect(inSight(meeting.api)).toHaveLength(1);
    expect(meeting.waits).toEqual([33_000]);
  });

  test("is waited for a minute where GitHub says nothing", async () => {
    const meeting = meet();
    spoil(meeting, respond(secondaryLimit(undefined)), { method: "POST" });
    await meeting.write("Planned.");
    expect(inSight(meeting.api)).toHaveLength(1);
    expect(meeting.waits).toEqual([66_000]);
  });

  test("is not waited for when it takes longer than a minute", async () => {
    const meeting = meet();
    spoil(meeting, respond(secondaryLimit(372)));
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-rate-limited");
    expect(text).toContain("a pause of 372 s");
    expect(meeting.waits).toEqual([]);
  });

  test("is waited for twice at most", async () => {
    const meeting = meet();
    spoil(meeting, respond(secondaryLimit(10)), GITHUB, 9);
    expect(await failing(meeting)).toMatchObject({ code: "github-rate-limited" });
    expect(meeting.waits).toEqual([11_000, 11_000]);
  });

  test("is not waited for beyond the run's deadline", async () => {
    const meeting = meet();
    spoil(meeting, respond(secondaryLimit(30)));
    const time = { now: meeting.azure.clock.now, sleep: async () => {}, left: () => 20_000, random: () => 0 };
    const { comments } = meeting.connect({ time });
    const write = comments.write({ repository: REPOSITORY, issue: 12, marker: MARKER, body: "Planned." });
    expect(await failing(meeting, write)).toMatchObject({ code: "github-rate-limited" });
  });

  test("on requests of an hour is told with its end", async () => {
    const meeting = meet();
    meeting.api.rates.leave(meeting.token, 1);
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-rate-limited");
    expect(text).toContain("Run it again after 2026-11-21T10:17:00Z");
    expect(meeting.waits).toEqual([]);
  });

  test("on requests of an hour that is nearly over is waited for", async () => {
    const meeting = meet();
    meeting.api.rates.leave(meeting.token, 0);
    meeting.azure.clock.advance(3_600_000 - 20_000);
    await meeting.write("Planned.");
    expect(inSight(meeting.api)).toHaveLength(1);
    expect(meeting.waits).toEqual([23_100]);
  });

  test.each(["RATE_LIMITED", "RATE_LIMIT"])("is seen in GraphQL's answer, too (%s)", async (graphqlLimitType) => {
    const meeting = meet();
    meeting.api.settings.graphqlLimitType = graphqlLimitType;
    meeting.api.addComment(REPOSITORY, 12, "mona", `${MARKER}\nMine.`);
    meeting.api.rates.leave(meeting.token, 0, "graphql");
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-rate-limited");
    expect(text).toContain("2026-11-21T10:17:00Z");
  });
});
