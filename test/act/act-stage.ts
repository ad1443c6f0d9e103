import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { completeGithubContext } from "../runner/github-context.ts";
import { findStandIn } from "../runner/stand-ins.ts";
import { listForeignUses, type Places } from "./find-uses.ts";
import { SELF } from "./prepare-file.ts";
import { prepareActions, prepareYaml } from "./prepare-tree.ts";
import { type ActOrder, type ActRun, runAct } from "./run-act.ts";
import { writeStub } from "./stubs.ts";

/** The place of these actions until they are published, and the release that examples name. */
export const PLACE = "OWNER/mayfly";
const RELEASE = "v1";

export interface ActStageOptions {
  /** The repository whose committed tree runs. */
  readonly root: string;
  /** Another build than the committed one. */
  readonly dist?: string;
  /** The consumer's files, by path. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Folders for foreign actions that the harness has no stand-in of, by `owner/repository`. */
  readonly foreign?: Readonly<Record<string, string>>;
  readonly machineEnv: ActOrder["machineEnv"];
  readonly secrets: ActOrder["secrets"];
  readonly vars: Readonly<Record<string, string>>;
}

export type StageOrder = Pick<ActOrder, "workflow" | "github"> &
  Partial<Pick<ActOrder, "inputs" | "timeout" | "vars" | "secrets">>;

/** A consumer's repository, and whatever act needs to run its workflows. */
export interface ActStage extends Disposable {
  /** The consumer's repository, with one commit. */
  readonly consumer: string;
  /** Its head. */
  readonly sha: string;
  /** Runs a workflow of the consumer on copies of its files and of these actions. */
  run(order: StageOrder): Promise<StageRun>;
}

export interface StageRun extends ActRun {
  /** The folder of what uploads left, as `<name>/<file>`. */
  readonly artifacts: string;
}

export function openActStage(options: ActStageOptions): ActStage {
  const scratch = mkdtempSync(join(tmpdir(), "mayfly-act-"));
  const consumer = join(scratch, "consumer");
  for (const [path, text] of Object.entries(options.files)) {
    mkdirSync(dirname(join(consumer, path)), { recursive: true });
    writeFileSync(join(consumer, path), text);
  }
  const sha = commitAll(consumer);
  let runs = 0;
  return {
    consumer,
    sha,
    run: async ({ workflow, github: given, vars, secrets, ...order }) => {
      runs += 1;
      const folder = join(scratch, `run-${runs}`);
      const path = `.github/workflows/${workflow}`;
      const file = parse(readFileSync(join(consumer, path), "utf8")) as ConsumerFile;
      const repository = given.repository ?? "octo/shop";
      const github = completeGithubContext({
        repository,
        repository_id: "599293758",
        sha,
        actor: "mona",
        workflow: file.name ?? path,
        workflow_ref: `${repository}/${path}@${given.ref ?? "refs/heads/main"}`,
        run_id: `${9000 + runs}`,
        ...given,
      });
      const [workflowFile = ""] = listCalled(file);
      const facts = {
        workflowFile,
        place: PLACE,
        workflowSha: shaOf(options.root),
        workflowRef: `refs/tags/${RELEASE}`,
        github: { ...github },
      };
      const artifacts = join(folder, "artifacts");
      const own = join(folder, "mayfly");
      const workspace = join(folder, "consumer");
      prepareActions(options.root, own, facts, options.dist);
      cpSync(consumer, workspace, { recursive: true });
      prepareYaml(workspace, facts);
      const places = new Map([SELF, RELEASE].map((ref) => [`${PLACE}@${ref}`, own]));
      for (const [place, stub] of foreignPlaces(folder, options.foreign ?? {}, { checkout: consumer, artifacts }))
        places.set(place, stub);
      const run = await runAct({
        ...order,
        workflow,
        github,
        workspace,
        places,
        scratch: folder,
        secrets: { ...options.secrets, ...secrets },
        machineEnv: options.machineEnv,
        vars: { ...options.vars, ...vars },
      });
      return { ...run, artifacts };
    },
    [Symbol.dispose]: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

interface ConsumerFile {
  readonly name?: string;
  readonly jobs: Readonly<Record<string, { readonly uses?: string }>>;
}

/** Paths of the workflows of ours that a consumer's file calls. */
function listCalled({ jobs }: ConsumerFile): readonly string[] {
  const uses = Object.values(jobs).map((job) => job.uses ?? "");
  return uses.flatMap((use) => (use.startsWith(`${PLACE}/`) ? [use.slice(PLACE.length + 1).replace(/@.*/, "")] : []));
}

/** A folder for each foreign action, under each ref by which the files below a folder name it. */
function foreignPlaces(
  folder: string,
  given: NonNullable<ActStageOptions["foreign"]>,
  stubs: Parameters<typeof writeStub>[2],
): Places {
  const places = new Map<string, string>();
  for (const place of listForeignUses(folder)) {
    const [repository = ""] = place.split("@");
    const replaced = given[repository];
    if (replaced !== undefined) places.set(place, replaced);
    else if (findStandIn(repository) !== undefined) {
      const stub = join(folder, "stubs", repository);
      places.set(place, existsSync(stub) ? stub : writeStub(stub, repository, stubs));
    }
  }
  return places;
}

const git = (folder: string, ...words: readonly string[]): string =>
  execFileSync("git", ["-C", folder, ...words], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
  }).trim();

/** act wants a repository with a commit, and says so many times where there is none. */
function commitAll(folder: string): string {
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  const who = ["-c", "user.name=Mona", "-c", "user.email=mona@example.com"];
  git(folder, ...who, "commit", "--quiet", "--message=A shop");
  return git(folder, "rev-parse", "HEAD");
}

/** The commit of the actions; made up where they are no repository. */
function shaOf(root: string): string {
  return existsSync(join(root, ".git")) ? git(root, "rev-parse", "HEAD") : "0".repeat(40);
}
