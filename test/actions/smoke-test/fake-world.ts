import type { RunRecord } from "../../../src/actions/helm-deploy/record.ts";
import { run } from "../../../src/actions/smoke-test/run.ts";
import { spec } from "../../../src/actions/smoke-test/spec.ts";
import type { World } from "../../../src/actions/smoke-test/world.ts";
import type { OutputsOf } from "../../../src/kit/define-action.ts";
import { codeOf } from "../../../src/kit/error-chain.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import {
  createFakeWorld as createDeployWorld,
  type FakeWorld as DeployWorld,
  type Scene,
} from "../helm-deploy/fake-world.ts";
import { createTools } from "../smoke/fake/tools.ts";

/** A world of a job that tests what a scene of helm-deploy holds, and all that a run did to it. */
export interface FakeWorld extends World {
  readonly deploy: DeployWorld;
  /** By name. */
  readonly reports: Map<string, string>;
  readonly records: RunRecord[];
  helmOpened: boolean;
}

export interface WorldOptions {
  readonly noCluster?: true;
  readonly route?: World["route"];
}

function createFakeWorld(scene: Scene, options: WorldOptions): FakeWorld {
  const deploy = createDeployWorld(scene);
  const reports = new Map<string, string>();
  const records: RunRecord[] = [];
  const { log, cancelled, now, monotonic, redact, summarize, readJob } = deploy;
  const world: FakeWorld = {
    ...{ log, cancelled, now, monotonic, redact, summarize, readJob, deploy, reports, records },
    helmOpened: false,
    route: options.route ?? "direct",
    openSmoke: async () => createTools(scene.smoke, scene, deploy, options),
    openHelm: () => {
      world.helmOpened = true;
      return deploy.openHelm();
    },
    openReports: async () => ({
      write: async (name, content) => {
        reports.set(name, content);
        return `/reports/${name}`;
      },
    }),
    record: (record) => void records.push(record),
  };
  return world;
}

/** What a run of the action came to. */
export interface Outcome {
  readonly outputs: OutputsOf<typeof spec>;
  /** The output `error-code`; empty when all went well. */
  readonly code: string;
  readonly message: string;
  readonly world: FakeWorld;
  readonly annotations: DeployWorld["annotations"];
  readonly summary: string;
  readonly tookMs: number;
}

export type Given = Readonly<Record<string, string>>;

const GIVEN = { spec: "smoke/*.yaml", namespace: "pr-12" };

/** Runs the action in a new job, as `start` does, and lets time pass until it is done; an empty text takes an input away. */
export async function act(
  scene: Scene,
  given: Given = {},
  options: WorldOptions & { readonly prepare?: (world: FakeWorld) => void } = {},
): Promise<Outcome> {
  const world = createFakeWorld(scene, options);
  options.prepare?.(world);
  const all = Object.entries({ ...GIVEN, ...given });
  const environment = Object.fromEntries(all.map(([name, value]) => [inputVariable(name), value]));
  const beganAt = scene.time.now();
  const { outputs, error } = await scene.time.drive(
    (async () => {
      try {
        const inputs = readInputs(spec, environment, world.deploy.mask);
        const { outputs: given, failure } = await run(inputs, world);
        return { outputs: given, error: failure };
      } catch (thrown) {
        return { outputs: {}, error: thrown };
      }
    })(),
  );
  return {
    outputs,
    code: error === undefined ? "" : codeOf(error),
    message: error instanceof Error ? error.message : "",
    world,
    annotations: world.deploy.annotations,
    summary: world.deploy.summaries.join("\n"),
    tookMs: scene.time.now() - beganAt,
  };
}
