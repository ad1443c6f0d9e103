import { fenced } from "../../kit/markdown.ts";
import { shortDigest } from "./outcome.ts";
import { renderTarget } from "./parse-images.ts";
import type { ImageRecord } from "./record.ts";

/** More bars than this are no picture any more. */
const MOST_BARS = 30;
/** A bar without a length is not drawn. */
const SHORTEST_BAR_MS = 1_000;

/** When each image was copied, by registry, as Mermaid that GitHub draws; empty when nothing was. */
export function renderTimeline(records: readonly ImageRecord[]): string {
  const copied = records.filter(isDrawn);
  // A picture of failures alone tells nothing.
  if (!copied.some(({ outcome }) => outcome.kind !== "failed")) return "";
  const shown = copied.slice(0, MOST_BARS);
  const registries = [...new Set(shown.map(({ registry }) => registry))];
  const sections = registries.flatMap((registry) => [
    `  section ${safeName(registry.split(".")[0] ?? registry)}`,
    ...shown.filter((record) => record.registry === registry).map(renderBar),
  ]);
  const head = ["gantt", "  dateFormat YYYY-MM-DDTHH:mm:ss", "  axisFormat %H:%M:%S", "  todayMarker off"];
  return fenced([...head, ...sections].join("\n"), "mermaid");
}

/** What took no time was never begun. */
function isDrawn({ outcome, startedAt, finishedAt }: ImageRecord): boolean {
  if (outcome.kind === "failed") return finishedAt.getTime() - startedAt.getTime() >= SHORTEST_BAR_MS;
  return outcome.kind === "imported" || outcome.kind === "unfinished";
}

function renderBar({ image, outcome, startedAt, finishedAt }: ImageRecord): string {
  const look = { imported: "done, ", failed: "crit, " }[outcome.kind as string] ?? "";
  const end = new Date(Math.max(finishedAt.getTime(), startedAt.getTime() + SHORTEST_BAR_MS));
  return `    ${safeName(renderTarget(image))} :${look}${second(startedAt)}, ${second(end)}`;
}

/** Colons, semicolons, hashes and commas mean something to mermaid. */
function safeName(name: string): string {
  return shortDigest(name)
    .replace("sha256:", "")
    .replace(/[^-\w./() ]/g, " ");
}

function second(date: Date): string {
  return date.toISOString().slice(0, 19);
}
