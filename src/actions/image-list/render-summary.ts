import type { PushedImage } from "../../image/pushed-image.ts";
import { code, SUMMARY_BUDGET_BYTES, table, withinBudget } from "../../kit/markdown.ts";

/** The images of a run, for its page. */
export function renderSummary(images: readonly PushedImage[]): string {
  const row = ({ name, repository, tag, digest }: PushedImage): readonly string[] => [
    code(name),
    code(tag === "" ? repository : `${repository}:${tag}`),
    code(digest),
  ];
  const [header = "", rule = "", ...rows] = table(["Image", "Where", "Digest"], images.map(row)).split("\n");
  return withinBudget([{ text: ["## Images", "", header, rule].join("\n"), rows }], SUMMARY_BUDGET_BYTES);
}
