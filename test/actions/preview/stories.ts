import { NO_STATE, renderState } from "../../../src/preview/comment-state.ts";
import { beginStory, type PreviewStory, type SmokeRow } from "../../../src/preview/story.ts";

export const SHA = "1f3c0a9d5b7e2c4f6a8b0d1e3f5a7c9b1d3e5f70";
export const NOW = new Date("2026-11-22T09:20:00Z");

/** A preview that is ready, or what else is told. */
export function story(other: Partial<PreviewStory> = {}): PreviewStory {
  return beginStory({
    phase: "ready",
    now: NOW,
    repository: "octo/shop",
    serverUrl: "https://github.com",
    pullRequest: 12,
    environment: "pr-12",
    headSha: SHA,
    url: "https://pr-12.preview.example.com",
    runUrl: "https://github.com/octo/shop/actions/runs/77/attempts/1",
    state: renderState({ ...NO_STATE, phase: "ready", headSha: SHA }),
    ...other,
  });
}

export function row(check: string, other: Partial<SmokeRow> = {}): SmokeRow {
  return {
    step: "answers",
    check,
    outcome: "passed",
    optional: false,
    durationMs: 120,
    expected: "status 200",
    seen: "status 200",
    ...other,
  };
}
