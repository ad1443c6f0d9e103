import type { RunRecord } from "../../../src/actions/helm-deploy/record.ts";
import type { AzureWorld, World } from "../../../src/actions/helm-deploy/world.ts";
import type { JobFacts } from "../../../src/actions/job-facts.ts";
import type { WorkflowRun } from "../../../src/github/repository-api.ts";
import type { RunState } from "../../../src/helm/decide-lock.ts";
import { createRedactor } from "../../../src/kit/masking.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { connectNamespaces } from "../../../src/kubernetes/namespaces.ts";
import { listReleaseRecords } from "../../../src/kubernetes/read-release-records.ts";
import { recordLog } from "../recording-log.ts";
import { createStage, createTools, type SmokeStage } from "../smoke/fake/tools.ts";
import { SHOP } from "./fake/charts.ts";
import { createCluster, type FakeCluster } from "./fake/cluster.ts";
import { createFiles, type FakeFiles, WORKSPACE } from "./fake/files.ts";
import { createHelm, type FakeHelm } from "./fake/helm.ts";
import { playKubelet } from "./fake/kubelet.ts";
import { listRevisions, type Revision } from "./fake/records.ts";
import { createTime, type FakeTime } from "./fake/time.ts";

/** What all jobs of a test have in common. */
export interface Scene {
  readonly time: FakeTime;
  readonly cluster: FakeCluster;
  readonly helm: FakeHelm;
  /** What GitHub tells, by `<run id>/<attempt>`; `down` is what it says instead. */
  readonly github: {
    readonly runs: Map<string, RunState & Pick<WorkflowRun, "startedAt" | "endedAt">>;
    down: string | undefined;
  };
  azure: AzureWorld | undefined;
  readonly smoke: SmokeStage;
  /** Newest first. */
  revisions(name?: string, namespace?: string): readonly Revision[];
}

export const NAMESPACE = "pr-12";

/** A cluster with namespace pr-12, and the shop's chart. */
export function createScene(): Scene {
  const time = createTime();
  const cluster = createCluster(time);
  playKubelet(cluster, time);
  for (const name of ["default", NAMESPACE]) {
    cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name }, status: { phase: "Active" } });
  }
  const helm = createHelm(cluster, time);
  helm.charts.set(`${WORKSPACE}/charts/shop`, SHOP);
  return {
    time,
    cluster,
    helm,
    github: { runs: new Map(), down: undefined },
    azure: undefined,
    smoke: createStage(),
    revisions: (name = "shop", namespace = NAMESPACE) => listRevisions(cluster, namespace, name),
  };
}

/** A world of a job, and all that a run did to it. */
export interface FakeWorld extends World {
  /** Registries that helm was logged in to. */
  readonly logins: readonly string[];
  readonly files: FakeFiles;
  readonly job: JobFacts;
  /** As the runner prints them: masked values are scrubbed. */
  readonly lines: string[];
  readonly warnings: string[];
  readonly annotations: { readonly level: string; readonly message: string; readonly place: object | undefined }[];
  readonly summaries: string[];
  readonly records: RunRecord[];
  readonly masked: string[];
  cancel(): void;
}

export interface WorldOptions {
  readonly job?: Partial<JobFacts>;
  readonly route?: World["route"];
  /** No token for GitHub. */
  readonly noGitHub?: true;
  /** More files of the job, by path in the workspace. */
  readonly put?: Readonly<Record<string, string>>;
}

export const JOB: JobFacts = {
  repository: "octo/shop",
  repositoryId: "4711",
  runId: 100,
  attempt: 1,
  job: "deploy",
  runnerEnvironment: "github-hosted",
  host: "fv-az100",
  runner: "GitHub Actions 100",
  actor: "octocat",
  headSha: "a".repeat(40),
  pullRequest: 12,
  runUrl: "https://github.com/octo/shop/actions/runs/100/attempts/1",
  folder: WORKSPACE,
  environment: {},
};

export function createFakeWorld(scene: Scene, options: WorldOptions = {}): FakeWorld {
  const { time, cluster, helm, github } = scene;
  const job = { ...JOB, ...options.job };
  const files = createFiles();
  files.put(`${WORKSPACE}/charts/shop/Chart.yaml`, "name: shop");
  for (const [path, text] of Object.entries(options.put ?? {})) files.put(files.resolve(path), text);
  const controller = new AbortController();
  const cancelled = controller.signal;
  const redactor = createRedactor();
  const printed = { lines: [] as string[], warnings: [] as string[] };
  const print = recordLog(() => printed);
  const annotations: { level: string; message: string; place: object | undefined }[] = [];
  const annotate =
    (level: "notice" | "warning" | "error") =>
    (message: string, place?: object): void => {
      annotations.push({ level, message: redactor.redact(message), place });
      print[level](redactor.redact(message));
    };
  const logins: string[] = [];
  const masked: string[] = [];
  const summaries: string[] = [];
  const records: RunRecord[] = [];
  const lasting = cluster.session();
  const session = cluster.session(cancelled);
  const world: FakeWorld = {
    files,
    job,
    ...printed,
    annotations,
    masked,
    summaries,
    records,
    cancel: () => controller.abort(new Error("cancelled by SIGINT")),
    log: {
      info: (line) => print.info(redactor.redact(line)),
      notice: annotate("notice"),
      warning: annotate("warning"),
      error: annotate("error"),
      group: print.group,
    },
    logIn: async (host) => void logins.push(host),
    logins,
    cancelled,
    now: () => new Date(time.now()),
    monotonic: () => time.now(),
    sleep: (milliseconds) => time.sleep(milliseconds, cancelled),
    mask: (secret) => {
      masked.push(secret);
      redactor.add(secret);
    },
    redact: redactor.redact,
    summarize: async (markdown) => void summaries.push(redactor.redact(markdown)),
    readJob: async () => job,
    openHelm: async () => helm.open({ files, cancelled }),
    route: options.route ?? "direct",
    cluster: session,
    namespaces: connectNamespaces(session),
    lastingCluster: lasting,
    readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
    readReleases: (namespace, release) => listReleaseRecords(lasting, namespace, release),
    record: (record) => void records.push(record),
    openSmoke: async () => createTools(scene.smoke, scene, world),
    azure: scene.azure,
    github: options.noGitHub
      ? undefined
      : {
          runs: {
            find: async (_repository, runId, attempt) => {
              if (github.down !== undefined) throw new UserError("github-unreachable", github.down);
              const run = github.runs.get(`${runId}/${attempt}`);
              return run && { ...run, conclusion: "", url: "" };
            },
          },
        },
  };
  return world;
}
