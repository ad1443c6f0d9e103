import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { foldJournal, type JournalEvent, parseJournal, renderEvent } from "../../../src/actions/ttl-reaper/journal.ts";
import { JOURNAL_STATE, REPORTED_STATE } from "../../../src/actions/ttl-reaper/journal-state.ts";
import { renderSummary } from "../../../src/actions/ttl-reaper/render-summary.ts";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { tellCutShort } from "../../../src/actions/ttl-reaper/tell-cut-short.ts";
import { inputs } from "./inputs.ts";
import { group, simulate } from "./simulation.ts";

const past = { "auto-destroy": "true", "expires-at": "2026-11-21T08:00:00Z" };
const simulation = simulate({
  now: new Date("2026-11-21T09:17:00Z"),
  groups: [
    { facts: group("pr-1", past) },
    {
      facts: group("pr-2", { ...past, note: "two\nlines", at: "12", now: "nonsense", expiresAt: "later" }),
      course: "rolled-back",
    },
    { facts: group("pr-3", { ...past, "expires-at": "2026-11-30T08:00:00Z" }) },
  ],
});
await run(inputs(), simulation.world);
const events: readonly JournalEvent[] = simulation.events;
const text = events.map(renderEvent).join("");

test("a journal tells the same story as the run itself", () => {
  expect(parseJournal(text)).toEqual(events);
  expect(renderSummary(foldJournal(parseJournal(text)))).toBe(simulation.summaries.join(""));
});

test("a journal that was cut off anywhere tells what stood there whole", () => {
  fc.assert(
    fc.property(fc.nat(text.length), (length) => {
      const whole = text.slice(0, length).split("\n").length - 1;
      expect(parseJournal(text.slice(0, length))).toEqual(events.slice(0, whole));
    }),
  );
});

/** Runs post on a journal, and returns what it told. */
async function post(
  journal: string | undefined,
  reported = "",
): Promise<{ readonly told: readonly string[]; readonly report: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const path = join(folder, "journal.jsonl");
  if (journal !== undefined) writeFileSync(path, journal);
  const told: string[] = [];
  const say = (message: string): void => void told.push(message);
  const state = (name: string): string => ({ [JOURNAL_STATE]: path, [REPORTED_STATE]: reported })[name] ?? "";
  try {
    await tellCutShort({
      state,
      summarize: async (markdown) => say(markdown),
      log: { info: say, debug: say, notice: say, warning: say, error: say, group: (_, work) => work() },
    });
    const report: unknown = reported === "" ? JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) : undefined;
    return { told, report };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("post tells of a run that was cut short after its first DELETE", async () => {
  const asked = events.findIndex((event) => event.type === "outcome" && event.outcome.kind === "asked");
  const { told, report } = await post(
    events
      .slice(0, asked + 1)
      .map(renderEvent)
      .join(""),
  );
  expect(told.join("\n")).toContain("0 deleted, 1 being deleted by ARM, 1 not begun");
  expect(report).toMatchObject({ complete: false, counts: { stillDeleting: 1, skipped: 1, deleted: 0 } });
});

test("post tells of a run that was cut short before it had looked", async () => {
  const { told, report } = await post(undefined);
  expect(told.join("\n")).toContain("Nothing was deleted");
  expect(report).toMatchObject({ complete: false, counts: { expired: 0 } });
});

test("post has nothing to add to a run that has told everything", async () => {
  expect((await post(text, "true")).told).toEqual([]);
});
