import { readFileSync } from "node:fs";
import type { ClusterEntry } from "./kubeconfig-cluster.ts";
import type { ExecEntry } from "./kubeconfig-user.ts";
import type { LoginOptions, Tls } from "./login.ts";

type Environment = LoginOptions["environment"];

/** A program that prints credentials, which are kept until they expire. */
export interface Plugin {
  /** @throws Error with what it said on stderr */
  ask(): Promise<PluginAnswer>;
  /** The cluster did not take its answer: who connects to the plugin next has it run again. */
  forget(): void;
}

interface PluginAnswer {
  readonly token: string | undefined;
  readonly tls: Tls;
}

/** By the environment that a plugin is run with, and by what the kubeconfig says of it. */
const CONNECTED = new WeakMap<Environment, Map<string, Plugin>>();

/**
 * The plugin of a kubeconfig's user: one for all who connect to it in this process, since each of its starts takes some
 * 50 ms, and a step has up to four connections to its cluster.
 */
export function connectPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  options: Pick<LoginOptions, "environment" | "loginMs">,
): Plugin {
  const connected = CONNECTED.get(options.environment) ?? new Map<string, Plugin>();
  CONNECTED.set(options.environment, connected);
  const key = JSON.stringify([exec, cluster]);
  const found = connected.get(key);
  if (found !== undefined) return found;
  const run = openPlugin(exec, cluster, options);
  let answering: Promise<PluginAnswer> | undefined;
  const plugin: Plugin = {
    ask: () => {
      // One at a time: the library keeps an answer, and not that it waits for one.
      answering ??= run().finally(() => {
        answering = undefined;
      });
      return answering;
    },
    forget: () => {
      if (connected.get(key) === plugin) connected.delete(key);
    },
  };
  connected.set(key, plugin);
  return plugin;
}

/**
 * The library runs the plugin and keeps what it said. Only this file of the library is imported, when there is a
 * plugin: its entry brings the clients of all kinds of Kubernetes, 17 MB that no bundler takes apart.
 */
function openPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  { environment, loginMs }: Pick<LoginOptions, "environment" | "loginMs">,
): () => Promise<PluginAnswer> {
  const user = { name: "user", exec: execEntry(exec, cluster, environment) };
  const loading = import("@kubernetes/client-node/dist/exec_auth.js").then(({ ExecAuth }) => new ExecAuth());
  return async () => {
    const library = await loading;
    const filled: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} };
    await inTime(library.applyAuthentication(user, filled), loginMs);
    const { headers, ...tls } = filled;
    return { token: headers["Authorization"]?.replace(/^Bearer /, ""), tls };
  };
}

/**
 * The plugin as the library shall start it. It leaves out KUBERNETES_EXEC_INFO, which plugins of clouds read, and it
 * would hand on this process's environment instead of the one that we were given.
 */
function execEntry(exec: ExecEntry, cluster: ClusterEntry, environment: Environment): ExecEntry {
  const inherited = Object.entries(environment).map(([name, value]) => ({ name, value: value ?? "" }));
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  return {
    ...exec,
    env: [...inherited, ...exec.env, { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }],
  };
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster */
function clusterInfo({ server, execConfig, "certificate-authority": file, ...cluster }: ClusterEntry): unknown {
  return {
    server: server.href.replace(/\/$/, ""),
    ...cluster,
    ...(file === undefined ? {} : { "certificate-authority-data": readFileSync(file).toString("base64") }),
    ...(execConfig === undefined ? {} : { config: execConfig }),
  };
}

function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`it did not end within ${milliseconds / 1000} s`));
    const timer = setTimeout(late, milliseconds);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
