import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { stringify } from "yaml";
import type { Json } from "../wire.ts";
import { credentialOf } from "./kubeconfig.ts";
import type { RealCluster } from "./real-clusters.ts";
import type { ZipEntry } from "./unzip.ts";

/** What somebody wants to have run in the cluster. */
export interface CommandJob {
  /** The cluster's id. */
  readonly cluster: string;
  readonly command: string;
  /** What the command finds in its folder. */
  readonly files: readonly ZipEntry[];
  /** As whom it speaks to the API server; undefined for the administrator, in a cluster without Entra integration. */
  readonly token: string | undefined;
}

export interface CommandResult {
  readonly exitCode: number;
  /** Both streams, as they came. */
  readonly logs: string;
}

/**
 * Runs a command as Azure's pod does: in a shell, in a folder with the files, with kubectl and helm that reach the
 * cluster. The folder goes afterwards.
 */
export async function runShell(real: RealCluster, job: CommandJob): Promise<CommandResult> {
  const home = await mkdtemp(join(tmpdir(), "mayfly-aks-command-"));
  try {
    const folder = join(home, "work");
    await mkdir(folder);
    for (const file of job.files) await writeEntry(folder, file);
    const kubeconfig = join(home, "kubeconfig");
    const credential = job.token === undefined ? credentialOf(real.adminKubeconfig) : { token: job.token };
    await writeFile(kubeconfig, renderPodKubeconfig(real, credential), { mode: 0o600 });
    const path = [real.path, process.env["PATH"]].filter((part) => part !== undefined && part !== "").join(":");
    return await shell(job.command, folder, { PATH: path, HOME: home, KUBECONFIG: kubeconfig });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function writeEntry(folder: string, { name, bytes, mode }: ZipEntry): Promise<void> {
  const path = resolve(folder, name);
  if (!path.startsWith(folder + sep)) throw new Error(`The zip leads out of its folder: ${name}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { mode: mode === 0 ? 0o644 : mode });
}

/** A pod of the cluster needs no name of AKS's: it asks the API server itself. */
function renderPodKubeconfig({ server, caPem }: RealCluster, user: Json): string {
  const authority = Buffer.from(caPem).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "certificate-authority-data": authority } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
    users: [{ name: "u", user }],
  });
}

function shell(command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<CommandResult> {
  return new Promise((done, fail) => {
    const child = spawn("/bin/sh", ["-c", command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", fail);
    child.on("close", (code, signal) =>
      done({ exitCode: code ?? (signal === null ? 1 : 137), logs: Buffer.concat(chunks).toString() }),
    );
  });
}
