import { describe, expect, test } from "@jest/globals";
import type { Running } from "../../scripts/demo/pods.ts";
import { listSmokeFaults, type SmokeScene, type SmokeStory } from "../../scripts/demo/smoke-outcome.ts";
import { makeScene, playJob } from "./make-scene.ts";

const running = (name: string): Running => ({
  pods: [{ name, app: "web", image: "i", ready: true }],
  revisions: [{ number: 1, status: "deployed" }],
  heading: "Shop",
});

const BROKEN: SmokeStory = {
  conclusion: "failure",
  outputs: { failed: "1" },
  blames: { check: "prices are told", says: /no endpoints/, file: "smoke/shop.yaml", line: "7" },
};

async function play(run: string, other: Partial<SmokeScene> = {}, kept = true): Promise<SmokeScene> {
  const { run: record } = makeScene([await playJob({ id: "smoke", run })]);
  const artifacts = kept ? [{ name: "smoke-test", bytes: 10 }] : [];
  return { run: { ...record, artifacts }, requests: [], before: running("a"), after: running("a"), ...other };
}

const FAILED = [
  'echo failed=1 >>"$GITHUB_OUTPUT"',
  'echo "prices are told" >>"$GITHUB_STEP_SUMMARY"',
  'echo "::error file=smoke/shop.yaml,line=7::saw no endpoints"',
  'echo "::error::1 check failed"',
  "exit 1",
].join("\n");

describe("a story about a smoke test", () => {
  test("that came true has no faults", async () => {
    expect(listSmokeFaults(BROKEN, await play(FAILED))).toEqual([]);
  });

  test("names everything that differs", async () => {
    const scene = await play('echo "Fine" >>"$GITHUB_STEP_SUMMARY"', { after: running("b") }, false);
    expect(listSmokeFaults(BROKEN, scene)).toEqual([
      'the output failed should be "1", and is ""',
      "no report was kept",
      "one error should point to smoke/shop.yaml:7, and not none",
      'it should say no endpoints, and says ""',
      'the summary does not name "prices are told"',
      "pods or revisions have changed: a,1 deployed, then b,1 deployed",
      "the run should end with failure, and ended with success",
    ]);
  });

  test("wants one error, at its line", async () => {
    const twice = FAILED.replace("exit 1", 'echo "::error file=smoke/shop.yaml,line=9::saw no endpoints"\nexit 1');
    expect(listSmokeFaults(BROKEN, await play(twice))).toEqual([
      "one error should point to smoke/shop.yaml:7, and not smoke/shop.yaml:7, smoke/shop.yaml:9",
    ]);
  });

  test("that blames nobody wants no error", async () => {
    const { blames: _, ...story } = BROKEN;
    const scene = await play(FAILED.replace("exit 1", "exit 0"));
    expect(listSmokeFaults({ ...story, conclusion: "success" }, scene)).toEqual([
      'there should be no error, and one says "saw no endpoints"',
      'there should be no error, and one says "1 check failed"',
    ]);
  });
});
