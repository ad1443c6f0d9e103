/** A value that an exporter tells. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** NaN and the infinities are values, too. */
  readonly value: number;
}

const MOST_PROBLEMS = 5;

/**
 * The samples of a text that Prometheus scrapes: version 0.0.4 and, as far as samples go, OpenMetrics 1.0, with the
 * quoted names that Prometheus 3 writes. Timestamps and exemplars are read over. Histograms and summaries are samples
 * with names of their own (`_bucket`, `_sum`, `_count`).
 *
 * A text with a line that is no sample has no value at all: it is cut off, or no metrics but a page.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function parsePrometheusText(
  text: string,
): { readonly value: readonly Sample[] } | { readonly problems: readonly string[] } {
  const samples: Sample[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const rest = line.replace(/\r$/, "").replace(/^[ \t]+/, "");
    // HELP, TYPE, UNIT, EOF and comments.
    if (rest === "" || rest.startsWith("#")) continue;
    const sample = parseSample(rest);
    if (typeof sample !== "string") samples.push(sample);
    else if (problems.length < MOST_PROBLEMS) problems.push(`line ${index + 1}: ${sample}`);
  }
  return problems.length > 0 ? { problems } : { value: samples };
}

const NAME = /([a-zA-Z_:][\w:]*)/y;
const LABEL = /[ \t]*(?:([a-zA-Z_]\w*)|"((?:[^"\\]|\\.)*)")[ \t]*/y;
const VALUE = /=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*/y;
/** A number, and what may follow: a time (milliseconds, or OpenMetrics' seconds) and an exemplar. */
const NUMBER = /[ \t]*([^\s#{}]+)(?:[ \t]+[+-]?[\d.]+(?:[eE][+-]?\d+)?)?[ \t]*(?:# ?\{.*)?$/y;

/** A sample, or what is wrong with the line. */
function parseSample(line: string): Sample | string {
  const bare = take(NAME, line, 0);
  let at = skipBlanks(line, bare?.end ?? 0);
  let name = bare?.groups[0];
  const labels: [string, string][] = [];
  if (line[at] === "{") {
    at += 1;
    for (;;) {
      if (line[skipBlanks(line, at)] === "}") break;
      const label = take(LABEL, line, at);
      if (label === undefined) return `expected a label or } at column ${at + 1}`;
      const key = label.groups[0] ?? readEscapes(label.groups[1] ?? "");
      const value = take(VALUE, line, label.end);
      at = value?.end ?? label.end;
      if (value !== undefined) labels.push([key, readEscapes(value.groups[0] ?? "")]);
      // A quoted name alone is the metric's own.
      else if (label.groups[1] !== undefined && name === undefined) name = key;
      else return `expected ="…" after the label ${key}`;
      if (line[at] === ",") at += 1;
      else if (line[at] !== "}") return `expected a comma or } at column ${at + 1}`;
    }
    at = skipBlanks(line, at) + 1;
  }
  if (name === undefined) return "expected a metric's name";
  const number = take(NUMBER, line, at);
  const value = number === undefined ? undefined : parseNumber(number.groups[0] ?? "");
  return value === undefined ? `expected a number after ${name}` : { name, labels: Object.fromEntries(labels), value };
}

/** What a pattern finds exactly there, and where that ends. */
function take(pattern: RegExp, line: string, at: number) {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  return found === null ? undefined : { groups: found.slice(1), end: at + found[0].length };
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === " " || line[at] === "\t") at += 1;
  return at;
}

function readEscapes(text: string): string {
  // Any other character after a backslash stands for both.
  return text.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

/** As Go's ParseFloat reads it, without hexadecimal numbers, which no exporter writes. */
function parseNumber(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
