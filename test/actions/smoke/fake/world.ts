import type { ExchangeOrder, HelmTestOrder, SmokeWorld } from "../../../../src/actions/smoke/world.ts";
import { createRedactor } from "../../../../src/kit/masking.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import { listReleaseRecords } from "../../../../src/kubernetes/read-release-records.ts";
import { createTime, type FakeTime } from "../../helm-deploy/fake/time.ts";
import { recordLog } from "../../recording-log.ts";
import { createSmokeCluster, type SmokeFakeCluster } from "./cluster.ts";
import { createNats, type FakeNats } from "./nats.ts";
import { createNetwork, type FakeNetwork } from "./network.ts";

export const NAMESPACE = "shop";

/** A cluster, a network and a queue, at a time that stands still until a test drives it. */
export interface Scene {
  readonly time: FakeTime;
  readonly cluster: SmokeFakeCluster;
  readonly network: FakeNetwork;
  readonly nats: FakeNats;
}

export function createScene(): Scene {
  const time = createTime();
  const cluster = createSmokeCluster(time);
  for (const name of ["default", NAMESPACE]) {
    cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name }, status: { phase: "Active" } });
  }
  return { time, cluster, network: createNetwork(), nats: createNats(() => time.now()) };
}

/** A world of a job, and all that a run did to it. */
export interface FakeWorld extends SmokeWorld {
  /** As the runner prints them: masked values are scrubbed. */
  readonly lines: string[];
  readonly warnings: string[];
  readonly groups: string[];
  readonly masked: string[];
  readonly helmTests: HelmTestOrder[];
  readonly exchanges: ExchangeOrder[];
  readonly settings: {
    helmTests: (order: HelmTestOrder) => { readonly exitCode: number | undefined; readonly output: string };
    exchange: (order: ExchangeOrder) => Promise<void>;
  };
  cancel(): void;
}

/** @param options `noCluster`: the job has no kubeconfig */
export function createFakeWorld(scene: Scene, options: { readonly noCluster?: true } = {}): FakeWorld {
  const { time, cluster, network, nats } = scene;
  const controller = new AbortController();
  const cancelled = controller.signal;
  const redactor = createRedactor();
  const printed = { lines: [] as string[], warnings: [] as string[] };
  const print = recordLog(() => printed);
  const groups: string[] = [];
  const masked: string[] = [];
  const helmTests: HelmTestOrder[] = [];
  const exchanges: ExchangeOrder[] = [];
  const settings: FakeWorld["settings"] = {
    helmTests: () => ({ exitCode: 0, output: "" }),
    exchange: async () => {},
  };
  const lasting = cluster.session();
  const begun = time.now();
  return {
    ...printed,
    groups,
    masked,
    helmTests,
    exchanges,
    settings,
    cancel: () => controller.abort(new Error("cancelled by SIGINT")),
    log: {
      info: (line) => print.info(redactor.redact(line)),
      notice: (line) => print.notice(redactor.redact(line)),
      warning: (line) => print.warning(redactor.redact(line)),
      error: (line) => print.error(redactor.redact(line)),
      group: (title, work) => {
        groups.push(redactor.redact(title));
        return work();
      },
    },
    cancelled,
    now: () => new Date(time.now()),
    monotonic: () => time.now() - begun,
    sleep: (milliseconds, until = cancelled) => time.sleep(milliseconds, until),
    mask: (secret) => {
      masked.push(secret);
      redactor.add(secret);
    },
    redact: redactor.redact,
    cluster: options.noCluster ? undefined : cluster.session(cancelled),
    lastingCluster: options.noCluster ? undefined : lasting,
    readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
    readReleases: (namespace, release) => listReleaseRecords(lasting, namespace, release),
    network,
    nats: nats.connect,
    runHelmTests: async (order) => {
      helmTests.push(order);
      return settings.helmTests(order);
    },
    exchange: async (order) => {
      exchanges.push(order);
      await settings.exchange(order);
    },
  };
}
