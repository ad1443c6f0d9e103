import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parsePrometheusText, type Sample } from "../../src/smoke/prometheus-text.ts";
import { anyCharacter } from "../any-character.ts";

/** The example of the format's own page, with what OpenMetrics and Prometheus 3 add. */
const TEXT = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045
another_weird NaN
colder -Inf

# A histogram, which has a pretty complex representation in the text format:
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
foo_bucket{le="10.0",} 17 # {trace_id="oHg5SJ#YRHA0"} 9.8 1520879607.789
{"my.dotted.metric", "a label"="x", b="}{,"} 1e-3 1520879607.789
  indented{} .5\r
# EOF
`;

describe("parsePrometheusText", () => {
  test("reads the format's own example, and what came later", () => {
    const post = { method: "post" };
    expect(parsePrometheusText(TEXT)).toEqual({
      value: [
        { name: "http_requests_total", labels: { ...post, code: "200" }, value: 1027 },
        { name: "http_requests_total", labels: { ...post, code: "400" }, value: 3 },
        {
          name: "msdos_file_access_time_seconds",
          labels: { path: "C:\\DIR\\FILE.TXT", error: 'Cannot find file:\n"FILE.TXT"' },
          value: 1458255915,
        },
        { name: "metric_without_timestamp_and_labels", labels: {}, value: 12.47 },
        { name: "something_weird", labels: { problem: "division by zero" }, value: Infinity },
        { name: "another_weird", labels: {}, value: Number.NaN },
        { name: "colder", labels: {}, value: -Infinity },
        { name: "http_request_duration_seconds_bucket", labels: { le: "0.05" }, value: 24054 },
        { name: "http_request_duration_seconds_bucket", labels: { le: "+Inf" }, value: 144320 },
        { name: "http_request_duration_seconds_sum", labels: {}, value: 53423 },
        { name: "http_request_duration_seconds_count", labels: {}, value: 144320 },
        { name: "foo_bucket", labels: { le: "10.0" }, value: 17 },
        { name: "my.dotted.metric", labels: { "a label": "x", b: "}{," }, value: 0.001 },
        { name: "indented", labels: {}, value: 0.5 },
      ],
    });
  });

  test.each([
    ["<html>", "line 1: expected a metric's name"],
    ["up", "line 1: expected a number after up"],
    ["# ok\nup 1x", "line 2: expected a number after up"],
    ["up 0x10", "line 1: expected a number after up"],
    ["up 1 2 3", "line 1: expected a number after up"],
    ["up{a=1} 1", 'line 1: expected ="…" after the label a'],
    ['up{a="1} 1', 'line 1: expected ="…" after the label a'],
    ['up{a="1" b="2"} 1', "line 1: expected a comma or } at column 10"],
    ["up{,} 1", "line 1: expected a label or } at column 4"],
    ['up{"other"} 1', 'line 1: expected ="…" after the label other'],
    ["up{", "line 1: expected a label or } at column 4"],
    ['{a="b"} 1', "line 1: expected a metric's name"],
  ])("%j is no metrics: %s", (text, problem) => {
    expect(parsePrometheusText(text)).toEqual({ problems: [problem] });
  });

  test("tells the first problems of a page, not all", () => {
    const read = parsePrometheusText("<p>\n".repeat(100));
    expect("problems" in read ? read.problems.length : 0).toBe(5);
  });

  test("an empty text has no samples", () => {
    expect(parsePrometheusText("")).toEqual({ value: [] });
  });

  const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/);
  const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
  const sample: fc.Arbitrary<Sample> = fc.record({
    name,
    labels: fc.dictionary(label, fc.string({ unit: anyCharacter }), { maxKeys: 3, noNullPrototype: true }),
    value: fc.double(),
  });

  test("reads back every sample that is written, whatever its labels say", () => {
    const spaces = fc.constantFrom(" ", "  ", "\t");
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, spaces, fc.option(fc.integer()))), (written) => {
        const text = written.map(([one, space, time]) => `${write(one, space)}${time === null ? "" : ` ${time}`}\n`);
        expect(parsePrometheusText(text.join("# a comment\n"))).toEqual({ value: written.map(([one]) => one) });
      }),
    );
  });

  test("has an answer for every text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a{}=",\\ \n#1.') })), (text) => {
        const read = parsePrometheusText(text);
        expect("value" in read || read.problems.length > 0).toBe(true);
      }),
    );
  });
});

function write({ name, labels, value }: Sample, space: string): string {
  const escaped = (text: string): string => text.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
  const told = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  const number = Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
  return `${name}{${told.join(`,${space}`)}}${space}${Object.is(value, -0) ? "-0" : number}`;
}
