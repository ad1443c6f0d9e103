import { type ManifestObject, readManifest } from "../../../../src/helm/read-manifest.ts";
import type { KubeObject } from "../../../../src/kubernetes/kube-object.ts";
import { type Call, Failure, renderChart } from "./helm.ts";
import { listRevisions, type Revision, writeRevision } from "./records.ts";

const LOOK_EVERY_MS = 1_000;

/** Thrown where SIGINT came. */
class Stopped extends Error {}

export async function callUpgrade(call: Call): Promise<number | undefined> {
  const { cluster, flags, words } = call;
  const [name = "", path = ""] = words;
  const namespace = flags.get("namespace") ?? "default";
  const { chart, values, manifest } = renderChart(call, path);
  const [newest] = listRevisions(cluster, namespace, name);
  if (newest?.status.startsWith("pending-")) {
    throw new Failure("Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress");
  }
  if (cluster.find({ apiVersion: "v1", kind: "Namespace", name: namespace }) === undefined) {
    throw new Failure(`Error: create: failed to create: namespaces "${namespace}" not found`);
  }
  const verb = newest === undefined ? "Install" : "Upgrade";
  const revision: Revision = {
    name,
    namespace,
    revision: (newest?.revision ?? 0) + 1,
    status: newest === undefined ? "pending-install" : "pending-upgrade",
    description: newest === undefined ? "Initial install underway" : "Preparing upgrade",
    deployedAt: new Date(call.time.now()).toISOString(),
    manifest,
    chart: { name: chart.name, version: chart.version, appVersion: chart.appVersion },
    values,
    labels: mergeLabels(newest?.labels ?? {}, flags.get("labels") ?? ""),
    ssa: call.helm.major === 4,
  };
  writeRevision(cluster, revision);
  try {
    await rollOut(call, revision, verb.toLowerCase());
  } catch (error) {
    if (error instanceof Stopped && call.helm.dies) return undefined;
    const why = error instanceof Stopped ? "context canceled" : error instanceof Error ? error.message : String(error);
    writeRevision(cluster, { ...revision, status: "failed", description: `${verb} "${name}" failed: ${why}` });
    if (error instanceof Stopped) call.process.stdout += `Release ${name} has been cancelled.\n`;
    throw new Failure(
      `${error instanceof Stopped ? `Release ${name} has been cancelled.\n` : ""}Error: ${verb === "Upgrade" ? "UPGRADE" : "INSTALLATION"} FAILED: ${why}`,
    );
  }
  succeed(call, { ...revision, description: flags.get("description") || `${verb} complete` });
  return 0;
}

/** helm winds up only an install or upgrade: a rollback dies of the signal, and stays pending. */
export async function callRollback(call: Call): Promise<number | undefined> {
  const { cluster, flags, words } = call;
  const [name = "", wanted = ""] = words;
  const namespace = flags.get("namespace") ?? "default";
  const revisions = listRevisions(cluster, namespace, name);
  const target = revisions.find(({ revision }) => revision === Number(wanted));
  if (target === undefined) throw new Failure("Error: release: not found");
  const revision: Revision = {
    ...target,
    revision: (revisions[0]?.revision ?? 0) + 1,
    status: "pending-rollback",
    description: `Rollback to ${wanted}`,
    deployedAt: new Date(call.time.now()).toISOString(),
  };
  writeRevision(cluster, revision);
  try {
    await rollOut(call, revision, "rollback");
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    writeRevision(cluster, { ...revision, status: "failed", description: `Rollback "${name}" failed: ${why}` });
    throw new Failure(`Error: ${why}`);
  }
  succeed(call, revision);
  return 0;
}

export async function callTest({ helm, process, words, interrupted, time }: Call): Promise<number | undefined> {
  await time.sleep(500, interrupted);
  if (interrupted.aborted) return undefined;
  process.stdout = `NAME: ${words[0]}\nTEST SUITE: shop-test\n`;
  if (!helm.testsFail) return 0;
  throw new Failure("Error: pod shop-test failed");
}

/** The newest revision's objects go, and then what is known of all revisions, also where objects stay. */
export async function callUninstall(call: Call): Promise<number | undefined> {
  const { cluster, flags, words, interrupted } = call;
  const [name = ""] = words;
  const namespace = flags.get("namespace") ?? "default";
  const revisions = listRevisions(cluster, namespace, name);
  const [newest] = revisions;
  if (newest === undefined) return 0;
  writeRevision(cluster, {
    ...newest,
    status: "uninstalling",
    description: "Deletion in progress (or silently failed)",
  });
  call.reach("uninstall.pending");
  // helm does not listen to signals here: it dies of them.
  if (interrupted.aborted) return undefined;
  const read = readManifest(newest.manifest, namespace);
  const refs =
    "value" in read ? read.value.filter(({ hook }) => hook === undefined).map(({ object }) => refOf(object)) : [];
  for (const ref of refs) if (cluster.find(ref) !== undefined) cluster.remove(ref);
  const timeoutMs = Number(/^\d+/.exec(flags.get("timeout") ?? "")?.[0] ?? 300_000);
  const done = (): boolean => refs.every((ref) => cluster.find(ref) === undefined);
  const late = await waitFor(call, done, call.time.now() + timeoutMs).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (late instanceof Stopped) return undefined;
  for (const { revision } of revisions) {
    cluster.remove({ apiVersion: "v1", kind: "Secret", namespace, name: `sh.helm.release.v1.${name}.v${revision}` });
  }
  if (late === undefined) return 0;
  throw new Failure(`Error: uninstallation completed with 1 error(s): ${late instanceof Error ? late.message : ""}`);
}

function succeed({ cluster }: Call, revision: Revision): void {
  for (const old of listRevisions(cluster, revision.namespace, revision.name)) {
    if (old.status === "deployed") writeRevision(cluster, { ...old, status: "superseded" });
  }
  writeRevision(cluster, { ...revision, status: "deployed" });
}

function mergeLabels(before: Revision["labels"], line: string): Revision["labels"] {
  const labels = new Map(Object.entries(before));
  for (const pair of line === "" ? [] : line.split(",")) {
    const [name = "", value = ""] = pair.split("=");
    if (value === "null") labels.delete(name);
    else labels.set(name, value);
  }
  return Object.fromEntries(labels);
}

/** `install`, `upgrade` or `rollback`: hooks before, objects, the wait, hooks behind. */
async function rollOut(call: Call, { manifest, namespace, name }: Revision, verb: string): Promise<void> {
  const point = verb === "install" ? "upgrade" : verb;
  const { flags, cluster, interrupted } = call;
  const timeoutMs = Number(/^\d+/.exec(flags.get("timeout") ?? "")?.[0] ?? 300_000);
  const until = call.time.now() + timeoutMs;
  const read = readManifest(manifest, namespace);
  if ("problems" in read) throw new Error("the manifest cannot be read");
  const step = (where: string): void => {
    call.reach(`${point}.${where}`);
    if (interrupted.aborted) throw new Stopped();
  };
  const hooks = (when: string) => read.value.filter(({ hook }) => hook?.events.includes(`${when}-${verb}`));
  step("pending");
  for (const hook of hooks("pre")) await runHook(call, hook, until);
  const objects = read.value.filter(({ hook, crd }) => hook === undefined && !crd).map(({ object }) => object);
  for (const object of objects) {
    const { kind, metadata } = object;
    step(`apply.${kind}/${metadata.name}`);
    cluster.put({
      ...object,
      metadata: { ...metadata, labels: { ...metadata.labels, "app.kubernetes.io/managed-by": "Helm" } },
    });
  }
  removeOthers(call, name, namespace, objects);
  const wait = flags.get("wait");
  if (wait !== undefined && wait !== "hookOnly") {
    step("waiting");
    await waitFor(call, () => objects.every((object) => isReady(cluster.find(refOf(object)))), until);
  }
  for (const hook of hooks("post")) await runHook(call, hook, until);
  step("end");
}

/** What the revision that was deployed had, and this one has not. */
function removeOthers({ cluster }: Call, name: string, namespace: string, kept: readonly KubeObject[]): void {
  const before = listRevisions(cluster, namespace, name).find(({ status }) => status === "deployed");
  const read = readManifest(before?.manifest ?? "", namespace);
  const names = new Set(kept.map(nameOf));
  for (const { object, hook } of "value" in read ? read.value : []) {
    if (hook === undefined && !names.has(nameOf(object)) && cluster.find(refOf(object))) cluster.remove(refOf(object));
  }
}

/** As by the policy that counts without a word: what is left of the last time goes first. */
async function runHook(call: Call, { object, source }: ManifestObject, until: number): Promise<void> {
  const { cluster } = call;
  if (cluster.find(refOf(object)) !== undefined) cluster.remove(refOf(object));
  cluster.put(object);
  const is = (type: string): boolean => hasCondition(cluster.find(refOf(object)), type);
  await waitFor(call, () => object.kind !== "Job" || is("Complete") || is("Failed"), until);
  if (is("Failed")) {
    const reason = `resource ${object.kind}/${object.metadata.namespace}/${object.metadata.name} not ready. status: Failed, message: Job Failed`;
    throw new Error(
      `pre-upgrade hooks failed: warning: Hook pre-upgrade ${source} failed: 1 error occurred:\n\t* ${reason}`,
    );
  }
}

async function waitFor({ time, interrupted }: Call, done: () => boolean, until: number): Promise<void> {
  while (!done()) {
    if (interrupted.aborted) throw new Stopped();
    if (time.now() >= until) throw new Error("context deadline exceeded");
    await time.sleep(LOOK_EVERY_MS, interrupted);
  }
  if (interrupted.aborted) throw new Stopped();
}

/** What `--wait` looks at: the numbers, once. */
function isReady(object: KubeObject | undefined): boolean {
  if (object?.kind !== "Deployment") return object !== undefined;
  const { observedGeneration, availableReplicas = 0 } = (object["status"] ?? {}) as {
    readonly observedGeneration?: number;
    readonly availableReplicas?: number;
  };
  const { replicas = 1 } = object["spec"] as { readonly replicas?: number };
  return observedGeneration === object.metadata.generation && availableReplicas >= replicas;
}

function hasCondition(object: KubeObject | undefined, wanted: string): boolean {
  const { conditions = [] } = (object?.["status"] ?? {}) as {
    conditions?: readonly { type: string; status: string }[];
  };
  return conditions.some(({ type, status }) => type === wanted && status === "True");
}

function refOf({ apiVersion, kind, metadata }: KubeObject) {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}
