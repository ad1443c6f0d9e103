import { randomBytes } from "node:crypto";
import { abortLater, sleep } from "../../kit/cancel.ts";
import type { Runner } from "../../kit/runner.ts";
import { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import { listReleaseRecords } from "../../kubernetes/read-release-records.ts";
import { connectNats } from "../../nats/connect-nats.ts";
import { connectNetwork } from "../../network/connect-network.ts";
import { type ClusterInputs, connectSmokeCluster } from "./connect-cluster.ts";
import { connectExchange, type ExchangeInputs } from "./connect-exchange.ts";
import { connectHelmTests } from "./connect-helm-tests.ts";
import { connectSpecFiles } from "./connect-spec-files.ts";
import type { SmokeTools } from "./smoke-order.ts";

export type SmokeInputs = ClusterInputs & ExchangeInputs;

/** How long what ends something may still take once the job is cancelled. */
const LASTING_MS = 5_000;

/** What smoke tests are taken with. Nothing is asked yet. @throws UserError for a kubeconfig that leads nowhere */
export function connectSmoke(runner: Runner, inputs: SmokeInputs): SmokeTools {
  const { log, cancelled, now, monotonic, mask, redact, environment } = runner;
  const ending = new AbortController();
  const orEnd = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, ending.signal]);
  const lasting = connectSmokeCluster(runner, inputs, orEnd(abortLater(cancelled, LASTING_MS)));
  return {
    specs: connectSpecFiles(environment["GITHUB_WORKSPACE"] || process.cwd()),
    makeUnique: () => randomBytes(4).toString("hex"),
    end: () => ending.abort(),
    world: {
      ...{ log, cancelled, now, monotonic, mask, redact },
      sleep: (milliseconds, until = cancelled) => sleep(milliseconds, until),
      cluster: connectSmokeCluster(runner, inputs, orEnd(cancelled)),
      lastingCluster: lasting,
      readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
      readReleases: async (namespace, release) =>
        lasting === undefined ? { releases: [], unreadable: [] } : listReleaseRecords(lasting, namespace, release),
      network: connectNetwork({ environment, monotonic, cancelled: orEnd(cancelled) }),
      nats: connectNats,
      runHelmTests: connectHelmTests(runner, inputs),
      exchange: connectExchange(runner, inputs),
    },
  };
}
