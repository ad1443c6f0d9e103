import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/acr-purge/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { inputs } from "./inputs.ts";
import { APP, scene, sent } from "./scene.ts";
import { digestOf } from "./simulated-repository.ts";
import type { Mishap, Simulation } from "./simulation.ts";

/** Lets the n-th request of a kind go wrong. */
function spoil(simulation: Simulation, call: string, mishap: Mishap, times = 1): void {
  let left = times;
  simulation.before = (request) => (request.call === call && left-- > 0 ? mishap : undefined);
}

describe("a request that does not go well", () => {
  test.each([
    ["an answer that got lost", { kind: "lose-answer", error: new Error("reset") } as const],
    ["a request that got lost", { kind: "throw", error: new Error("reset") } as const],
  ])("%s at the DELETE of an image: the next look tells", async (_, mishap) => {
    const simulation = scene();
    spoil(simulation, "delete", mishap);
    const { outputs, failure } = await run(inputs({ concurrency: "1" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ "manifests-deleted": 2 });
  });

  test("%s at a tag is got over as well", async () => {
    const simulation = scene();
    spoil(simulation, "untag", { kind: "lose-answer", error: new Error("reset") });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ untagged: 4, "manifests-deleted": 2 });
  });

  test("a registry that never answers fails what it did not answer, and only that", async () => {
    const simulation = scene();
    simulation.before = ({ call, what }) =>
      call === "delete" && what === digestOf("old") ? { kind: "throw", error: new Error("reset") } : undefined;
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ "manifests-deleted": 1, failed: 1 });
    expect(failure).toMatchObject({ code: "purge-failed", message: expect.stringContaining("reset (tried 5 times)") });
  });

  test("a missing right is met once, and nothing more is asked", async () => {
    const simulation = scene();
    const denied = new UserError("registry-denied", "AcrDelete is missing");
    simulation.before = ({ call }) => (call === "untag" ? { kind: "throw", error: denied } : undefined);
    const { outputs, failure } = await run(inputs({ concurrency: "1" }), simulation.world);
    expect(failure).toMatchObject({
      code: "registry-denied",
      message: expect.stringContaining("AcrDelete is missing"),
    });
    expect(sent(simulation).length).toBe(1);
    expect(outputs).toMatchObject({ failed: 1, skipped: 5 });
  });

  test("locks are reported with the command that shows them, and fail nothing", async () => {
    const simulation = scene();
    const { tags, manifests } = simulation.repository(APP);
    tags.set("pr-12-abcdef0", { digest: digestOf("old"), locked: true });
    simulation.before = ({ call, what }) => {
      const found = manifests.get(what);
      // Locked as a whole repository is: nothing in the lists tells.
      if (call === "delete" && found !== undefined) found.locked = true;
      return undefined;
    };
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 3, locked: 2, "manifests-deleted": 0 });
    const summary = simulation.summaries.join();
    expect(summary).toContain("az acr repository show --name mayfly --image team/app:pr-12-abcdef0");
    expect(summary).toContain(`--image team/app@${digestOf("new")}`);
    expect(simulation.warnings.join()).toContain("2 tags or manifests of pr-12 are locked");
  });

  test("a repository that is locked as a whole is left alone, and its tags are told", async () => {
    const simulation = scene();
    simulation.lockedRepositories.add(APP);
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 0, locked: 3 });
    expect(sent(simulation)).toEqual([]);
    expect(simulation.summaries.join()).toContain("its repository is locked");
  });

  test.each(["untag", "delete"])(
    "after a cancel at an %s nothing more is sent, and the report is true",
    async (call) => {
      const simulation = scene();
      simulation.before = (request) => {
        if (request.call === call) simulation.cancel();
        return undefined;
      };
      const { outputs, failure } = await run(inputs({ concurrency: "1" }), simulation.world);
      expect(failure).toBeUndefined();
      expect(sent(simulation).filter((line) => line.startsWith(call)).length).toBe(1);
      const done = Number(outputs.untagged) + Number(outputs["manifests-deleted"]);
      expect(done + Number(outputs.skipped)).toBe(6);
      expect(simulation.summaries.join()).toContain("the job was cancelled");
    },
  );

  test("at the deadline the rest is left for the next run", async () => {
    const simulation = scene();
    simulation.latencyMs = ({ call }) => (call === "untag" ? 61_000 : 20);
    const { outputs, failure } = await run(inputs({ deadline: "1m", concurrency: "1" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 1, skipped: 5 });
    expect(simulation.summaries.join()).toContain("left for the next run");
  });
});
