import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Azure } from "../azure/azure.ts";
import { openHelmScene } from "../e2e/helm-scene.ts";
import { ACCOUNT, CONTAINER } from "../e2e/terraform-scene.ts";
import { withToken } from "../github/job-token.ts";
import { needTools } from "../image-tools/need-tools.ts";
import type { ProcessTime } from "../runner/job.ts";
import { runJob } from "../runner/run-job.ts";
import { runWorkflow } from "../runner/run-workflow.ts";
import { needTerraform } from "../terraform/need-terraform.ts";
import { measure, medians } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import { writeConsumer } from "./preview-consumer.ts";
import { clockTools, type Span, sumSpans } from "./tool-clock.ts";
import { watchEnd, watchRollout } from "./watch-cluster.ts";

const REPOSITORY = "octo/bench";
const REPOSITORY_ID = "599293001";
const PULLS = [12, 13, 14];

/**
 * Whole previews by the example's two files, from the gate to the report, and their ends: while a process of a step was at
 * work, and neither terraform nor helm was, nor Azure, GitHub or the cluster about to answer, nor Kubernetes bringing up a pod
 * or letting go of a namespace. The middle one of three pull requests counts.
 */
export async function benchPreview(ledger: Ledger): Promise<void> {
  const { helm, kubectl } = needTools("helm", "kubernetes");
  await using opened = new AsyncDisposableStack();
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  opened.defer(() => rm(scratch, { recursive: true, force: true }));
  const scene = opened.use(
    await openHelmScene({
      role: "Contributor",
      objectId: randomUUID(),
      job: { repository: REPOSITORY, repositoryId: REPOSITORY_ID, event: "pull_request", environment: "preview" },
    }),
  );
  const { azure, team, cluster, aks, image, proxy, base } = scene;
  const { subscriptionId } = team;
  const storage = azure.blobs.addAccount({ name: ACCOUNT, subscriptionId, containers: [CONTAINER] });
  team.assign("Storage Blob Data Contributor", storage.containerId(CONTAINER));
  const prefix = `bench-${image.tag}`;
  const namespaceOf = (pull: number) => `${prefix}-pr-${pull}-${REPOSITORY_ID}`;
  const subject = ["--clusterrole=cluster-admin", `--user=${team.principal.objectId}`];
  await cluster.kubectl("create", "clusterrolebinding", prefix, ...subject);
  opened.defer(async () => {
    await cluster.kubectl("delete", "clusterrolebinding", prefix);
    await cluster.kubectl("delete", "namespace", ...PULLS.map(namespaceOf), "--ignore-not-found", "--wait=false");
  });
  const consumer = join(scratch, "consumer");
  await writeConsumer(consumer, { label: prefix, image, cluster: aks.id });
  const api = azure.githubApi;
  api.addRepository({ name: REPOSITORY, id: Number(REPOSITORY_ID) });
  const tools = await clockTools(scratch, { terraform: needTerraform(), helm });
  const host = new URL(cluster.server).hostname;
  const { permissions: _, ...circumstances } = base;

  /** Runs a file of the consumer's. Returns when a process of a step was at work, by job and step. */
  const play = async (pull: number, file: string, event: string, action: string): Promise<readonly Part[]> => {
    const parts: Part[] = [];
    const artifacts = join(scratch, `artifacts-${event}-${pull}`);
    await mkdir(artifacts);
    const source = {
      ...circumstances,
      workflow: join(consumer, ".github/workflows", file),
      trigger: event,
      calls: { "OWNER/mayfly": base.repositoryRoot },
      replace: { "hashicorp/setup-terraform": resolve("test/e2e/fixtures/setup-terraform") },
      checkout: consumer,
      artifacts,
      machineEnv: {
        ...base.machineEnv,
        ...proxy.webEnv,
        ...{ NO_PROXY: host, no_proxy: host, HOME: scratch, CHECKPOINT_DISABLE: "1" },
        PATH: [tools.folder, process.env["PATH"] ?? ""].join(":"),
      },
      vars: {
        ...{ AZURE_CLIENT_ID: team.clientId, AZURE_TENANT_ID: team.tenantId, AZURE_SUBSCRIPTION_ID: subscriptionId },
        ...{ MAYFLY_STATE_ACCOUNT: ACCOUNT, MAYFLY_STATE_CONTAINER: CONTAINER, MAYFLY_NAME_PREFIX: prefix },
      },
      github: {
        ...{ repository: REPOSITORY, repository_id: REPOSITORY_ID, event_name: event },
        event: api.pullEvent(REPOSITORY, pull, action),
        ref: event === "pull_request" ? `refs/pull/${pull}/merge` : "refs/heads/main",
      },
    };
    const { conclusion } = await runWorkflow(source, {
      lanes: 1,
      play: async (job) => {
        const onProcess = ({ step, stage, from, to }: ProcessTime) =>
          parts.push({ name: `${job.name}: ${stage === "main" ? "" : `${stage} `}${step}`, span: [from, to] });
        const result = await runJob(withToken(api, { ...job, onProcess }));
        if (result.conclusion === "success") return result;
        throw new Error(
          `${job.name} failed:\n${result.log
            .map(({ text }) => text)
            .slice(-60)
            .join("\n")}`,
        );
      },
    });
    if (conclusion !== "success") throw new Error(`${file} ended with ${conclusion}`);
    return parts;
  };

  /** While nobody but us was at work, in seconds; told by steps. */
  const ownTime = async (parts: readonly Part[], ...more: readonly Span[]): Promise<number> => {
    const cluster = await scene.cluster.answersTo(team.principal.objectId);
    return printOwn(parts, [...(await tools.spans()), ...listAnswers(azure), ...cluster, ...more]) / 1_000;
  };
  const live = async (number: number): Promise<Times> => {
    const pull = api.addPullRequest(REPOSITORY, { number });
    const watcher = { kubectl, home: scratch, kubeconfig: cluster.kubeconfig };
    const rollout = watchRollout(watcher, namespaceOf(number));
    const made = await play(number, "preview.yml", "pull_request", "opened");
    const own = await ownTime(made, rollout());
    pull.close();
    const going = watchEnd(watcher, namespaceOf(number));
    const ended = await play(number, "preview-end.yml", "pull_request_target", "closed");
    const end = await ownTime(ended, await going);
    const times = { all: sumSpans(made.map(({ span }) => span)) / 1_000, own, end };
    console.log(
      `      all steps ${times.all.toFixed(1)} s, ours ${own.toFixed(2)} s; its end: ${(sumSpans(ended.map(({ span }) => span)) / 1_000).toFixed(1)} s, ours ${end.toFixed(2)} s`,
    );
    return times;
  };
  // On a machine that is half as fast all of it takes twice as long, and so does this.
  const { node } = await medians(15, {
    node: () => measure(["--eval", ""], { PATH: process.env["PATH"] ?? "" }, scratch),
  });
  const lives: Times[] = [];
  for (const number of PULLS) lives.push(await live(number));
  const [, middle = Number.NaN] = lives.map(({ own }) => own).toSorted((one, other) => one - other);
  const starts = (middle * 1_000) / node;
  console.log(`      node alone starts in ${node.toFixed(0)} ms here: ours is ${starts.toFixed(0)} times that`);
  ledger.atMost("our own time in a whole preview, from gate to report", middle, 3, "s");
}

/** Seconds: of all steps, and of ours in them, to the report and to the proof of its end. */
interface Times {
  readonly all: number;
  readonly own: number;
  readonly end: number;
}

/** From when to when Azure and GitHub were answering. */
function listAnswers({ traffic }: Azure): readonly Span[] {
  return traffic.requests.map(({ at, milliseconds }) => [at.getTime(), at.getTime() + milliseconds]);
}

/** A process of a step. */
interface Part {
  readonly name: string;
  readonly span: Span;
}

/** Tells each part's own time, while none of the others was at work. Returns their sum, in milliseconds. */
function printOwn(parts: readonly Part[], others: readonly Span[]): number {
  const taken = sumSpans(others);
  const own = ({ span }: Part) => sumSpans([...others, span]) - taken;
  for (const part of parts) {
    const whole = part.span[1] - part.span[0];
    console.log(`      ${own(part).toFixed(0).padStart(6)} of ${whole.toFixed(0).padStart(6)} ms  ${part.name}`);
  }
  return parts.reduce((sum, part) => sum + own(part), 0);
}
