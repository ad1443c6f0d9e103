import { describe, expect, test } from "@jest/globals";
import type { Effect } from "../azure/faults.ts";
import { secondaryLimit } from "../github/failure.ts";
import { meet, PERMISSIONS, REPOSITORY } from "./on-github.ts";
import { failing, respond, spoil } from "./spoil.ts";

const RERUN = { method: "POST", path: /rerun$/ };
const able = () => meet({ permissions: { ...PERMISSIONS, actions: "write" } });

describe("a run that is asked to run again", () => {
  test("begins another attempt", async () => {
    const { api, github } = able();
    const run = api.addRun(REPOSITORY);
    run.complete("failure");
    expect(await github.reruns.start(REPOSITORY, run.id)).toBe("started");
    expect(run.attempts).toMatchObject([{ conclusion: "failure" }, { status: "queued" }]);
  });

  test("is let be while it is under way, when it is too old, and when GitHub will not", async () => {
    const { azure, api, github } = able();
    const run = api.addRun(REPOSITORY);
    const start = (id = run.id) => github.reruns.start(REPOSITORY, id);
    expect(await start()).toBe("running");
    run.complete();
    azure.clock.advance(31 * 86_400_000);
    expect(await start()).toBe("too-old");
    const spent = api.addRun(REPOSITORY, { retriable: false });
    spent.complete();
    expect(await start(spent.id)).toBe("too-old");
    expect(await start(1)).toBe("gone");
    expect([...run.attempts, ...spent.attempts]).toHaveLength(2);
  });

  test("is forbidden to a token that may only read, and in an archived repository", async () => {
    const meeting = meet();
    const run = meeting.api.addRun(REPOSITORY);
    run.complete();
    expect(await meeting.github.reruns.start(REPOSITORY, run.id)).toBe("forbidden");
    const { api, github } = able();
    api.repository(REPOSITORY).archived = true;
    const late = api.addRun(REPOSITORY);
    late.complete();
    expect(await github.reruns.start(REPOSITORY, late.id)).toBe("forbidden");
  });

  test.each<[string, Effect]>([
    ["broken after it was carried out", { kind: "reset", carriedOut: true }],
    ["answered 502 after", { kind: "rewrite", answer: () => ({ status: 502, headers: {}, body: "Unicorn!" }) }],
  ])("is begun once, though the request was %s", async (_, effect) => {
    const meeting = able();
    const run = meeting.api.addRun(REPOSITORY);
    run.complete();
    spoil(meeting, effect, RERUN);
    expect(await meeting.github.reruns.start(REPOSITORY, run.id)).toBe("started");
    expect(run.attempts).toHaveLength(2);
  });

  test("and never hears of it is told as that: nobody can say whether a second try would be one too many", async () => {
    const meeting = able();
    const run = meeting.api.addRun(REPOSITORY);
    run.complete();
    spoil(meeting, { kind: "reset" }, RERUN);
    const start = meeting.github.reruns.start(REPOSITORY, run.id);
    expect(await failing(meeting, start)).toMatchObject({ code: "github-unreachable" });
    expect(run.attempts).toHaveLength(1);
  });

  test("meets a limit, which is no missing right", async () => {
    const meeting = able();
    const run = meeting.api.addRun(REPOSITORY);
    run.complete();
    spoil(meeting, respond(secondaryLimit(372)), RERUN);
    const start = meeting.github.reruns.start(REPOSITORY, run.id);
    expect(await failing(meeting, start)).toMatchObject({ code: "github-rate-limited" });
    spoil(meeting, respond(secondaryLimit(10)), RERUN);
    expect(await meeting.github.reruns.start(REPOSITORY, run.id)).toBe("started");
  });
});
