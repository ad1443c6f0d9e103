import { writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolder, makeScratchFolderSync } from "../../kit/scratch-folder.ts";
import { UserError } from "../../kit/user-error.ts";
import { readRoute } from "../cluster-route.ts";
import { FOLDER_KIND, FOLDER_STATE, RECORD_FILE } from "../helm-deploy/state.ts";
import { readJob } from "../read-job.ts";
import type { spec } from "./spec.ts";
import type { Reports, World } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** What helm keeps of its logins. */
const REGISTRY_CONFIG = "registry.json";
const REPORT_KIND = { prefix: "mayfly-smoke-report-", maker: "smoke-test" } as const;

/** The world of main. The cluster, the network and helm come with the first who needs them. */
export function connect(runner: Runner, inputs: Inputs): World {
  const { environment } = runner;
  const workspace = environment["GITHUB_WORKSPACE"] || process.cwd();
  const folder = makeScratchFolderSync(FOLDER_KIND, runner.tempFolder);
  runner.saveState(FOLDER_STATE, folder);
  return {
    log: runner.log,
    cancelled: runner.cancelled,
    now: runner.now,
    monotonic: runner.monotonic,
    redact: runner.redact,
    summarize: runner.summarize,
    readJob: () => readJob(runner),
    route: readRoute(environment, inputs.kubeconfig),
    openSmoke: async () => (await import("../smoke/connect-smoke.ts")).connectSmoke(runner, inputs),
    openHelm: async () => {
      const { connectHelm } = await import("../helm-deploy/connect-helm.ts");
      const { makeHelmEnvironment } = await import("../helm-deploy/helm-environment.ts");
      const registryConfig = join(folder, REGISTRY_CONFIG);
      const helmEnvironment = makeHelmEnvironment(environment, { kubeconfig: inputs.kubeconfig, registryConfig });
      return connectHelm({ runner, logFolder: folder, folder: workspace, environment: helmEnvironment });
    },
    openReports: () => openReports(inputs.reportDir, workspace, runner.tempFolder),
    record: (record) => writeFileSync(join(folder, RECORD_FILE), JSON.stringify(record), { mode: 0o600 }),
  };
}

async function openReports(reportDir: string | undefined, workspace: string, tempFolder: string): Promise<Reports> {
  const folder =
    reportDir === undefined
      ? await makeScratchFolder(REPORT_KIND, tempFolder)
      : await makeFolder(resolve(workspace, reportDir));
  return {
    write: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
  };
}

async function makeFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    return path;
  } catch (cause) {
    throw new UserError("bad-input", `report-dir: expected a folder that can be made and written, got ${path}`, {
      cause,
    });
  }
}
