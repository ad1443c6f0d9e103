import { expect, test } from "@jest/globals";
import { listPreviewFaults, type PreviewScene, type PreviewStory } from "../../scripts/demo/preview-outcome.ts";
import type { JobResult } from "../../test/runner/job.ts";
import { makeScene } from "./make-scene.ts";

const RESULT: JobResult = {
  ...{ conclusion: "success", steps: [], outputs: {}, droppedOutputs: [], log: [], annotations: [] },
  ...{ summary: "all well", env: {}, path: [], orphans: [], durationMs: 1 },
};
const { run } = makeScene([
  { name: "preview / Gate", result: RESULT, startedAt: new Date(0), timeOf: () => new Date(0) },
]);
const post = { at: new Date(0), job: "preview / Gate", kind: "check", state: "success", text: "" } as const;
const pod = (name: string, ready = true) => ({ name, ready });
const space = (expiresAt: string, pods = [pod("a"), pod("b")]) => ({ name: "shop-pr-9", expiresAt, pods });
const story: PreviewStory = {
  conclusion: "success",
  jobs: ["preview / Gate"],
  says: /is there/,
  posts: ["check success"],
  pods: 2,
  heading: "Tables",
  later: [16, 17],
};
const good: PreviewScene = {
  run: { ...run, conversation: { pull: 9, title: "T", comments: [], posts: [post] } },
  requests: [],
  namespace: "shop-pr-9",
  before: [space("2026-01-01T08:00:00Z")],
  after: [space("2026-01-02T00:30:00Z")],
  comments: ["It is there"],
  heading: "Tables",
  tags: ["pr-9"],
};
const faults = (more: Partial<PreviewScene>, other: Partial<PreviewStory> = {}) =>
  listPreviewFaults({ ...story, ...other }, { ...good, ...more });

test("a preview that came out as told has no faults", () => {
  expect(faults({})).toEqual([]);
  expect(faults({ after: [], tags: [], heading: undefined }, { pods: 0, heading: undefined })).toEqual([]);
});

test.each<[string, Partial<PreviewScene>, Partial<PreviewStory>, readonly RegExp[]]>([
  ["a job too few", {}, { jobs: ["preview / Gate", "preview / Deploy"] }, [/^the jobs should be preview \/ Gate, /]],
  ["a post that is missing", { run }, {}, [/^the posts should be check success, and are none$/]],
  ["another comment's words", { comments: ["It failed"] }, {}, [/should say is there, and says "It failed"/]],
  ["no comment", { comments: [] }, {}, [/should say is there, and says ""/]],
  ["two comments", { comments: ["It is there", "It is there"] }, {}, [/one comment should stand .* 2 do/]],
  ["nobody at the address", { heading: undefined }, {}, [/answer with "Tables", and does with nothing/]],
  ["a pod that is not ready", { after: [space("2026-01-02T00:30:00Z", [pod("a"), pod("b", false)])] }, {}, [/1 of 2/]],
  ["no namespace", { after: [] }, {}, [/should stand, and does not/]],
  ["an end that did not move", { after: good.before }, {}, [/16 to 17 hours later, and is 0\.0/]],
  ["an end without a date", { after: [space("soon")] }, {}, [/hours later, and is NaN/]],
  ["no image", { tags: [] }, {}, [/no image of the pull request/]],
  ["what is left after the end", {}, { pods: 0 }, [/should be gone, and stands/, /should have nothing .* pr-9$/]],
  [
    "a run that failed",
    { run: { ...good.run, conclusion: "failure" } },
    {},
    [/end with success, and ended with failure/],
  ],
])("says what did not come out: %s", (_, more, other, told) => {
  const found = faults(more, other);
  expect(found).toHaveLength(told.length);
  for (const [index, words] of told.entries()) expect(found[index]).toMatch(words);
});
