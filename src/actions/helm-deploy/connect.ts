import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectGitHub } from "../../github/connect-github.ts";
import { abortLater } from "../../kit/cancel.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolderSync } from "../../kit/scratch-folder.ts";
import { connectCluster } from "../../kubernetes/connect-cluster.ts";
import { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import { connectNamespaces } from "../../kubernetes/namespaces.ts";
import { listReleaseRecords } from "../../kubernetes/read-release-records.ts";
import { readRoute } from "../cluster-route.ts";
import { readJob } from "../read-job.ts";
import { connectAzure } from "./connect-azure.ts";
import { connectFiles } from "./connect-files.ts";
import { connectHelm } from "./connect-helm.ts";
import { makeHelmEnvironment } from "./helm-environment.ts";
import type { spec } from "./spec.ts";
import { FOLDER_KIND, FOLDER_STATE, RECORD_FILE } from "./state.ts";
import type { World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** What helm keeps of its logins; of ours, as long as the step lasts. */
const REGISTRY_CONFIG = "registry.json";

/** How long what ends something may still take once the job is cancelled. */
const LASTING_MS = 5_000;

/** The world of main: a scratch folder that post finds, helm, the cluster, Azure and GitHub as far as there is a login. */
export function connect(runner: Runner, inputs: Inputs): World {
  const folder = makeScratchFolderSync(FOLDER_KIND, runner.tempFolder);
  runner.saveState(FOLDER_STATE, folder);
  const { environment } = runner;
  const workspace = environment["GITHUB_WORKSPACE"] || process.cwd();
  const cluster = (cancelled: AbortSignal) =>
    connectCluster(clusterOptions(runner, { ...inputs, context: inputs.kubeContext }, cancelled));
  const own = cluster(runner.cancelled);
  const lasting = cluster(abortLater(runner.cancelled, LASTING_MS));
  return {
    log: runner.log,
    cancelled: runner.cancelled,
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    mask: runner.mask,
    redact: runner.redact,
    summarize: runner.summarize,
    readJob: () => readJob(runner),
    route: readRoute(environment, inputs.kubeconfig),
    cluster: own,
    namespaces: connectNamespaces(own),
    lastingCluster: lasting,
    readReleases: (namespace, release) => listReleaseRecords(lasting, namespace, release),
    openHelm: () =>
      connectHelm({
        runner,
        logFolder: folder,
        folder: workspace,
        environment: makeHelmEnvironment(environment, {
          kubeconfig: inputs.kubeconfig,
          registryConfig: join(folder, REGISTRY_CONFIG),
        }),
      }),
    files: connectFiles(workspace, folder, runner.tempFolder),
    openSmoke: async () => (await import("../smoke/connect-smoke.ts")).connectSmoke(runner, inputs),
    record: (record) => writeFileSync(join(folder, RECORD_FILE), JSON.stringify(record), { mode: 0o600 }),
    logIn: (host, { username, password }) => {
      runner.mask(password);
      const auth = Buffer.from(`${username}:${password}`).toString("base64");
      runner.mask(auth);
      return writeFile(join(folder, REGISTRY_CONFIG), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
    },
    readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
    azure: connectAzure(runner, inputs),
    github: connectRuns(runner, inputs),
  };
}

/** What leads to the cluster, in main as in post. */
export function clusterOptions(
  runner: Runner,
  { kubeconfig, context }: { readonly kubeconfig?: string | undefined; readonly context?: string | undefined },
  cancelled: AbortSignal,
) {
  const { environment, mask, now, sleep, log } = runner;
  return { kubeconfig, context, environment, cancelled, mask, now, sleep, warn: log.warning };
}

function connectRuns(runner: Runner, { githubToken }: Inputs): World["github"] {
  if (githubToken === undefined) return undefined;
  const { environment, cancelled, mask, log } = runner;
  const time = { ...runner, random: Math.random, left: () => Number.POSITIVE_INFINITY };
  return connectGitHub({ token: githubToken, environment, time, cancelled, mask, warn: log.warning });
}
