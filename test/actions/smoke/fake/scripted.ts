import type { LoadCheckers } from "../../../../src/actions/smoke/checkers.ts";
import type { Look } from "../../../../src/actions/smoke/look.ts";
import { runSmoke, type SmokeOptions } from "../../../../src/actions/smoke/run-smoke.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import type { SmokeResult } from "../../../../src/smoke/result.ts";
import type { Check, Operation, SmokeTest, Step } from "../../../../src/smoke/smoke-test.ts";
import type { FakeWorld, Scene } from "./world.ts";
import { NAMESPACE } from "./world.ts";

/** Looks of a check, by the milliseconds since the smoke test began. */
export type Script = (atMs: number, scope: Scope) => Look | Promise<Look>;

/** Checks that see what a test has written for them, and what became of them. */
export interface Scripts {
  readonly load: LoadCheckers;
  /** A check that sees what the script says. */
  check(name: string, script: Script, more?: Partial<Check>): Check;
  /** `name@milliseconds` of every look, in order. */
  readonly looks: string[];
  readonly ended: string[];
  readonly prepared: string[];
}

export const holds = (seen = "it"): Look => ({ state: "holds", expected: "it", seen });
export const notYet = (seen = "nothing"): Look => ({ state: "not-yet", expected: "it", seen });
export const never = (seen = "broken"): Look => ({ state: "never", expected: "it", seen });

/** True from a moment on. */
export const from =
  (atMs: number): Script =>
  (now) =>
    now >= atMs ? holds() : notYet(`nothing at ${now}`);

/** Their kind is tcp, and their address their name. */
export function createScripts(): Scripts {
  const scripts = new Map<string, Script>();
  const looks: string[] = [];
  const ended: string[] = [];
  const prepared: string[] = [];
  return {
    looks,
    ended,
    prepared,
    check: (name, script, more = {}) => {
      scripts.set(name, script);
      const pace = { timeout: 10_000, interval: 1_000, consistently: 0, negated: false, optional: false };
      return { kind: "tcp", with: { address: name }, name, line: 7, ...pace, ...more } as Check;
    },
    load: async () => ({
      tcp: {
        prepare: async ({ address }) => void prepared.push(address),
        begin: ({ address }, scope) => ({
          look: async () => {
            const at = scope.elapsed();
            // What stands in an address is filled in by then.
            looks.push(`${address}@${at}`);
            const script = scripts.get(address);
            return script === undefined ? never(`there is no script for ${address}`) : script(at, scope);
          },
          end: async () => void ended.push(address),
        }),
      },
    }),
  };
}

export function makeStep(name: string, operations: readonly Operation[], more: Partial<Step> = {}): Step {
  return { name, line: 5, tags: [], try: operations, catch: undefined, finally: [], ...more };
}

export function makeTest(name: string, steps: readonly Step[], more: Partial<SmokeTest> = {}): SmokeTest {
  return { file: `${name}.yaml`, name, namespace: NAMESPACE, secrets: [], steps, ...more };
}

/** Runs tests, and lets time pass until they are done. */
export async function take(
  scene: Scene,
  world: FakeWorld,
  tests: readonly SmokeTest[],
  load: LoadCheckers,
  options: Partial<SmokeOptions> = {},
): Promise<SmokeResult> {
  const usual = { only: [], skip: [], timeoutMs: 600_000, failFast: false };
  // Loading takes time of this machine, during which that of the test would run ahead.
  const checkers = await load(new Set(tests.flatMap(({ steps }) => steps.flatMap(listKinds))));
  return scene.time.drive(runSmoke(tests, world, { ...usual, ...options }, async () => checkers));
}

function listKinds(step: Step) {
  return [...step.try, ...step.finally].flatMap((operation) => {
    if (operation.kind === "delete") return [];
    return operation.kind === "parallel" ? operation.checks.map(({ kind }) => kind) : [operation.kind];
  });
}

/** `name outcome` of all checks. */
export function tellOutcomes({ tests }: SmokeResult): readonly string[] {
  return tests.flatMap(({ steps }) =>
    steps.flatMap(({ checks }) => checks.map(({ name, outcome }) => `${name} ${outcome}`)),
  );
}
