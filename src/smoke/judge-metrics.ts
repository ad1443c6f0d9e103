import { listNearNames } from "../spelling/near-names.ts";
import { matchValue, tellMatcher } from "./match-value.ts";
import type { Sample } from "./prometheus-text.ts";
import type { Metrics } from "./spec/checks/metrics.ts";
import { shorten } from "./tell-value.ts";

type Wanted = Metrics["samples"][number];

/** What samples there have to be, in a line. */
export function tellMetrics({ samples }: Pick<Metrics, "samples">): string {
  return samples
    .map(
      (wanted) =>
        `${tellSeries(wanted.name, wanted.labels ?? {})}${wanted.value === undefined ? "" : ` ${tellMatcher(wanted.value)}`}`,
    )
    .join(", ");
}

/**
 * Whether an endpoint has all samples that it has to have. Every series that a sample names has to have its value:
 * nothing is summed up, and none is picked. One that names no series holds for nothing.
 */
export function judgeMetrics(
  { samples }: Pick<Metrics, "samples">,
  found: readonly Sample[],
): { readonly holds: boolean; readonly seen: string } {
  const judged = samples.map((wanted) => judgeSample(wanted, found));
  const wrong = judged.filter(({ holds }) => !holds);
  return { holds: wrong.length === 0, seen: (wrong.length === 0 ? judged : wrong).map(({ seen }) => seen).join(", ") };
}

const MOST_TOLD = 3;
const LONGEST_SERIES = 160;

function judgeSample(wanted: Wanted, found: readonly Sample[]): { readonly holds: boolean; readonly seen: string } {
  const { name, labels = {}, value } = wanted;
  const named = found.filter((sample) => sample.name === name);
  const meant = named.filter((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text));
  if (meant.length === 0) return { holds: false, seen: tellMissing(wanted, named, found) };
  const wrong = value === undefined ? [] : meant.filter((sample) => !matchValue(value, sample.value));
  return { holds: wrong.length === 0, seen: tellSome(wrong.length === 0 ? meant : wrong) };
}

function tellMissing({ name, labels = {} }: Wanted, named: readonly Sample[], found: readonly Sample[]): string {
  const [first] = named;
  if (first !== undefined) return `no ${tellSeries(name, labels)}; there is ${tellSome(named)}`;
  if (found.length === 0) return "no samples at all";
  const near = listNearNames(name, [...new Set(found.map((sample) => sample.name))]);
  return `no ${name} among ${found.length} samples${near.length === 0 ? "" : ` (there is ${near.join(", ")})`}`;
}

function tellSome(samples: readonly Sample[]): string {
  const told = samples
    .slice(0, MOST_TOLD)
    .map(({ name, labels, value }) => `${tellSeries(name, labels)} ${value}`)
    .join(", ");
  return samples.length > MOST_TOLD ? `${told} and ${samples.length - MOST_TOLD} more` : told;
}

/** As Prometheus writes it: `up{job="api"}`. */
function tellSeries(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
  return shorten(pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`, LONGEST_SERIES);
}
