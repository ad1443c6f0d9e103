import { expect, test } from "@jest/globals";
import { renderTimeline } from "../../../src/actions/terraform/render-timeline.ts";
import type { WorkedOn } from "../../../src/terraform/story.ts";

const work = (address: string, fromMs: number, toMs?: number, outcome: WorkedOn["outcome"] = "done"): WorkedOn => ({
  address,
  action: "create",
  fromMs,
  toMs,
  outcome,
});
const PHASES = [
  { name: "init", fromMs: 200, toMs: 2_000 },
  { name: "apply", fromMs: 2_000, toMs: 60_000 },
];

test("has the phases from zero on, and the resources with what failed", () => {
  const picture = renderTimeline({
    phases: PHASES,
    work: [
      work("a.done", 2_000, 9_000),
      work("a.failed", 3_000, 4_000, "failed"),
      work("a.lost", 5_000, undefined, "running"),
    ],
  });
  expect(picture.split("\n")).toEqual([
    "```mermaid",
    "gantt",
    "  dateFormat HH:mm:ss.SSS",
    "  axisFormat %M:%S",
    "  tickInterval 10second",
    "  todayMarker off",
    "  section Run",
    "    prepare :done, 00:00:00.000, 00:00:00.200",
    "    init :done, 00:00:00.200, 00:00:02.000",
    "    apply :done, 00:00:02.000, 00:01:00.000",
    "  section Resources",
    "    a.done :00:00:02.000, 00:00:09.000",
    "    a.failed :crit, 00:00:03.000, 00:00:04.000",
    "    a.lost :00:00:05.000, 00:01:00.000",
    "```",
  ]);
});

test("shows of many the slowest, and each that failed", () => {
  const many = Array.from({ length: 40 }, (_, index) => work(`a.b[${index}]`, 2_000, 3_000 + index));
  const picture = renderTimeline({ phases: PHASES, work: [work("a.failed", 2_000, 2_001, "failed"), ...many] });
  expect(picture).toContain("  section Resources 15/41\n    a.failed :crit, ");
  expect(picture).toContain("a.b[39]");
  expect(picture).not.toContain("a.b[0]");
});

test("is none when nothing took time", () => {
  expect(renderTimeline({ phases: [], work: [] })).toBe("");
});
