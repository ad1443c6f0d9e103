import type { OutputsOf } from "../../kit/define-action.ts";
import { countRecords } from "./counts.ts";
import { nameImages } from "./image-names.ts";
import type { Ending, ImageRecord } from "./record.ts";
import { renderSummary } from "./render-summary.ts";
import { renderReport } from "./report.ts";
import type { spec } from "./spec.ts";
import type { World } from "./world.ts";

/** Writes report and summary of a run that has ended, and returns its outputs. */
export async function publish(
  records: readonly ImageRecord[],
  ending: Ending,
  world: World,
): Promise<OutputsOf<typeof spec>> {
  const report = await world.writeReport(renderReport(records, ending));
  await world.summarize(renderSummary(records, ending));
  const counts = countRecords(records);
  world.log.info(
    `${counts.imported} imported, ${counts.skipped} skipped, ${counts.failed} failed, ${counts.unfinished} unfinished` +
      (ending.dryRun ? `, ${counts.planned} would be imported` : ""),
  );
  tellOfCompanions(records, world);
  const { imported, skipped, failed, unfinished } = counts;
  return { imported, skipped, failed, unfinished, images: renderImages(records), report };
}

/** What stands in the first registry, for a deploy. What is not proven to be the source's digest is left out. */
function renderImages(records: readonly ImageRecord[]): string {
  const registry = records[0]?.registry;
  const mine = records.filter((record) => record.registry === registry);
  const names = nameImages(mine.map(({ image }) => image));
  const images = mine.flatMap(({ image, outcome }) =>
    outcome.kind === "imported" || outcome.kind === "there"
      ? [[names.get(image) ?? image.to.name, { ...describe(image, registry), digest: outcome.digest }] as const]
      : [],
  );
  return JSON.stringify(Object.fromEntries(images));
}

function describe({ to }: ImageRecord["image"], registry = ""): { readonly repository: string; readonly tag: string } {
  return { repository: `${registry}/${to.name}`, tag: to.tag ?? "" };
}

function tellOfCompanions(records: readonly ImageRecord[], { log }: Pick<World, "log">): void {
  const left = records.filter(({ companions }) => companions.note !== undefined && companions.found > 0);
  if (left.length === 0) return;
  log.warning(
    `An import leaves signatures and attestations at the source, here those of ${left.length} images. Say referrers: copy to take them along, or referrers: ignore.`,
    { title: "Signatures were not imported" },
  );
}
