import { createHash } from "node:crypto";
import type { JobFacts } from "../../../src/actions/job-facts.ts";
import { type RunRecord, renderRecord } from "../../../src/actions/terraform/record.ts";
import type { World } from "../../../src/actions/terraform/world.ts";
import { createRedactor } from "../../../src/kit/masking.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { recordLog } from "../recording-log.ts";
import { type BlobStore, createBlobStore } from "./fake/blob-store.ts";
import { type Clock, createClock } from "./fake/clock.ts";
import type { Configuration } from "./fake/configuration.ts";
import { createFiles, type FakeFiles } from "./fake/files.ts";
import { createGitHub, type FakeGitHub } from "./fake/github.ts";
import { createGroups, type Groups, SUBSCRIPTION } from "./fake/groups.ts";
import { makeMortal } from "./fake/mortal.ts";
import type { FakeProcess } from "./fake/process.ts";
import { createFakeTerraform, describeFiles, type FakeTerraform } from "./fake-terraform.ts";

export const SHA = "0123456789abcdef0123456789abcdef01234567";
/** Where the state of pull request 12 is. */
export const STATE = "mayfly/4711/pr-12.tfstate";
export const NOTE = `${STATE}.run`;
/** The note that main leaves of where it is, on its disk. */
export const RECORD = "/temp/mayfly/record.json";

/** Azure, GitHub and terraform, which all jobs of a test share. */
export interface Scene {
  readonly clock: Clock;
  readonly store: BlobStore;
  readonly groups: Groups;
  readonly github: FakeGitHub;
  readonly terraform: FakeTerraform;
  /** Waited for at each request and step: a test that decides who goes first sets it. */
  pace: () => Promise<void>;
}

export function createScene(configuration: Configuration = { resources: () => [] }): Scene {
  const clock = createClock();
  const pace = (): Promise<void> => scene.pace();
  const [store, groups] = [createBlobStore(pace), createGroups(pace)];
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return `00000000-0000-4000-9000-${String(ids).padStart(12, "0")}`;
  };
  const terraform = createFakeTerraform({ store, groups, clock, nextId }, pace);
  terraform.configuration = configuration;
  const scene: Scene = { clock, store, groups, terraform, github: createGitHub(pace), pace: async () => {} };
  return scene;
}

/** A world of a job, and all that a run did to it. */
export interface FakeWorld extends World {
  readonly job: JobFacts;
  readonly files: FakeFiles;
  /** As the runner prints them: masked values are scrubbed from the moment that they are masked. */
  readonly lines: string[];
  readonly warnings: string[];
  readonly annotations: { readonly level: string; readonly message: string; readonly place: object | undefined }[];
  /** As they are in the file, which the runner does not scrub: the kit does, with `redact`. */
  readonly summaries: string[];
  readonly records: string[];
  readonly relay: { started: number; stopped: number };
  record(record: RunRecord): void;
  cancel(): void;
  /** Ends main as SIGKILL does: nothing of it goes on. */
  kill(): void;
  readonly killed: Promise<void>;
  /** The terraform that main did not see the end of. */
  orphan(): FakeProcess | undefined;
}

export interface WorldOptions {
  readonly job?: Partial<JobFacts>;
  /** No login in Azure. */
  readonly noAzure?: true;
  /** No token for GitHub. */
  readonly noGitHub?: true;
  /** More files of the job, by path. */
  readonly put?: ReadonlyMap<string, string>;
  /** The disk of the job that went before: of main, for its post. */
  readonly disk?: FakeFiles;
}

const JOB: JobFacts = {
  repository: "octo/shop",
  repositoryId: "4711",
  runId: 100,
  attempt: 1,
  job: "deploy",
  runnerEnvironment: "github-hosted",
  host: "fv-az100",
  runner: "GitHub Actions 100",
  actor: "octocat",
  headSha: SHA,
  pullRequest: 12,
  runUrl: "https://github.com/octo/shop/actions/runs/100/attempts/1",
  folder: "/home/runner/shop",
  environment: {},
};

export function createFakeWorld(scene: Scene, options: WorldOptions = {}): FakeWorld {
  const job = { ...JOB, ...options.job };
  const { host } = job;
  const { clock, store, groups, github, terraform } = scene;
  const files = createFiles("/temp/mayfly", options.disk?.all);
  if (!files.all.has(`${job.folder}/infra/main.tf`)) files.put(`${job.folder}/infra/main.tf`, describeFiles(terraform));
  for (const [path, text] of options.put ?? []) files.put(path, text);
  const controller = new AbortController();
  const redactor = createRedactor();
  const printed = { lines: [] as string[], warnings: [] as string[] };
  const annotations: { level: string; message: string; place: object | undefined }[] = [];
  const print = recordLog(() => printed);
  const annotate =
    (level: "notice" | "warning" | "error") =>
    (message: string, place?: object): void => {
      annotations.push({ level, message: redactor.redact(message), place });
      print[level](redactor.redact(message));
    };
  const relay = { started: 0, stopped: 0 };
  const summaries: string[] = [];
  const records: string[] = [];
  let dead = false;
  let underWay: FakeProcess | undefined;
  const openTool = terraform.openTool({ host, files, cancelled: controller.signal });
  const world: World = {
    log: {
      info: (line) => print.info(redactor.redact(line)),
      notice: annotate("notice"),
      warning: annotate("warning"),
      error: annotate("error"),
      group: print.group,
    },
    cancelled: controller.signal,
    now: () => new Date(clock.now()),
    monotonic: () => clock.now(),
    sleep: async (milliseconds) => {
      await scene.pace();
      if (!controller.signal.aborted) clock.pass(milliseconds);
    },
    mask: redactor.add,
    redact: redactor.redact,
    summarize: async (markdown) => void summaries.push(redactor.redact(markdown)),
    readJob: async () => job,
    files,
    openTool: async (which, place) => {
      const tool = await openTool(which, place);
      return {
        ...tool,
        run: async (call) => {
          // Nobody listens to a terraform whose main is dead.
          const running = tool.run({ ...call, onLine: (line) => void (dead || call.onLine?.(line)) });
          // A job that was cancelled starts none.
          if (!controller.signal.aborted) underWay = terraform.last();
          const done = await running;
          if (!dead) underWay = undefined;
          return done;
        },
      };
    },
    startRelay: async () => {
      relay.started += 1;
      return {
        environment: { ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:4242/token" },
        stop: async () => {
          relay.stopped += 1;
          return "The relay asked GitHub once.";
        },
      };
    },
    dataFolder: (key) => `/temp/data-${createHash("sha256").update(key).digest("hex").slice(0, 8)}`,
    record: (record) => {
      const text = renderRecord(record, redactor.redact);
      records.push(text);
      files.put(RECORD, text);
    },
    azure: options.noAzure
      ? undefined
      : {
          requireIdToken: async () => {},
          subscriptionId: SUBSCRIPTION,
          groups: groups.api,
          stateContainer: () => refuseWhenCancelled(store, controller.signal),
        },
    github: options.noGitHub ? undefined : github.api,
  };
  const mortal = makeMortal(world, () => dead);
  const more = { job, files, ...printed, annotations, summaries, records, relay };
  const cancel = (): void => controller.abort(new Error("cancelled by SIGINT"));
  let tellDeath = (): void => {};
  const killed = new Promise<void>((resolve) => {
    tellDeath = resolve;
  });
  const kill = (): void => {
    dead = true;
    tellDeath();
  };
  return { ...mortal, ...more, cancel, kill, killed, orphan: () => underWay };
}

/** As the adapter: requests of a cancelled job are broken off. */
function refuseWhenCancelled(store: BlobStore, cancelled: AbortSignal): BlobStore {
  const guard = <A extends readonly unknown[], T>(what: string, ask: (...given: A) => Promise<T>) => {
    return async (...given: A): Promise<T> => {
      if (cancelled.aborted) throw new UserError("cancelled", `Cannot ${what}: the job was cancelled.`);
      return ask(...given);
    };
  };
  return {
    ...store,
    find: guard("find", store.find),
    read: guard("read", store.read),
    write: guard("write", store.write),
    delete: guard("delete", store.delete),
    list: guard("list", store.list),
    breakLease: guard("break", store.breakLease),
  };
}
