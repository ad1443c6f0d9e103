import { describe, expect, test } from "@jest/globals";
import {
  type EnvironmentScene,
  type EnvironmentStory,
  listEnvironmentFaults,
} from "../../scripts/demo/environment-outcome.ts";
import type { StateBlob } from "../../scripts/demo/states.ts";
import { makeScene, playJob } from "./make-scene.ts";

const KEY = "mayfly/7/pr-8.tfstate";
const SECRET = "Quiet-otter";

const state = (name: string, addresses: readonly string[], other: Partial<StateBlob> = {}): StateBlob => ({
  ...{ name, leased: false, serial: 1 },
  resources: addresses.map((address) => ({ address, id: "1", tainted: false })),
  ...other,
});
const OTHER = state("mayfly/7/pr-81.tfstate", ["a.other"]);

const TOLD: EnvironmentStory = {
  conclusion: "success",
  outputs: { Apply: { add: "2" } },
  holds: ["a.two", "a.one"],
  says: /✅ applied/,
};

async function play(run: string, other: Partial<EnvironmentScene> = {}): Promise<EnvironmentScene> {
  const { run: record } = makeScene([await playJob({ id: "terraform", run }, { name: "Apply" })]);
  return {
    ...{ run: record, requests: [], key: KEY, secret: SECRET },
    before: [OTHER],
    after: [state(KEY, ["a.one", "a.two"]), state(`${KEY}.plan/0123`, []), OTHER],
    comments: ["<!-- x -->\n### ✅ applied"],
    ...other,
  };
}

const APPLIED = 'echo add=2 >>"$GITHUB_OUTPUT"; echo done >>"$GITHUB_STEP_SUMMARY"';

describe("a story about an environment", () => {
  test("that came true has no faults", async () => {
    expect(listEnvironmentFaults(TOLD, await play(APPLIED))).toEqual([]);
    const gone = { ...TOLD, holds: undefined };
    expect(listEnvironmentFaults(gone, await play(APPLIED, { after: [OTHER] }))).toEqual([]);
  });

  test("names everything that differs", async () => {
    const scene = await play(`echo ${SECRET}; echo ${SECRET} >>"$GITHUB_STEP_SUMMARY"; exit 1`, {
      after: [state(KEY, ["a.one"], { leased: true }), state(`${KEY}.run`, [])],
      comments: ["### ❌ failed", "### ✅ applied"],
    });
    const { run } = scene;
    const said = [{ job: "Apply", what: "edited", body: SECRET } as const];
    const whole = { ...scene, run: { ...run, conversation: { pull: 8, title: "x", comments: said } } };
    expect(listEnvironmentFaults({ ...TOLD, killed: "Apply" }, whole)).toEqual([
      "there should be a state with a.one, a.two, and there is a state with a.one",
      `${KEY} is still locked`,
      `${KEY}.run was left behind`,
      "the state of another environment was changed",
      'Apply: add should be "2", and is ""',
      "there are 2 comments, and one is enough",
      'the comment should say ✅ applied, and says "### ❌ failed"',
      "the action of Apply was not ended by force",
      "the post stage of Apply told nothing",
      "the log of Apply shows the password",
      "the summary of Apply shows the password",
      "a comment shows the password",
      "the run should end with success, and ended with failure",
    ]);
  });

  test("is not true of a state that should be gone", async () => {
    expect(listEnvironmentFaults({ ...TOLD, holds: undefined }, await play(APPLIED))).toEqual([
      "there should be no state, and there is a state with a.one, a.two",
    ]);
  });
});
