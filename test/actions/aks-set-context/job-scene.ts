import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packScript } from "../../../scripts/build/script.ts";
import { type AddClusterOptions, type AddedCluster, addCluster } from "../../azure/aks/add-cluster.ts";
import { type Azure, createAzure } from "../../azure/azure.ts";
import { createCertificateAuthority } from "../../azure/certificates.ts";
import { startProxy } from "../../azure/proxy.ts";
import { addTeam, type Team } from "../../azure/team.ts";
import type { Job, JobResult, Step } from "../../runner/job.ts";
import { runJob } from "../../runner/run-job.ts";
import { type ApiServer, startApiServer } from "./api-server.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The action from its sources on the runner of the tests, an Azure behind a proxy, and API servers behind that. */
export interface JobScene extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  /** A folder that outlives the jobs. */
  readonly folder: string;
  /** Adds a cluster with an API server, which the team's identity may use. */
  add(
    name: string,
    properties?: AddClusterOptions["properties"],
    /** A shell script that stands for kubectl in the commands that Azure runs. */
    kubectl?: string,
  ): Promise<AddedCluster & { readonly api: ApiServer }>;
  /** Runs a job that may ask for ID tokens. */
  play(steps: readonly Step[], change?: Partial<Job>): Promise<JobResult>;
  /** The action as a step. */
  use(id: string, inputs: Step["with"]): Step;
}

export async function openJobScene(): Promise<JobScene> {
  const azure = createAzure();
  azure.aks.settings.silentMilliseconds = 50;
  const team = addTeam(azure);
  const proxy = await startProxy(azure);
  const authority = await createCertificateAuthority();
  const folder = mkdtempSync(join(tmpdir(), "mayfly-job-"));
  const repositoryRoot = join(folder, "repository");
  layOut(repositoryRoot);
  const apis: ApiServer[] = [];
  const base: Omit<Job, "steps"> = {
    repositoryRoot,
    machineEnv: { PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1", ...proxy.env },
    permissions: { "id-token": "write" },
    idToken: team.job,
    github: { repository: "octo/shop", event_name: "schedule" },
  };
  return {
    azure,
    team,
    folder,
    add: async (name, properties, kubectl = "exit 1") => {
      const { subscriptionId } = team;
      const cluster = addCluster(azure, { subscriptionId, name, ...(properties === undefined ? {} : { properties }) });
      team.assign("Azure Kubernetes Service Cluster User Role", cluster.id);
      const api = await startApiServer(authority, cluster.fqdn);
      apis.push(api);
      const programs = mkdtempSync(join(folder, "programs-"));
      writeFileSync(join(programs, "kubectl"), `#!/bin/sh\n${kubectl}\n`, { mode: 0o755 });
      const adminKubeconfig = JSON.stringify({ users: [{ name: "admin", user: { token: "admin-token" } }] });
      const path = `${programs}:/usr/bin:/bin`;
      azure.aks.connect(cluster.id, { server: api.url, caPem: authority.certificate, adminKubeconfig, path });
      return { ...cluster, api };
    },
    play: (steps, change = {}) => runJob({ ...base, ...change, steps }),
    use: (id, inputs = {}) => ({
      id,
      uses: "$/actions/aks-set-context",
      with: {
        "client-id": team.clientId,
        "tenant-id": team.tenantId,
        "subscription-id": team.subscriptionId,
        "resource-group": "shared",
        ...inputs,
      },
    }),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      for (const api of apis) await api[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A repository whose dist runs this one's sources. */
function layOut(root: string): void {
  const name = "aks-set-context";
  cpSync(join(ROOT, "actions", name), join(root, "actions", name), { recursive: true });
  const dist = join(root, "dist", name);
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "dist/package.json"), '{"type":"module"}');
  for (const stage of ["index", "post"]) {
    const source = join(ROOT, "src/actions", name, `${stage}.ts`);
    writeFileSync(join(dist, `${stage}.js`), `await import(${JSON.stringify(source)});\n`);
  }
  packScript(join(ROOT, "src/actions", name, "plugin.ts"), join(dist, "plugin.cjs"));
}
