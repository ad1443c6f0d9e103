import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "../../src/kubernetes/cluster.ts";
import { type ClusterOptions, connectCluster } from "../../src/kubernetes/connect-cluster.ts";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import type { PodAccess } from "../../src/kubernetes/pod-access.ts";
import { type ApiServer, createApiServer } from "../kubernetes/api-server.ts";
import { type KubeconfigForm, renderKubeconfig } from "../kubernetes/kubeconfig.ts";

/** A stand-in, a folder for kubeconfigs, and what the adapter did to its world. */
export interface Bed extends AsyncDisposable {
  readonly server: ApiServer;
  readonly folder: string;
  readonly masked: string[];
  readonly warnings: string[];
  /** Milliseconds of each wait; none of them takes any time. */
  readonly waits: number[];
  readonly cancel: AbortController;
  /** Writes a kubeconfig and gives its path. */
  write(form?: KubeconfigForm, name?: string): string;
  connect(form?: KubeconfigForm, options?: Partial<ClusterOptions>): Cluster & PodAccess;
}

export async function makeBed(options: Parameters<typeof createApiServer>[0] = {}): Promise<Bed> {
  const server = await createApiServer(options);
  const folder = mkdtempSync(join(tmpdir(), "mayfly-kube-"));
  const masked: string[] = [];
  const warnings: string[] = [];
  const waits: number[] = [];
  const cancel = new AbortController();
  const write = (form?: KubeconfigForm, name = "kubeconfig"): string => {
    const path = join(folder, name);
    writeFileSync(path, renderKubeconfig(server, form));
    return path;
  };
  return {
    server,
    folder,
    masked,
    warnings,
    waits,
    cancel,
    write,
    connect: (form, more = {}) =>
      connectCluster({
        kubeconfig: write(form),
        context: undefined,
        environment: { PATH: process.env["PATH"] },
        cancelled: cancel.signal,
        mask: (secret) => void masked.push(secret),
        now: () => new Date(),
        sleep: async (milliseconds) => {
          waits.push(milliseconds);
          await new Promise((resolve) => setTimeout(resolve, 1));
        },
        random: () => 0.5,
        warn: (text) => void warnings.push(text),
        ...more,
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" } as const;

export function configMap(name: string, data: Readonly<Record<string, string>> = {}, labels = {}): KubeObject {
  return { ...CONFIG_MAP, metadata: { name, namespace: "default", labels }, data };
}

/** A pod `web` with a container `main`, and a Service `web` before it whose port 80 is `http`. */
export function putWeb(server: ApiServer): void {
  const metadata = { name: "web", namespace: "default" };
  server.put({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ name: "main" }] } });
  server.put({ apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ name: "http", port: 80 }] } });
}

export const WEB = { namespace: "default", name: "web" } as const;

/** Waits until something holds; fails after some seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 8_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("It never came to hold");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
