import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { StorageAccount } from "../azure/blobs/accounts.ts";
import type { ShownComment } from "../github/github-api.ts";
import { withToken } from "../github/job-token.ts";
import type { Annotation, Step, StepResult } from "../runner/job.ts";
import { needTerraform } from "../terraform/need-terraform.ts";
import { login, openScene, type Played, type Scene, type SceneJob, type SceneOptions } from "./scene.ts";

export const REPOSITORY = "octo/shop";
export const REPOSITORY_ID = "599293758";
export const ACCOUNT = "mayflystate";
export const CONTAINER = "tfstate";
/** The key that an environment's state gets by itself. */
export const keyOf = (environment: string): string => `mayfly/${REPOSITORY_ID}/${environment}.tfstate`;

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
export const TOKEN = { "github-token": "${{ github.token }}" } as const;

/** A backend whose place comes from the action's inputs. */
export const AZURERM_BACKEND = 'terraform {\n  backend "azurerm" {}\n}\n';

/** The inputs that say where states are kept. */
export const BACKEND = `storage_account_name=${ACCOUNT}\ncontainer_name=${CONTAINER}`;

/** A job with one call of terraform in it that is over. */
export interface Ran extends Played {
  readonly main: StepResult;
  readonly post: StepResult | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly errors: readonly Annotation[];
  /** The log of all steps. */
  readonly text: string;
}

/** A scene with a storage account for states, a pull request, and folders with configurations. */
export interface TerraformScene extends Scene {
  readonly storage: StorageAccount;
  /** The pull request's number. */
  readonly pullRequest: number;
  /** Makes a workspace of these files. Returns its path. */
  workspace(files: Readonly<Record<string, string>>): Promise<string>;
  /** Runs terraform after a login, in a job of one such step where the job names no others. */
  terraform(inputs: Step["with"], job?: Partial<SceneJob>): Promise<Ran>;
  /** A blob's text; undefined where there is none. */
  blob(name: string): Promise<string | undefined>;
  /** Names of all blobs of states, sorted. */
  blobs(): readonly string[];
  leased(name: string): boolean;
  /** What is shown on the pull request, by the job. */
  comments(): readonly ShownComment[];
}

/** Opens a scene. The team may write states and everything in its subscription. */
export async function openTerraformScene(options: SceneOptions = {}): Promise<TerraformScene> {
  needTerraform();
  const scene = await openScene({ ...options, role: options.role ?? "Contributor" });
  const { azure, team } = scene;
  const storage = azure.blobs.addAccount({
    name: ACCOUNT,
    subscriptionId: team.subscriptionId,
    containers: [CONTAINER],
  });
  team.assign("Storage Blob Data Contributor", storage.containerId(CONTAINER));
  azure.githubApi.addRepository({ name: REPOSITORY, id: Number(REPOSITORY_ID) });
  const { number: pullRequest } = azure.githubApi.addPullRequest(REPOSITORY);
  const folders: string[] = [];
  const place = (name: string) => ({ account: ACCOUNT, container: CONTAINER, name });

  const terraform: TerraformScene["terraform"] = async (inputs, job = {}) => {
    const step = { id: "terraform", uses: "$/actions/terraform", with: { "backend-config": BACKEND, ...inputs } };
    const whole = {
      ...scene.base,
      permissions: { "id-token": "write", "pull-requests": "write", actions: "read" },
      steps: [login(team), step],
      ...job,
      github: { ...scene.base.github, ...pullRequestContext(pullRequest), ...job.github },
    };
    const played = await scene.play(withToken(azure.githubApi, whole));
    const of = (stage: "main" | "post") => played.steps.find((each) => each.id === "terraform" && each.stage === stage);
    const main = of("main");
    if (main === undefined) throw new Error(`The step did not run:\n${textOf(played)}`);
    return {
      ...played,
      main,
      post: of("post"),
      outputs: main.outputs,
      errors: played.annotations.filter(({ level }) => level === "error"),
      text: textOf(played),
    };
  };
  return {
    ...scene,
    storage,
    pullRequest,
    workspace: async (files) => {
      const folder = await mkdtemp(join(tmpdir(), "mayfly-configuration-"));
      folders.push(folder);
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), content);
      }
      return folder;
    },
    terraform,
    blob: async (name) => {
      const stream = azure.blobs.read(place(name));
      return stream === undefined ? undefined : text(stream);
    },
    blobs: () => [...azure.blobs.names(ACCOUNT, CONTAINER)].sort(),
    leased: (name) => azure.blobs.lease(place(name)).state === "leased",
    comments: () => azure.githubApi.comments(REPOSITORY, pullRequest),
    [Symbol.asyncDispose]: async () => {
      await scene[Symbol.asyncDispose]();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The context of a job on a pull request, as GitHub gives it. */
export function pullRequestContext(number: number) {
  const head = { sha: "6f0c1b2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b", ref: "feature", repo: { full_name: REPOSITORY } };
  return {
    repository: REPOSITORY,
    repository_id: REPOSITORY_ID,
    event_name: "pull_request",
    ref: `refs/pull/${number}/merge`,
    event: { number, pull_request: { number, head, base: { repo: { full_name: REPOSITORY } } } },
  };
}

const textOf = (played: Played): string => played.log.map((line) => line.text).join("\n");
