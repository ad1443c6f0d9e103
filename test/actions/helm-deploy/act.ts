import { run } from "../../../src/actions/helm-deploy/run.ts";
import type { spec } from "../../../src/actions/helm-deploy/spec.ts";
import type { OutputsOf } from "../../../src/kit/define-action.ts";
import { codeOf } from "../../../src/kit/error-chain.ts";
import { createFakeWorld, type FakeWorld, type Scene, type WorldOptions } from "./fake-world.ts";
import { type Given, readGiven } from "./inputs.ts";

/** What a run of the action came to. */
export interface Outcome {
  readonly outputs: OutputsOf<typeof spec>;
  /** The output `error-code`; empty when all went well. */
  readonly code: string;
  readonly message: string;
  readonly world: FakeWorld;
  readonly log: string;
  readonly summary: string;
  /** What it took by the clock of the test. */
  readonly tookMs: number;
}

/** Runs the action in a new job, as `start` does, and lets time pass until it is done. */
export async function act(scene: Scene, given: Given = {}, options: WorldOptions = {}): Promise<Outcome> {
  return actIn(createFakeWorld(scene, options), scene, given);
}

/** The same in a world that a test has prepared. */
export async function actIn(world: FakeWorld, scene: Scene, given: Given = {}): Promise<Outcome> {
  const beganAt = scene.time.now();
  const done = await scene.time.drive(
    (async () => {
      try {
        const { outputs, failure } = await run(readGiven(given, world.mask), world);
        return { outputs, error: failure };
      } catch (error) {
        return { outputs: {}, error };
      }
    })(),
  );
  const { outputs, error } = done;
  return {
    outputs,
    code: error === undefined ? "" : codeOf(error),
    message: error instanceof Error ? error.message : "",
    world,
    log: [...world.lines, ...world.warnings].join("\n"),
    summary: world.summaries.join("\n"),
    tookMs: scene.time.now() - beganAt,
  };
}
