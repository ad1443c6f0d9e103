import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { parse } from "junit2json";
import { needTools } from "../image-tools/need-tools.ts";
import type { Annotation, Step, StepResult } from "../runner/job.ts";
import { type HelmScene, REPOSITORY, REPOSITORY_ID } from "./helm-scene.ts";
import { type Played, readFolder, type Scene, type SceneJob } from "./scene.ts";

/** A job with a smoke test in it that is over. */
export interface SmokePlay extends Played {
  readonly main: StepResult;
  readonly post: StepResult | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly errors: readonly Annotation[];
  /** The log of all steps. */
  readonly text: string;
  /** What the job left in its workspace and in RUNNER_TEMP, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** Takes a smoke test as a job's only step, in a workspace of its own with these files. */
export async function playSmoke(
  { scene, scratch }: { readonly scene: Scene; readonly scratch: string },
  files: Readonly<Record<string, string>>,
  inputs: Step["with"],
  job: Partial<SceneJob> = {},
): Promise<SmokePlay> {
  const workspace = await mkdtemp(join(scratch, "specs-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, name)), { recursive: true });
    await writeFile(join(workspace, name), content);
  }
  const step: Step = { id: "smoke", uses: "$/actions/smoke-test", with: inputs ?? {} };
  return readSmokePlay(await scene.play({ ...job, workspace, steps: [step] }), workspace);
}

/** What a job came to whose step `smoke` takes a smoke test. */
export function readSmokePlay(played: Played, workspace?: string): SmokePlay {
  const of = (stage: StepResult["stage"]) => played.steps.find((each) => each.id === "smoke" && each.stage === stage);
  const main = of("main");
  const text = played.log.map((line) => line.text).join("\n");
  if (main === undefined) throw new Error(`The step did not run:\n${text}`);
  return {
    ...played,
    main,
    post: of("post"),
    outputs: main.outputs,
    errors: main.annotations.filter(({ level }) => level === "error"),
    text,
    files: new Map([...played.left, ...(workspace === undefined ? [] : readFolder(workspace))]),
  };
}

/** A spec of one step with these checks, as JSON, which is YAML. */
export function writeSpec(
  checks: readonly object[],
  more: { readonly step?: object; readonly spec?: object } = {},
): string {
  return JSON.stringify({
    apiVersion: "mayfly/v1alpha1",
    kind: "SmokeTest",
    metadata: { name: "shop" },
    spec: { timeout: "2s", interval: "200ms", ...more.spec, steps: [{ name: "all", try: checks, ...more.step }] },
  });
}

/** The file of a report, which goes with the job. */
export function readReportFile({ files }: Pick<SmokePlay, "files">, name: string): string {
  const [, text] = [...files].find(([path]) => path === name || path.endsWith(`/${name}`)) ?? [];
  if (text === undefined) throw new Error(`There is no ${name} among ${[...files.keys()].join(", ")}`);
  return text;
}

export interface Junit {
  readonly counts: Readonly<Record<"tests" | "failures" | "skipped", number>>;
  readonly cases: readonly { readonly name: string; readonly state: "passed" | "failed" | "skipped" }[];
}

/** A report of JUnit as another program reads it, all suites together. */
export async function readJunit(text: string): Promise<Junit> {
  const read = await parse(text);
  if (read === undefined || read === null || !("testsuite" in read)) throw new Error("This is no JUnit report");
  const suites = read.testsuite ?? [];
  const sum = (name: "tests" | "failures" | "skipped"): number =>
    suites.reduce((total, suite) => total + (suite[name] ?? Number.NaN), 0);
  const cases = suites.flatMap(({ testcase = [] }) =>
    testcase.map(({ name = "", failure, skipped }) => {
      const state = failure !== undefined ? "failed" : skipped !== undefined ? "skipped" : "passed";
      return { name, state } as const;
    }),
  );
  return { counts: { tests: sum("tests"), failures: sum("failures"), skipped: sum("skipped") }, cases };
}

/** What a job needs that looks at the cluster of a scene, and takes releases back there. */
export function withCluster({ base, cluster }: Pick<HelmScene, "base" | "cluster">): Partial<SceneJob> {
  const server = new URL(cluster.server).hostname;
  const PATH = [dirname(needTools("helm").helm), process.env["PATH"] ?? ""].join(delimiter);
  return {
    machineEnv: { ...base.machineEnv, PATH, NODE_NO_WARNINGS: "1", NO_PROXY: server, no_proxy: server },
    env: { KUBECONFIG: cluster.kubeconfig },
    github: { ...base.github, repository: REPOSITORY, repository_id: REPOSITORY_ID },
  };
}
