import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectHelm } from "../../../src/actions/helm-deploy/connect-helm.ts";
import { endRun } from "../../../src/actions/helm-deploy/connect-post.ts";
import type { RunRecord } from "../../../src/actions/helm-deploy/record.ts";
import { FOLDER_KIND, RECORD_FILE } from "../../../src/actions/helm-deploy/state.ts";
import { renderRunLabels } from "../../../src/helm/run-labels.ts";
import type { Runner } from "../../../src/kit/runner.ts";
import { type ApiServer, createApiServer } from "../../kubernetes/api-server.ts";
import { renderKubeconfig } from "../../kubernetes/kubeconfig.ts";
import { recordLog } from "../recording-log.ts";
import { SHOP } from "./fake/charts.ts";
import { listRevisions, type Revision, writeRevision } from "./fake/records.ts";

const JOB = {
  repositoryId: "4711",
  runId: 100,
  attempt: 1,
  job: "deploy",
  runnerEnvironment: "github-hosted",
} as const;

/** A helm that works until it is told to stop, or for some seconds. */
const HELM = `#!/bin/sh
case "$1" in version) echo v4.1.4; exit;; esac
trap 'echo stopped >> "$MARK"; exit 1' INT
echo begun > "$MARK"
for i in $(seq 100); do sleep 0.05; done
`;

const PATH = process.env["PATH"] ?? "";

let server: ApiServer;
let temp: string;
let folder: string;
beforeEach(async () => {
  server = await createApiServer();
  server.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "pr-12" } });
  temp = mkdtempSync(join(tmpdir(), "mayfly-post-"));
  folder = join(temp, `${FOLDER_KIND.prefix}1`);
  mkdirSync(folder);
  mkdirSync(join(temp, "bin"));
  writeFileSync(join(temp, "bin/helm"), HELM, { mode: 0o755 });
  process.env["PATH"] = `${join(temp, "bin")}:${PATH}`;
  writeFileSync(join(temp, "kubeconfig"), renderKubeconfig(server), { mode: 0o600 });
});
afterEach(async () => {
  process.env["PATH"] = PATH;
  await server[Symbol.asyncDispose]();
  rmSync(temp, { recursive: true, force: true });
});

function makeRunner(): { readonly runner: Runner; readonly lines: readonly string[] } {
  const printed = { lines: [] as string[], warnings: [] as string[] };
  const runner = {
    log: { ...recordLog(() => printed), debug: () => {} },
    environment: {
      PATH: process.env["PATH"],
      MARK: join(temp, "mark"),
      GITHUB_REPOSITORY_ID: JOB.repositoryId,
      GITHUB_RUN_ID: String(JOB.runId),
      GITHUB_RUN_ATTEMPT: String(JOB.attempt),
      GITHUB_JOB: JOB.job,
      RUNNER_ENVIRONMENT: JOB.runnerEnvironment,
    },
    cancelled: new AbortController().signal,
    tempFolder: temp,
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: (milliseconds: number) => sleep(milliseconds),
    mask: () => {},
    redact: (text: string) => text,
    state: () => folder,
  } as unknown as Runner;
  return { runner, lines: printed.lines };
}

function leave(more: Partial<Revision> = {}): void {
  writeRevision(server, {
    name: "shop",
    namespace: "pr-12",
    revision: 4,
    status: "pending-upgrade",
    description: "Preparing upgrade",
    deployedAt: new Date().toISOString(),
    manifest: SHOP.render({}),
    chart: SHOP,
    values: {},
    labels: renderRunLabels(JOB, 4),
    ssa: true,
    ...more,
  });
}

function record(more: Partial<RunRecord> = {}): void {
  const all = { release: "shop", namespace: "pr-12", kubeconfig: join(temp, "kubeconfig"), concluded: false, ...more };
  writeFileSync(join(folder, RECORD_FILE), JSON.stringify(all));
}

/** Main, which is killed while helm works: nobody sees how that ends. */
async function beKilled(name: "upgrade" | "rollback" = "upgrade"): Promise<void> {
  const { runner } = makeRunner();
  const { environment, cancelled } = runner;
  const helm = await connectHelm({ runner: { environment, cancelled }, logFolder: folder, folder: temp, environment });
  // Its folder is gone when helm ends.
  helm.run({ name, parameters: [name] }).catch(() => {});
  while (!existsSync(join(temp, "mark"))) await sleep(10);
}

const marks = () => readFileSync(join(temp, "mark"), "utf8").trim().split("\n");
const statuses = () => listRevisions(server, "pr-12", "shop").map(({ status }) => status);

describe("after a main that was killed", () => {
  test("helm is told to stop, once, and waited for; what it left pending is cleared, and the folder is gone", async () => {
    leave();
    record();
    await beKilled();
    const { runner, lines } = makeRunner();
    await endRun(runner);

    expect(marks()).toEqual(["begun", "stopped"]);
    expect(statuses()).toEqual([]);
    expect(lines.at(-1)).toBe("shop revision 4 was left pending by this job; it was cleared.");
    expect(existsSync(folder)).toBe(false);
  });

  test("a rollback of this job, which has its target's labels, is cleared", async () => {
    leave({
      status: "pending-rollback",
      description: "Rollback to 2",
      labels: renderRunLabels({ ...JOB, runId: 9 }, 2),
    });
    record({ rollback: { revision: 4, target: 2 } });
    await beKilled("rollback");
    await endRun(makeRunner().runner);

    expect(statuses()).toEqual([]);
  });

  test.each<readonly [string, Partial<Revision>]>([
    ["another run's", { labels: renderRunLabels({ ...JOB, runId: 101 }, 4) }],
    ["another attempt's", { labels: renderRunLabels({ ...JOB, attempt: 2 }, 4) }],
    ["another job's of this run", { labels: renderRunLabels({ ...JOB, job: "other" }, 4) }],
    ["another repository's", { labels: renderRunLabels({ ...JOB, repositoryId: "1" }, 4) }],
    ["one with an older revision's labels", { labels: renderRunLabels(JOB, 3) }],
    ["somebody's rollback", { status: "pending-rollback", description: "Rollback to 2", labels: {} }],
    ["one that is not pending", { status: "failed" }],
  ])("%s is left alone", async (_, more) => {
    leave(more);
    record();
    await beKilled();
    await endRun(makeRunner().runner);

    expect(marks()).toEqual(["begun", "stopped"]);
    expect(statuses()).toEqual([more.status ?? "pending-upgrade"]);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("nothing is done in the cluster", () => {
  test("when main has concluded, whatever else runs", async () => {
    leave();
    record({ concluded: true });
    await beKilled();
    await endRun(makeRunner().runner);

    expect([marks(), server.requests, statuses()]).toEqual([["begun"], [], ["pending-upgrade"]]);
  });

  test.each<readonly [string, () => void]>([
    ["when helm was not at work", () => record()],
    ["when main had not begun", () => {}],
  ])("%s", async (_, prepare) => {
    leave();
    prepare();
    await endRun(makeRunner().runner);

    expect([server.requests, statuses(), existsSync(folder)]).toEqual([[], ["pending-upgrade"], false]);
  });
});
