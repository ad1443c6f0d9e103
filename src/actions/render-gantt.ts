import { fenced } from "../kit/markdown.ts";

/** A bar of the picture, in milliseconds since its beginning. */
export interface GanttBar {
  readonly name: string;
  /** How mermaid draws it. No `active`: in GitHub's dark theme a name beside such a bar is dark on dark. */
  readonly look: "" | "done, " | "crit, ";
  readonly fromMs: number;
  readonly toMs: number;
}

export interface GanttSection {
  readonly title: string;
  readonly bars: readonly GanttBar[];
}

/** A bar without a length is not drawn. */
const SHORTEST_BAR_MS = 50;

/**
 * A picture of where the time went. Mermaid, which GitHub draws by itself; empty when nothing took time.
 *
 * @param sections the first one has the parts of the whole: what came before them is put there as `prepare`, so that the
 *   axis begins at zero
 */
export function renderGantt(sections: readonly GanttSection[]): string {
  const all = sections.flatMap(({ bars }) => bars);
  const end = Math.max(0, ...all.map(({ toMs }) => toMs));
  if (end === 0) return "";
  const [first, ...others] = sections;
  const whole = first === undefined ? [] : [{ ...first, bars: [...listBeginning(all), ...first.bars] }, ...others];
  const lines = [
    "gantt",
    // Times of a day, which are read and written in the reader's time zone alike: the axis begins at zero everywhere.
    "  dateFormat HH:mm:ss.SSS",
    ...renderAxis(end),
    "  todayMarker off",
    ...whole
      .filter(({ bars }) => bars.length > 0)
      .flatMap(({ title, bars }) => [`  section ${title}`, ...bars.map(renderBar)]),
  ];
  return fenced(lines.join("\n"), "mermaid");
}

function listBeginning(bars: readonly GanttBar[]): readonly GanttBar[] {
  const fromMs = Math.min(...bars.map((bar) => bar.fromMs));
  return fromMs < SHORTEST_BAR_MS ? [] : [{ name: "prepare", look: "done, ", fromMs: 0, toMs: fromMs }];
}

/** Distances between marks that people count in. */
const INTERVALS: ReadonlyArray<readonly [name: string, milliseconds: number]> = [
  ["50millisecond", 50],
  ["100millisecond", 100],
  ["200millisecond", 200],
  ["500millisecond", 500],
  ["1second", 1_000],
  ["2second", 2_000],
  ["5second", 5_000],
  ["10second", 10_000],
  ["30second", 30_000],
  ["1minute", 60_000],
  ["2minute", 120_000],
  ["5minute", 300_000],
  ["10minute", 600_000],
  ["30minute", 1_800_000],
];
const MOST_MARKS = 10;
const HOUR_MS = 3_600_000;

/** Marks that are apart enough to be read, none written like its neighbour. */
function renderAxis(endMs: number): readonly string[] {
  const [interval, lengthMs] = INTERVALS.find(([, length]) => endMs / length <= MOST_MARKS) ?? ["1hour", HOUR_MS];
  const format = lengthMs < 1_000 ? "%-S.%L" : endMs < HOUR_MS ? "%M:%S" : "%H:%M";
  return [`  axisFormat ${format}`, `  tickInterval ${interval}`];
}

function renderBar({ name, look, fromMs, toMs }: GanttBar): string {
  return `    ${safeName(name)} :${look}${renderInstant(fromMs)}, ${renderInstant(Math.max(toMs, fromMs + SHORTEST_BAR_MS))}`;
}

/** Milliseconds since the beginning as a time of day. */
function renderInstant(milliseconds: number): string {
  return new Date(Math.round(milliseconds)).toISOString().slice("1970-01-01T".length, -1);
}

const LONGEST_NAME = 48;

/** Colons, semicolons, hashes and commas mean something to mermaid, and `${{` to whoever pastes it. */
function safeName(name: string): string {
  const safe = name
    .replace(/["'`]/g, "")
    .replace(/[^-\w.()/=[\]*@+]+/g, " ")
    .trim();
  return safe.length > LONGEST_NAME ? `${safe.slice(0, LONGEST_NAME - 1)}…` : safe || "step";
}
