import { parseRecord } from "../../../src/actions/terraform/record.ts";
import { run } from "../../../src/actions/terraform/run.ts";
import type { spec } from "../../../src/actions/terraform/spec.ts";
import { type OrphanedCall, takeOver } from "../../../src/actions/terraform/take-over.ts";
import type { OutputsOf } from "../../../src/kit/define-action.ts";
import { codeOf, renderError } from "../../../src/kit/error-chain.ts";
import type { FakeProcess } from "./fake/process.ts";
import { createFakeWorld, type FakeWorld, RECORD, type Scene, type WorldOptions } from "./fake-world.ts";
import { type Given, readGiven } from "./inputs.ts";

/** What a run of the action came to. */
export interface Outcome {
  /** What the next steps get: empty outputs are left out, as GitHub leaves them empty. */
  readonly outputs: OutputsOf<typeof spec>;
  readonly named: Readonly<Record<string, string>>;
  /** The output `error-code`; empty when all went well. */
  readonly code: string;
  readonly message: string;
  readonly world: FakeWorld;
  readonly log: string;
  readonly summary: string;
  /** The comment that stands there in the end. */
  readonly comment: string;
}

/** Runs the action in a new job, as `start` does. A run whose main was killed ends without outputs. */
export async function act(scene: Scene, given: Given, options: WorldOptions = {}): Promise<Outcome> {
  return actIn(createFakeWorld(scene, options), scene, given);
}

/** The same in a world that a test has prepared. */
export async function actIn(world: FakeWorld, scene: Scene, given: Given): Promise<Outcome> {
  const ended = (async () => {
    try {
      const result = await run(readGiven(given, world.mask), world);
      return { outputs: result.outputs, named: result.namedOutputs ?? {}, error: result.failure };
    } catch (error) {
      return { outputs: {}, named: {}, error };
    }
  })();
  const done = await Promise.race([ended, world.killed.then(() => ({ outputs: {}, named: {}, error: undefined }))]);
  return describe(world, scene, done);
}

/** What the post of a job does, as `endRun` of connect-post.ts: nothing when main has concluded. */
export async function post(scene: Scene, main: FakeWorld, given: Given, options: WorldOptions = {}) {
  const world = createFakeWorld(scene, { ...options, job: main.job, disk: main.files });
  const text = main.files.all.get(RECORD)?.toString("utf8");
  if (text === undefined) return { ...describe(world, scene, NOTHING), over: true, tookOver: false };
  const record = parseRecord(text);
  if (record.concluded && record.tidy !== false)
    return { ...describe(world, scene, NOTHING), over: true, tookOver: false };
  const inputs = readGiven(given, world.mask);
  const orphan = main.orphan();
  const over = await takeOver(record, orphan && describeOrphan(orphan, scene), { inputs, world });
  return { ...describe(world, scene, NOTHING), over, tookOver: true };
}

const NOTHING = { outputs: {}, named: {}, error: undefined };

function describeOrphan(process: FakeProcess, scene: Scene): OrphanedCall {
  return {
    name: process.name,
    // Whoever comes second sends nothing.
    interrupt: () => {
      if (process.interrupts === 0) process.interrupt();
    },
    waitForEnd: async (limitMs, onTick) => {
      for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 100) {
        onTick(waitedMs);
        await new Promise((resolve) => setImmediate(resolve));
        if (process.over) return true;
        scene.clock.pass(100);
      }
      return process.over;
    },
    readLines: async () => ({ stdout: process.stdout, stderr: process.stderr }),
  };
}

function describe(
  world: FakeWorld,
  scene: Scene,
  { outputs, named, error }: { readonly outputs: object; readonly named: Outcome["named"]; readonly error: unknown },
): Outcome {
  return {
    outputs,
    named,
    code: error === undefined ? "" : codeOf(error),
    message: error === undefined ? "" : renderError(error),
    world,
    log: [...world.lines, ...world.warnings].join("\n"),
    summary: world.summaries.join("\n"),
    comment: [...scene.github.comments.values()].at(-1) ?? "",
  };
}
