import { countStory } from "./counts.ts";
import type { Story } from "./story.ts";

/** The JSON report: the plan as it was, and what became of each tag and manifest. */
export function renderReport(story: Story): string {
  const { environment, registry, dryRun, plans, fuse, records, cutShort, failure } = story;
  const windows = records.flatMap(({ outcome }) =>
    outcome.kind === "removed" && outcome.windowMs !== undefined ? [outcome.windowMs] : [],
  );
  const repositories = plans.map(({ name, state, tags, manifests, stays, unreadable }) => ({
    name,
    state,
    unreadable,
    tags,
    manifests: manifests.map(({ digest, mediaType, references, size }) => ({ digest, mediaType, references, size })),
    stays,
  }));
  const items = records.map(({ item, outcome }) => ({ ...item, outcome }));
  const report = {
    schema: "mayfly/purge-report/v1",
    environment,
    registry: registry.loginServer,
    dryRun,
    fuse,
    cutShort,
    code: failure?.code,
    counts: countStory(story),
    longestWindowMs: windows.length === 0 ? undefined : Math.max(...windows),
    repositories,
    items,
  };
  return `${JSON.stringify(report)}\n`;
}
