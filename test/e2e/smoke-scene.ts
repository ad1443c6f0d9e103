import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseDocument, visit } from "yaml";
import { needCluster } from "../cluster/need-cluster.ts";
import { withToken } from "../github/job-token.ts";
import { needTools } from "../image-tools/need-tools.ts";
import type { Annotation, Step, StepResult } from "../runner/job.ts";
import { type HelmScene, openHelmScene } from "./helm-scene.ts";
import { writeKedaChart } from "./keda-chart.ts";
import type { Played } from "./scene.ts";
import { APPS, type App, type AppName } from "./smoke-apps.ts";

/** An app that is installed, in a namespace of its own. */
export interface Installed extends App {
  readonly namespace: string;
  /** Of this machine's tests alone: queues are named after it. */
  readonly release: string;
}

/** So that what is broken has begun to show on a busy machine. */
const HOPELESS_SECONDS = 10;

/** A job with a smoke test in it that is over. */
export interface Smoked extends Played {
  readonly smoke: StepResult;
  readonly errors: readonly Annotation[];
  /** The log of all steps. */
  readonly text: string;
}

/** A real cluster with NATS, KEDA and room for apps to smoke-test. */
export interface SmokeScene extends HelmScene {
  /** The address of NATS, for this machine. */
  readonly nats: string;
  /** Installs an app with helm itself, in a namespace of its own. Does not wait unless it is told to. */
  put(name: AppName, options?: { readonly values?: object; readonly wait?: boolean }): Promise<Installed>;
  /** The same by the action helm-deploy, with KEDA's chart before it where `keda` is true. */
  deployApp(name: AppName, options?: { readonly keda?: boolean; readonly inputs?: Step["with"] }): Promise<Installed>;
  /**
   * Takes the app's own spec against it.
   *
   * @param hopeless names of checks that will fail, and need not be waited for as long as their spec says
   */
  smoke(
    app: Installed,
    options?: { readonly hopeless?: readonly string[]; readonly inputs?: Step["with"] },
  ): Promise<Smoked>;
}

/**
 * Opens a scene on a cluster of its own: a cluster has one KEDA, and here it comes by helm-deploy's pre-release, as with
 * users. NATS is the add-on of the test cluster. It ends with the scene.
 */
export async function openSmokeScene(): Promise<SmokeScene> {
  const kedaFiles = needTools("keda");
  await using opened = new AsyncDisposableStack();
  useClusterOfItsOwn(opened);
  const started = await needCluster({ addons: ["dns", "nats"] });
  opened.defer(() => started.stop());
  const scene = opened.use(await openHelmScene());
  const { cluster, helm, image, scratch } = scene;
  const own = randomBytes(3).toString("hex");
  let installed = 0;
  const nats = await cluster.kubectl("get", "service", "nats", "-n=nats", "-o=jsonpath={.spec.clusterIP}");

  const claim = async (name: AppName): Promise<Installed> => {
    installed += 1;
    const release = `${name}-${own}-${installed}`;
    return { ...APPS[name], namespace: await scene.space(`${name}-${installed}`), release };
  };
  const valuesOf = (app: App, more: object = {}): string => JSON.stringify({ image, ...app.values, ...more });

  const put: SmokeScene["put"] = async (name, { values = {}, wait = true } = {}) => {
    const app = await claim(name);
    const file = join(await mkdtemp(join(scratch, "values-")), "values.yaml");
    await writeFile(file, valuesOf(app, values));
    const into = ["--namespace", app.namespace, "--values", file, ...(wait ? ["--wait", "--timeout", "60s"] : [])];
    await helm(4, "upgrade", "--install", app.release, app.chart, ...into);
    return app;
  };

  const deployApp: SmokeScene["deployApp"] = async (name, { keda = false, inputs = {} } = {}) => {
    const app = await claim(name);
    const workspace = await mkdtemp(join(scratch, "workspace-"));
    await cp(app.chart, join(workspace, basename(app.chart)), { recursive: true });
    if (keda) await writeKedaChart(join(workspace, "keda"), kedaFiles);
    const job = await scene.deploy(
      app.namespace,
      {
        chart: basename(app.chart),
        release: app.release,
        "values-yaml": valuesOf(app),
        ...(keda ? { "pre-releases": "keda: { chart: keda, namespace: keda, timeout: 90s }" } : {}),
        ...inputs,
      },
      { workspace },
    );
    if (job.outputs["status"] !== "deployed") throw new Error(job.text);
    return app;
  };

  const smoke: SmokeScene["smoke"] = async (app, { hopeless = [], inputs = {} } = {}) => {
    const workspace = await mkdtemp(join(scratch, "specs-"));
    const file = basename(app.spec);
    const text = await readFile(app.spec, "utf8");
    await writeFile(join(workspace, file), hasten(text, hopeless));
    const step: Step = {
      id: "smoke",
      uses: "$/actions/smoke-test",
      with: { spec: file, release: app.release, namespace: app.namespace, ...inputs },
    };
    const job = {
      ...scene.base,
      machineEnv: {
        ...scene.base.machineEnv,
        NO_PROXY: new URL(cluster.server).hostname,
        no_proxy: new URL(cluster.server).hostname,
      },
      env: { KUBECONFIG: cluster.kubeconfig },
      workspace,
      steps: [step],
    };
    const played = await scene.play(withToken(scene.azure.githubApi, job));
    const done = played.steps.find(({ id, stage }) => id === "smoke" && stage === "main");
    const log = played.log.map((line) => line.text).join("\n");
    if (done === undefined) throw new Error(`The step did not run:\n${log}`);
    const errors = done.annotations.filter(({ level }) => level === "error");
    return { ...played, smoke: done, errors, text: log };
  };

  const lifetime = opened.move();
  return {
    ...scene,
    nats,
    put,
    deployApp,
    smoke,
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

/** Until the scene ends, tests of this process mean a cluster that nobody else has. */
function useClusterOfItsOwn(opened: AsyncDisposableStack): void {
  const home = mkdtempSync(join(tmpdir(), "mayfly-smoke-"));
  const before = process.env["MAYFLY_CLUSTER_HOME"];
  process.env["MAYFLY_CLUSTER_HOME"] = home;
  opened.defer(() => {
    if (before === undefined) delete process.env["MAYFLY_CLUSTER_HOME"];
    else process.env["MAYFLY_CLUSTER_HOME"] = before;
    rmSync(home, { recursive: true, force: true });
  });
}

/** The same spec, in which these checks have little time. */
function hasten(spec: string, checks: readonly string[]): string {
  const document = parseDocument(spec);
  visit(document, {
    Map: (_, map) => {
      if (checks.includes(String(map.get("name")))) map.set("timeout", `${HOPELESS_SECONDS}s`);
    },
  });
  return String(document);
}
