import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Job, JobResult } from "../runner/job.ts";
import { runWorkflow, type WorkflowResult, type WorkflowSource } from "../runner/run-workflow.ts";
import { readFolder, repositoryRoot, type Scene } from "./scene.ts";

/** The committed workflows in a scene, around an acr-build-push that only says what it was given. */
export interface WorkflowStage extends Disposable {
  run(workflow: string, circumstances: Partial<WorkflowSource>): Promise<PlayedWorkflow>;
}

/** A workflow that is over. */
export interface PlayedWorkflow extends WorkflowResult {
  /** What the step with this id was given, in each leg by the job's name. */
  given(step: string): Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The jobs that were run, in order. */
  readonly played: readonly (Job & { readonly result: JobResult })[];
  /** Texts of the artifacts, by path. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** What a caller grants to build-and-publish.yml. */
export const BUILD_PERMISSIONS = { contents: "read", "id-token": "write" } as const;

/** Copies the committed tree, and puts a recorder in the place of acr-build-push. */
export function stageWorkflows(scene: Scene): WorkflowStage {
  const root = mkdtempSync(join(tmpdir(), "mayfly-stage-"));
  for (const part of ["actions", "dist", ".github/workflows", "package.json"]) {
    mkdirSync(dirname(join(root, part)), { recursive: true });
    cpSync(join(repositoryRoot, part), join(root, part), { recursive: true });
  }
  const built = join(root, "dist/acr-build-push");
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built);
  cpSync(join(import.meta.dirname, "fixtures/record-build.js"), join(built, "index.js"));
  writeFileSync(join(built, "post.js"), "");
  // Somebody else's repository, with nothing in it: to check our own one out, for each leg, takes longer than all that the leg does.
  const checkout = mkdtempSync(join(tmpdir(), "mayfly-consumer-"));
  return {
    run: (workflow, circumstances) => playWorkflow(scene, workflow, { checkout, ...circumstances }, root),
    [Symbol.dispose]: () => {
      for (const folder of [root, checkout]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a workflow as a called one of the scene's team, which grants what a build needs. */
export async function playWorkflow(
  scene: Scene,
  workflow: string,
  circumstances: Partial<WorkflowSource>,
  root = repositoryRoot,
): Promise<PlayedWorkflow> {
  const artifacts = mkdtempSync(join(tmpdir(), "mayfly-artifacts-"));
  const played: (Job & { readonly result: JobResult })[] = [];
  const { clientId, tenantId, subscriptionId } = scene.team;
  try {
    const result = await runWorkflow(
      {
        ...scene.base,
        repositoryRoot: root,
        workflow: join(root, ".github/workflows", workflow),
        trigger: "workflow_call",
        permissions: BUILD_PERMISSIONS,
        artifacts,
        vars: { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId, AZURE_SUBSCRIPTION_ID: subscriptionId },
        ...circumstances,
        github: { ...scene.base.github, event_name: "push", ...circumstances.github },
      },
      {
        play: async (job) => {
          const result = await scene.play(job);
          played.push({ ...job, result });
          return result;
        },
      },
    );
    return { ...result, played, artifacts: readFolder(artifacts), given: (step) => givenTo(step, played) };
  } finally {
    rmSync(artifacts, { recursive: true, force: true });
  }
}

function givenTo(step: string, played: PlayedWorkflow["played"]) {
  const legs = played.flatMap(({ name = "", result }) => {
    const row = result.steps.find(({ id, stage, outputs }) => id === step && stage === "main" && "given" in outputs);
    return row === undefined ? [] : [[name, JSON.parse(row.outputs["given"] ?? "{}")] as const];
  });
  return Object.fromEntries(legs);
}
