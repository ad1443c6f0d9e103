import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { type AddedCluster, addCluster } from "../azure/aks/add-cluster.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { needCluster } from "../cluster/need-cluster.ts";
import type { TestCluster } from "../cluster/test-cluster.ts";
import { withToken } from "../github/job-token.ts";
import { needTools } from "../image-tools/need-tools.ts";
import type { Annotation, Step, StepResult } from "../runner/job.ts";
import { SHORT_LIVED_GO } from "../short-lived-go.ts";
import { openScene, type Played, repositoryRoot, type Scene, type SceneJob, type SceneOptions } from "./scene.ts";

export const REPOSITORY = "octo/shop";
export const REPOSITORY_ID = "599293758";

/** The chart that most tests deploy. */
export const CHART = join(repositoryRoot, "test/charts/shop");

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
export const TOKEN = { "github-token": "${{ github.token }}" } as const;

export type Major = 3 | 4;

/** A job with a deployment in it that is over. */
export interface Deployed extends Played {
  readonly main: StepResult;
  readonly post: StepResult | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly errors: readonly Annotation[];
  /** The first line of what the step failed with; empty when it did not. */
  readonly says: string;
  /** The log of all steps. */
  readonly text: string;
  /** The files of evidence by name, as later steps found them. */
  readonly evidence: ReadonlyMap<string, string>;
}

/** How a job that deploys is run. */
export type DeployJob = Partial<SceneJob> & {
  /** The helm that is on PATH; 4 where left out. */
  readonly major?: Major;
  /** Steps before the deployment. */
  readonly before?: readonly Step[];
  /** Steps after it. */
  readonly after?: readonly Step[];
};

/** A real cluster behind an emulated Azure, with a registry that its node pulls from, and jobs that deploy to it. */
export interface HelmScene extends Scene {
  readonly cluster: TestCluster;
  /** The same as Azure knows it. The team may ask for its credential; inside, it may do what RBAC says. */
  readonly aks: AddedCluster;
  /** The node may pull from it. */
  readonly registry: AcrRegistry;
  /** One that the node may not pull from. */
  readonly foreign: AcrRegistry;
  /** Pushes a web server of its own bytes to a registry. Returns the repository with its host. */
  push(registry: AcrRegistry, repository: string, tag: string): Promise<string>;
  /** A folder of this scene's. */
  readonly scratch: string;
  /** Repository and tag of a web server that is on the node already. */
  readonly image: { readonly repository: string; readonly tag: string };
  /** Makes a namespace, which goes with the scene. Returns its whole name. */
  space(name: string): Promise<string>;
  /** A copy of the chart as `shop` in a workspace of its own, with these files besides. Returns the workspace. */
  workspace(files?: Readonly<Record<string, string>>): Promise<string>;
  /** Deploys `shop` into a namespace, by the cluster's own kubeconfig, with the web server of the node. */
  deploy(namespace: string, inputs?: Step["with"], job?: DeployJob): Promise<Deployed>;
  /** Installs or upgrades `shop` in the way of people: with helm itself. Returns what it printed. */
  install(namespace: string, values?: object, major?: Major): Promise<string>;
  /** Runs a real helm. */
  helm(major: Major, ...parameters: readonly string[]): Promise<string>;
  /** Revisions of `shop`, newest first: `3 deployed`. */
  history(namespace: string): Promise<readonly string[]>;
  /** Names of the pods of `shop`, sorted. */
  pods(namespace: string): Promise<readonly string[]>;
  /** What its Service answers, from this machine. */
  page(namespace: string): Promise<string>;
  /** The JSON of an object. */
  read(namespace: string, kind: string, name: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Opens a scene. The cluster is the tests' own: images are loaded into its node, which pulls through an emulator. */
export async function openHelmScene(options: SceneOptions = {}): Promise<HelmScene> {
  const programs = { 3: needTools("helm3").helm, 4: needTools("helm").helm };
  const { kubectl, skopeo } = needTools("kubernetes", "skopeo");
  const cluster = await needCluster();
  // What is open already ends with a scene that does not come up: a server that is left would keep the test from ending.
  await using opened = new AsyncDisposableStack();
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-deploy-"));
  opened.defer(() => rm(scratch, { recursive: true, force: true }));
  const own = randomBytes(4).toString("hex");
  const image = { repository: "mayfly.local/shop", tag: own };
  await cluster.loadImage(await writeBusyboxImage(scratch, `${image.repository}:${image.tag}`));
  const scene = opened.use(await openScene(options));
  const { azure, team, proxy } = scene;
  azure.githubApi.addRepository({ name: REPOSITORY, id: Number(REPOSITORY_ID) });
  const aks = addCluster(azure, { subscriptionId: team.subscriptionId, name: `shop-${own}` });
  azure.aks.connect(aks.id, {
    server: cluster.server,
    caPem: cluster.ca,
    adminKubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
    path: [dirname(programs[4]), dirname(kubectl)].join(delimiter),
    issuer: await cluster.issuer(),
  });
  team.assign("Azure Kubernetes Service Cluster User Role", aks.id);
  team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
  const registry = azure.acr.addRegistry({ name: `mayfly${own}`, subscriptionId: team.subscriptionId });
  azure.arm.assignRole(aks.kubelet.objectId, "AcrPull", registry.id);
  const foreign = azure.acr.addRegistry({ name: `foreign${own}`, subscriptionId: team.subscriptionId });
  const kubelet = azure.arm.world.directory.principal(team.tenantId, aks.kubelet.clientId);
  if (kubelet === undefined) throw new Error("The cluster's nodes have no identity");
  const registries = [registry.loginServer, foreign.loginServer];
  opened.use(await cluster.attach({ azure, proxy, tenantId: team.tenantId, kubelet, registries }));
  const spaces: string[] = [];
  opened.defer(async () => {
    if (spaces.length > 0)
      await cluster.kubectl("delete", "namespace", ...spaces, "--ignore-not-found", "--wait=false");
  });

  const run = async (major: Major, ...parameters: readonly string[]) => {
    const env = { PATH: "/usr/bin:/bin", HOME: scratch, KUBECONFIG: cluster.kubeconfig, ...SHORT_LIVED_GO };
    return (await promisify(execFile)(programs[major], [...parameters], { env })).stdout;
  };
  const values = (more: object = {}): string => JSON.stringify({ image, ...more });
  const machineEnv = (major: Major) => ({
    ...scene.base.machineEnv,
    NODE_NO_WARNINGS: "1",
    // No runner has a proxy between it and an address of its own network.
    NO_PROXY: new URL(cluster.server).hostname,
    no_proxy: new URL(cluster.server).hostname,
    PATH: [dirname(programs[major]), dirname(kubectl), process.env["PATH"] ?? ""].join(delimiter),
  });
  const deploy: HelmScene["deploy"] = async (
    namespace,
    inputs = {},
    { major = 4, before = [], after = [], ...job } = {},
  ) => {
    const standard = { chart: "shop", release: "shop", namespace, timeout: "60s" };
    const step: Step = {
      id: "deploy",
      uses: "$/actions/helm-deploy",
      with: { ...standard, "values-yaml": values(), ...TOKEN, ...inputs },
    };
    const whole = {
      ...scene.base,
      machineEnv: machineEnv(major),
      env: { KUBECONFIG: cluster.kubeconfig },
      permissions: { "id-token": "write", actions: "read" },
      workspace: dirname(CHART),
      steps: [...before, step, ...after],
      ...job,
      github: { ...scene.base.github, repository: REPOSITORY, repository_id: REPOSITORY_ID, ...job.github },
    };
    return readDeployed(await scene.play(withToken(azure.githubApi, whole)));
  };
  const lifetime = opened.move();
  return {
    ...scene,
    cluster,
    aks,
    registry,
    foreign,
    push: async ({ loginServer, credentials }, repository, tag) => {
      const name = `${loginServer}/${repository}`;
      const { username, password } = credentials();
      const source = `oci-archive:${await writeBusyboxImage(scratch, `${name}:${tag}`)}`;
      const words = [
        "--insecure-policy",
        "copy",
        `--dest-creds=${username}:${password}`,
        source,
        `docker://${name}:${tag}`,
      ];
      await promisify(execFile)(skopeo, words, { env: { PATH: "/usr/bin:/bin", ...proxy.env } });
      return name;
    },
    scratch,
    image,
    space: async (name) => {
      const namespace = `hd-${own}-${name}`;
      spaces.push(namespace);
      await cluster.kubectl("create", "namespace", namespace);
      return namespace;
    },
    workspace: async (files = {}) => {
      const folder = await mkdtemp(join(scratch, "workspace-"));
      await cp(CHART, join(folder, "shop"), { recursive: true });
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), content);
      }
      return folder;
    },
    deploy,
    install: async (namespace, more, major = 4) => {
      const file = join(await mkdtemp(join(scratch, "values-")), "values.yaml");
      await writeFile(file, values(more));
      const into = ["--namespace", namespace, "--values", file, "--wait", "--timeout", "60s"];
      return run(major, "upgrade", "--install", "shop", CHART, ...into);
    },
    helm: run,
    history: async (namespace) => {
      const text = await run(4, "history", "shop", "--namespace", namespace, "--output", "json");
      const revisions = JSON.parse(text) as readonly { readonly revision: number; readonly status: string }[];
      return revisions.map(({ revision, status }) => `${revision} ${status}`).reverse();
    },
    pods: async (namespace) => {
      const path = "jsonpath={.items[*].metadata.name}";
      const text = await cluster.kubectl(
        "get",
        "pods",
        "-n",
        namespace,
        "-lapp.kubernetes.io/instance=shop",
        "-o",
        path,
      );
      return text.split(" ").filter(Boolean).sort();
    },
    page: async (namespace) => {
      const address = await cluster.kubectl("get", "service", "shop", "-n", namespace, "-o=jsonpath={.spec.clusterIP}");
      return (await askUntilAnswered(`http://${address}`)).trim();
    },
    read: async (namespace, kind, name) =>
      JSON.parse(await cluster.kubectl("get", kind, name, "--namespace", namespace, "--output", "json")),
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

/** kube-proxy hears of new pods a moment after they are ready; on a machine with all to do, ten seconds were seen. */
async function askUntilAnswered(url: string): Promise<string> {
  for (const until = performance.now() + 30_000; ; ) {
    try {
      const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(2_000) });
      return await answer.text();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((again) => setTimeout(again, 200));
    }
  }
}

function readDeployed(played: Played): Deployed {
  const of = (stage: StepResult["stage"]) => played.steps.find((each) => each.id === "deploy" && each.stage === stage);
  const main = of("main");
  const text = played.log.map((line) => line.text).join("\n");
  if (main === undefined) throw new Error(`The step did not run:\n${text}`);
  const errors = main.annotations.filter(({ level }) => level === "error");
  const files = [...played.left].flatMap(([path, content]) => {
    const [, name] = /^mayfly-helm-report-[^/]+\/shop\/(.+)$/.exec(path) ?? [];
    return name === undefined ? [] : [[name, content] as const];
  });
  return {
    ...played,
    main,
    post: of("post"),
    outputs: main.outputs,
    errors,
    says: errors.at(-1)?.message.split("\n")[0] ?? "",
    text,
    evidence: new Map(files),
  };
}
