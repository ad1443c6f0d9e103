import { describe, expect, test } from "@jest/globals";
import { renderTimeline } from "../../../src/actions/acr-build-push/render-timeline.ts";

const step = (name: string, startedMs: number, finishedMs: number, outcome: "done" | "cached" | "failed" = "done") => ({
  name,
  startedMs,
  finishedMs,
  outcome,
});

describe("the picture of where the time went", () => {
  test("has the run's phases, and the build's steps from where the build began", () => {
    const phases = [
      { name: "look", startedMs: 0, finishedMs: 200 },
      { name: "build", startedMs: 300, finishedMs: 1_700.4 },
    ];
    const steps = [step("[1/2] COPY . /", 0, 3), step("[2/2] RUN make", 500, 1_400, "failed")];
    expect(renderTimeline(phases, steps).split("\n")).toEqual([
      "```mermaid",
      "gantt",
      "  dateFormat HH:mm:ss.SSS",
      "  axisFormat %-S.%L",
      "  tickInterval 200millisecond",
      "  todayMarker off",
      "  section Run",
      "    look :done, 00:00:00.000, 00:00:00.200",
      "    build :done, 00:00:00.300, 00:00:01.700",
      "  section Build 1/2",
      "    [2/2] RUN make :crit, 00:00:00.800, 00:00:01.700",
      "```",
    ]);
  });

  test("begins at zero, with what came before the first phase", () => {
    const picture = renderTimeline([{ name: "look", startedMs: 400, finishedMs: 500 }], []);
    expect(picture).toContain("    prepare :done, 00:00:00.000, 00:00:00.400\n    look :done, 00:00:00.400, ");
  });

  test("is none when nothing took time", () => {
    expect(renderTimeline([], [])).toBe("");
  });

  test.each([
    ["half a second", 480, "%-S.%L", "50millisecond"],
    ["ten seconds", 10_000, "%M:%S", "1second"],
    ["a minute and a half", 90_000, "%M:%S", "10second"],
    ["forty minutes", 2_400_000, "%M:%S", "5minute"],
    ["four hours", 14_400_000, "%H:%M", "30minute"],
    ["eight hours", 28_800_000, "%H:%M", "1hour"],
  ])("has marks that can be told apart over %s", (_, finishedMs, format, interval) => {
    const picture = renderTimeline([{ name: "build", startedMs: 0, finishedMs }], []);
    expect(picture).toContain(`axisFormat ${format}\n  tickInterval ${interval}\n`);
  });

  test.each([
    ['[2/3] RUN ["/bin/busybox", "--install"]', "[2/3] RUN [/bin/busybox --install]"],
    ["RUN sed -i 's/a/b/' *.html; x: y # z", "RUN sed -i s/a/b/ *.html x y z"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub, as a Dockerfile may have it
    ["RUN echo ${{ github.token }}", "RUN echo github.token"],
    ["::", "step"],
  ])("says %j without what means something to mermaid", (name, shown) => {
    const build = { name: "build", startedMs: 0, finishedMs: 100 };
    expect(renderTimeline([build], [step(name, 0, 100)])).toContain(`\n    ${shown} :00:00:00.000, `);
  });
});
