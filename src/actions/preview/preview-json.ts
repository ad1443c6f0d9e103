import type { PreviewStory } from "../../preview/story.ts";

/**
 * A preview for programs: preview.json. Fields are added without a new version; one that goes or changes its meaning makes
 * a new `apiVersion`. Dates are RFC 3339; what is unknown is null.
 */
export function renderPreviewJson(story: PreviewStory): string {
  const { place, release, expiresAt, sweep, cause, smoke, receipt } = story;
  const count = (outcome: string): number => smoke.filter((row) => row.outcome === outcome).length;
  const preview = {
    apiVersion: "mayfly/v1alpha1",
    kind: "Preview",
    phase: story.phase,
    repository: story.repository,
    pullRequest: story.pullRequest ?? null,
    environment: story.environment,
    headSha: orNull(story.headSha),
    url: orNull(story.url),
    expiresAt: expiresAt ?? null,
    nextSweep: sweep?.at ?? null,
    resourceGroup: orNull(place.resourceGroup),
    cluster: orNull(place.cluster),
    clusterResourceGroup: orNull(place.clusterResourceGroup),
    registry: orNull(place.registry),
    namespace: orNull(place.namespace),
    release: release ?? null,
    images: story.images,
    smoke: { passed: count("passed"), failed: count("failed"), skipped: count("skipped"), checks: smoke },
    cause: cause === undefined ? null : { code: orNull(cause.code), text: cause.text, step: orNull(cause.step) },
    receipt: receipt ?? null,
    durationMs: story.durationMs ?? null,
    runUrl: orNull(story.runUrl),
    toldAt: story.now,
  };
  return `${JSON.stringify(preview, undefined, 2)}\n`;
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
