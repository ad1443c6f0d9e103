import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { needCluster } from "../cluster/need-cluster.ts";
import type { TestCluster } from "../cluster/test-cluster.ts";
import { openHelmScene } from "../e2e/helm-scene.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { type Measured, measure, measureCommand, medians, mustPass } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";
import { whenSaid } from "./when-said.ts";

const ROUNDS = 5;
const CHART = resolve("test/charts/shop");
/** How long the deployed server takes to start, as one of the JVM or with a migration does. */
const SLOW_START_SECONDS = 10;
const TAG = "mayfly.local/bench:1";
const JOB = { GITHUB_REPOSITORY: "octo/shop", GITHUB_REPOSITORY_ID: "1" };

/**
 * Upgrades that succeed, of a server that is there at once and of one that takes its time, against raw helm; and how long
 * a typo in a tag takes to be told.
 */
export async function benchHelm(stage: Stage, ledger: Ledger): Promise<void> {
  const { helm } = needTools("helm");
  const cluster = await needCluster();
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  await cluster.loadImage(await writeBusyboxImage(scratch, TAG));
  const machine = { PATH: `${dirname(helm)}:/usr/bin:/bin`, HOME: scratch, KUBECONFIG: cluster.kubeconfig };
  const image = { repository: TAG.replace(/:.*/, ""), tag: "1" };
  let pages = 0;
  const writeValues = async (startSeconds: number, more: object = {}): Promise<string> => {
    pages += 1;
    const script = `sleep ${startSeconds}; mkdir -p /www; echo "$PAGE" >/www/index.html; exec httpd -f -p 8080 -h /www`;
    const path = join(scratch, `values-${pages}.yaml`);
    await writeFile(path, JSON.stringify({ image, page: `page ${pages}`, script, ...more }));
    return path;
  };
  const raw = async (namespace: string, startSeconds: number): Promise<Measured> => {
    const values = await writeValues(startSeconds);
    const into = ["--namespace", namespace, "--values", values, "--wait", "--timeout", "60s"];
    return mustPass(await measureCommand(helm, ["upgrade", "--install", "shop", CHART, ...into], machine, scratch));
  };
  const ours = async (namespace: string, values: string): Promise<Measured> => {
    const inputs = { chart: CHART, release: "shop", namespace, values, timeout: "60s" };
    const environment = await stage.environment(inputs, { ...machine, ...JOB });
    return measure([stage.script("helm-deploy")], environment, scratch);
  };
  const spaces = ["raw", "ours"].map((name) => `bench-${name}-${process.pid}`);
  const [rawSpace = "", ourSpace = ""] = spaces;
  try {
    for (const name of spaces) await cluster.kubectl("create", "namespace", name);
    await raw(rawSpace, 0);
    await raw(ourSpace, 0);
    for (const seconds of [0, SLOW_START_SECONDS]) {
      const times = await medians(ROUNDS, {
        raw: () => raw(rawSpace, seconds),
        ours: async () => mustPass(await ours(ourSpace, await writeValues(seconds))),
      });
      console.log(`      raw helm ${times.raw.toFixed(0)} ms, ours ${times.ours.toFixed(0)} ms`);
      const what = `an upgrade that takes ${seconds} s to start, against raw helm`;
      // Of what is there at once, what looking beforehand costs is the most.
      ledger.atMost(what, times.ours / times.raw, seconds === 0 ? 2 : 1.05, "x");
    }
    await using scene = await openHelmScene();
    const typo = { image: { repository: `${scene.registry.loginServer}/shop`, tag: "typo" } };
    const inputs = { chart: CHART, release: "shop", namespace: ourSpace, values: await writeValues(0, typo) };
    const environment = await stage.environment({ ...inputs, timeout: "60s" }, { ...machine, ...JOB });
    const toldAt = await whenSaid([stage.script("helm-deploy")], environment, "image-pull/not-found");
    const saidAt = await firstReport(cluster, ourSpace);
    ledger.atMost("a typo in a tag, from the kubelet's report to its cause", (toldAt - saidAt) / 1_000, 5, "s");
  } finally {
    await cluster.kubectl("delete", "namespace", ...spaces, "--wait=false");
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The kubelet's clock is this machine's. Its events have whole seconds, so half of one is the best guess of what was cut off. */
async function firstReport(cluster: TestCluster, namespace: string): Promise<number> {
  const { items } = JSON.parse(await cluster.kubectl("get", "events", "-n", namespace, "-o", "json")) as {
    readonly items: readonly { readonly reason: string; readonly firstTimestamp: string; readonly message: string }[];
  };
  const found = items.filter(({ reason, message }) => reason === "Failed" && message.includes(":typo"));
  return Math.min(...found.map(({ firstTimestamp }) => Date.parse(firstTimestamp))) + 500;
}
