import { createRedactor } from "../kit/masking.ts";
import { type Asking, ask, askJson } from "./ask.ts";
import type { Access, Cluster, ServedKind } from "./cluster.ts";
import { createConnections } from "./connections.ts";
import { createDiscovery } from "./discovery.ts";
import { follow } from "./follow.ts";
import type { KubeObject, ObjectRef } from "./kube-object.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { type Kubeconfig, type KubeconfigOptions, readKubeconfig } from "./kubeconfig.ts";
import { listUserSecrets } from "./kubeconfig-user.ts";
import { listObjects } from "./list-objects.ts";
import { connectLogin, type Login } from "./login.ts";
import { collectionPath, objectPath } from "./object-path.ts";
import type { PodAccess } from "./pod-access.ts";
import { readLog } from "./read-log.ts";
import { createTransport, type Transport } from "./transport.ts";

export interface ClusterOptions extends KubeconfigOptions {
  /** Ends all requests. For what has to be finished once the job is cancelled, connect with `abortLater(cancelled, …)`. */
  readonly cancelled: AbortSignal;
  /** Registers a secret with the runner, before anything could print it. */
  mask(secret: string): void;
  now(): Date;
  /** Milliseconds. Returns early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to less than 1: how waits are spread. */
  random?(): number;
  /** What the API server warns of, such as an apiVersion that is deprecated; each text once. */
  warn?(text: string): void;
  /** For who is in a hurry: tests, and who only wants to know whether there is a way. */
  readonly limits?: Partial<Limits>;
  /** In the place of a file: see `connectClusterAt`. */
  readonly given?: Kubeconfig;
  /** How requests go, where that is not straight to the kubeconfig's server: see `connectCommandCluster`. */
  readonly way?: { readonly transport?: Transport; readonly login: Login };
}

export interface Limits {
  readonly connectMs: number;
  readonly requestMs: number;
  readonly loginMs: number;
  /** How often a request is made whose fault may pass. */
  readonly tries: number;
}

const LIMITS: Limits = { connectMs: 10_000, requestMs: 60_000, loginMs: 60_000, tries: 5 };

/**
 * The cluster that a kubeconfig leads to. Only the kubeconfig is read now: nothing is asked yet.
 *
 * @throws UserError `kubeconfig-missing`; `kubeconfig-invalid` with all that is wrong
 */
export function connectCluster(options: ClusterOptions): Cluster & PodAccess {
  const kubeconfig = options.given ?? readKubeconfig(options);
  const asking = connectAsking(options, kubeconfig);
  const discovery = createDiscovery(asking);
  const pods = async (): Promise<PodAccess> => (await import("./connect-pod-access.ts")).connectPodAccess(asking);
  const namespaceOf = (kind: ServedKind, given: string | undefined): string | undefined =>
    kind.namespaced ? (given ?? kubeconfig.namespace) : undefined;
  const pathOf = (kind: ServedKind, { namespace, name }: Pick<ObjectRef, "namespace" | "name">): string =>
    objectPath(kind, namespaceOf(kind, namespace), name);

  return {
    server: kubeconfig.cluster.server.href.replace(/\/$/, ""),
    namespace: kubeconfig.namespace,
    readVersion: async () => {
      const { gitVersion } = await askJson(asking, { method: "GET", path: "/version", looks: true });
      if (typeof gitVersion === "string") return gitVersion;
      throw new KubeRefusal(502, "", "the answer to /version names no version: is this a Kubernetes API server?");
    },
    findKind: discovery.findKind,
    find: async (ref) => {
      const kind = await discovery.findKind(ref);
      if (kind === undefined) return undefined;
      return unlessMissing(() => askObject(asking, { method: "GET", path: pathOf(kind, ref), looks: true }));
    },
    list: async (kind, query) => (await listObjects(asking, await discovery.needKind(kind), query)).items,
    follow: async (kind, query, watcher) => {
      if (!watcher.until.aborted) await follow(asking, await discovery.needKind(kind), query, watcher);
    },
    apply: async (object, { fieldManager, force, dryRun }) => {
      const kind = await discovery.needKind(object);
      return askObject(asking, {
        method: "PATCH",
        path: pathOf(kind, object.metadata),
        query: { fieldManager, force, ...(dryRun === true ? { dryRun: "All" } : {}) },
        contentType: "application/apply-patch+yaml",
        body: JSON.stringify(object),
        looks: dryRun === true,
      });
    },
    create: async (object) => {
      const kind = await discovery.needKind(object);
      const path = collectionPath(kind, namespaceOf(kind, object.metadata.namespace));
      return askObject(asking, { method: "POST", path, body: JSON.stringify(object), looks: false });
    },
    patch: async (ref, patch) => {
      const contentType = "application/merge-patch+json";
      const path = pathOf(await discovery.needKind(ref), ref);
      return askObject(asking, { method: "PATCH", path, contentType, body: JSON.stringify(patch), looks: false });
    },
    remove: async (ref, preconditions) => {
      const kind = await discovery.findKind(ref);
      if (kind === undefined) return false;
      // As kubectl says it: without, a Job's pods would be left behind.
      const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background", preconditions };
      const path = pathOf(kind, ref);
      const gone = { method: "DELETE", path, body: JSON.stringify(body), looks: false } as const;
      return (await unlessMissing(async () => ask(asking, gone).then(() => true))) ?? false;
    },
    readLog: (pod, wanted) => readLog(asking, pod, wanted),
    exec: async (pod, order) => (await pods()).exec(pod, order),
    forward: async (pod, port) => (await pods()).forward(pod, port),
    proxy: async (request) => (await pods()).proxy(request),
    createToken: async (account, audience) => (await pods()).createToken(account, audience),
    mayI: async (access) => {
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const body = JSON.stringify(accessReview(access));
      const { status } = await askJson(asking, { method: "POST", path, body, looks: true });
      const { allowed, reason, evaluationError } = (status ?? {}) as Readonly<Record<string, unknown>>;
      return { allowed: allowed === true, reason: String(reason || evaluationError || "") };
    },
    whoAmI: async () => {
      const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
      const body = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" });
      const { status } = await askJson(asking, { method: "POST", path, body, looks: true });
      const { userInfo } = (status ?? {}) as { readonly userInfo?: Readonly<Record<string, unknown>> };
      const { username, groups } = userInfo ?? {};
      return { name: String(username ?? ""), groups: Array.isArray(groups) ? groups.map(String) : [] };
    },
  };
}

function connectAsking(options: ClusterOptions, kubeconfig: ReturnType<typeof readKubeconfig>): Asking {
  const limits = { ...LIMITS, ...options.limits };
  const redactor = createRedactor();
  const masked = new Set<string>();
  const mask = (secret: string): void => {
    // The same token comes with each request, and the runner is told in a line of the log.
    if (masked.has(secret)) return;
    masked.add(secret);
    redactor.add(secret);
    options.mask(secret);
  };
  for (const secret of listUserSecrets(kubeconfig.user)) mask(secret);
  const warned = new Set<string>();
  const { redact } = redactor;
  const connections = createConnections(kubeconfig.cluster.server, limits.connectMs);
  return {
    kubeconfig,
    connections,
    login: options.way?.login ?? connectLogin(kubeconfig, { ...options, ...limits, mask, redact }),
    transport: options.way?.transport ?? createTransport(kubeconfig.cluster.server, connections),
    cancelled: options.cancelled,
    requestMs: limits.requestMs,
    tries: limits.tries,
    now: () => options.now(),
    sleep: (milliseconds) => options.sleep(milliseconds),
    random: () => options.random?.() ?? Math.random(),
    mask,
    redact,
    warn: (text) => {
      if (!warned.has(text)) options.warn?.(text);
      warned.add(text);
    },
  };
}

async function askObject(asking: Asking, question: Parameters<typeof ask>[1]): Promise<KubeObject> {
  const object = await askJson(asking, question);
  if (typeof object["metadata"] === "object" && object["metadata"] !== null) return object as KubeObject;
  throw new KubeRefusal(502, "", `the answer to ${question.method} ${question.path} is no object`);
}

/** Only the API server's own word counts: the page of something in between would make an object look gone. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KubeRefusal && error.status === 404 && error.reason === "NotFound") return undefined;
    throw error;
  }
}

function accessReview({ verb, group, resource, namespace, name }: Access): unknown {
  const [plural, ...rest] = resource.split("/");
  const subresource = rest.length === 0 ? {} : { subresource: rest.join("/") };
  const resourceAttributes = { verb, group, resource: plural, ...subresource, namespace, name };
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
}
