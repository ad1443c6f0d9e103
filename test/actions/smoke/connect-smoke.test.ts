import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { connectSmoke } from "../../../src/actions/smoke/connect-smoke.ts";
import { sleep } from "../../../src/kit/cancel.ts";
import { type RunnerStage, stageRunner } from "../../azure-adapters/runner-on-emulator.ts";
import { type ApiServer, createApiServer } from "../../kubernetes/api-server.ts";
import { renderKubeconfig } from "../../kubernetes/kubeconfig.ts";

// The SDK of Azure takes its time to load on a busy machine.
jest.setTimeout(30_000);

const CLOUD = { cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined } as const;
const POD = { namespace: "default", name: "shop" };
let stage: RunnerStage;
let server: ApiServer;
let silent: Server;

beforeEach(async () => {
  stage = stageRunner();
  server = await createApiServer();
  silent = createServer(() => {});
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  silent.closeAllConnections();
  silent.close();
  rmSync(stage.runner.tempFolder, { recursive: true });
});

function connect() {
  const kubeconfig = join(mkdtempSync(join(stage.runner.tempFolder, "kube-")), "config");
  writeFileSync(kubeconfig, renderKubeconfig(server));
  const { environment, cancelled } = stage.runner;
  const runner = {
    ...stage.runner,
    environment: { ...environment, HOME: stage.runner.tempFolder, PATH: process.env["PATH"] },
    sleep: (milliseconds: number, over = cancelled) => sleep(milliseconds, over),
  };
  const ids = { clientId: undefined, tenantId: undefined, subscriptionId: undefined };
  return connectSmoke(runner, { ...CLOUD, ...ids, kubeconfig, kubeContext: undefined });
}

test("whatever is still asked is let go of at the end: it would hold the process for five minutes", async () => {
  const tools = connect();
  const { cluster, lastingCluster, network } = tools.world;
  if (cluster === undefined || lastingCluster === undefined) throw new Error("There is no cluster");
  await cluster.find({ apiVersion: "v1", kind: "Pod", ...POD });
  server.faults.add({ when: { path: /\/log$/ }, effect: "hang" });
  server.faults.add({ when: { path: /\/pods$/ }, effect: "hang" });
  // This one is asked again, after a while.
  server.faults.add({ when: { path: /\/services\// }, effect: { status: 429, headers: { "retry-after": "15" } } });
  const { port } = silent.address() as AddressInfo;
  const never = new AbortController().signal;
  const url = `http://127.0.0.1:${port}/`;
  const asked = { url, method: "GET", headers: {}, body: undefined, followRedirects: false };
  const left = Promise.allSettled([
    lastingCluster.readLog(POD, { container: "main" }),
    cluster.list({ apiVersion: "v1", kind: "Pod" }, POD),
    cluster.find({ apiVersion: "v1", kind: "Service", ...POD }),
    network.http({ ...asked, timeoutMs: 60_000, until: never }),
  ]);
  await once(silent, "request");
  // All are on their way by then.
  await sleep(500);
  const endedAt = performance.now();
  tools.end();
  expect((await left).map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => "rejected"));
  expect(performance.now() - endedAt).toBeLessThan(15_000);
});
