import { describe, expect, test } from "@jest/globals";
import { type DeployScene, type DeployStory, listDeployFaults } from "../../scripts/demo/deploy-outcome.ts";
import type { Running, RunningPod } from "../../scripts/demo/pods.ts";
import { makeScene, playJob } from "./make-scene.ts";

const IMAGE = "mayfly.azurecr.io/shop/web@sha256:1";
const pod = (name: string, other: Partial<RunningPod> = {}): RunningPod => ({
  ...{ name, app: "web", image: IMAGE, ready: true },
  ...other,
});
const running = (names: readonly string[], other: Partial<Running> = {}): Running => ({
  pods: names.map((name) => pod(name)),
  revisions: [{ number: 1, status: "deployed" }],
  heading: "Shop",
  ...other,
});

const TOLD: DeployStory = {
  conclusion: "failure",
  outputs: { "cause-code": "crash/exit" },
  revisions: ["1 deployed"],
  apps: { web: { count: 2, image: IMAGE } },
  samePods: true,
  says: /^web exits/,
  shows: { file: "events.txt", words: /Back-off/ },
};

async function play(run: string, other: Partial<DeployScene> = {}, artifacts = true): Promise<DeployScene> {
  const { run: record } = makeScene([await playJob({ id: "deploy", run })]);
  const kept = artifacts ? [{ name: "evidence", bytes: 10 }] : [];
  const pods = running(["web-1", "web-2"]);
  return { run: { ...record, artifacts: kept }, requests: [], before: pods, after: pods, ...other };
}

const FAILED = [
  'echo cause-code=crash/exit >>"$GITHUB_OUTPUT"',
  'echo "<details><summary>events.txt</summary>Back-off</details>" >>"$GITHUB_STEP_SUMMARY"',
  'echo "::error::web exits with 1"',
  "exit 1",
].join("\n");

describe("a story about a deployment", () => {
  test("that came true has no faults", async () => {
    expect(listDeployFaults(TOLD, await play(FAILED))).toEqual([]);
  });

  test("names everything that differs", async () => {
    const after = running([], {
      pods: [pod("web-1"), pod("web-3", { ready: false }), pod("job-1", { app: "job" })],
      revisions: [],
      heading: undefined,
    });
    const scene = await play('echo "<summary>states.txt</summary>" >>"$GITHUB_STEP_SUMMARY"', { after }, false);
    expect(listDeployFaults(TOLD, scene)).toEqual([
      'the output cause-code should be "crash/exit", and is ""',
      "the revisions should be 1 deployed, and are none",
      `2 pods of web should be ready with ${IMAGE}, and 1 of 2 are`,
      "nobody told of the pod job-1",
      "the pods of before should have stayed (web-1, web-2), and there are job-1, web-1, web-3",
      "nobody answers behind the Service shop-web",
      'the error should say ^web exits, and says ""',
      "events.txt of the evidence should show Back-off",
      "the evidence was not kept",
      "the run should end with failure, and ended with success",
    ]);
  });

  test("that has no error wants none", async () => {
    const { says: _, shows: __, ...rest } = TOLD;
    const story: DeployStory = { ...rest, samePods: false };
    expect(listDeployFaults(story, await play(FAILED))).toEqual([
      'there should be no error, and one says "web exits with 1"',
    ]);
  });

  test("takes words of another file of evidence for nothing", async () => {
    const other = FAILED.replace("Back-off</details>", "none</details><details><summary>x</summary>Back-off</details>");
    expect(listDeployFaults(TOLD, await play(other))).toEqual(["events.txt of the evidence should show Back-off"]);
  });
});
