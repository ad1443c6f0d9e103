import { nameImages } from "./image-names.ts";
import type { Ending, ImageRecord } from "./record.ts";

/** The JSON report: what became of each image in each registry. Dates are RFC 3339. */
export function renderReport(records: readonly ImageRecord[], { dryRun, failure }: Ending): string {
  const names = nameImages([...new Set(records.map(({ image }) => image))]);
  const images = records.map(({ image, registry, outcome, companions, startedAt, finishedAt }) => ({
    name: names.get(image),
    source: image.source,
    registry,
    repository: image.to.name,
    tag: image.to.tag,
    outcome,
    companions,
    startedAt,
    finishedAt,
  }));
  return `${JSON.stringify({ schema: "mayfly/import-report/v1", dryRun, code: failure?.code, images })}\n`;
}
