import { UserError } from "../../../../src/kit/user-error.ts";
import type { Access, Cluster } from "../../../../src/kubernetes/cluster.ts";
import type { KubeObject, ObjectKind, ObjectRef } from "../../../../src/kubernetes/kube-object.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import { apiVersionOf, builtInKinds, kindsOfDefinition, type Served, VERBS } from "../../../kubernetes/kinds.ts";
import { applyObject } from "../../../kubernetes/managed-fields.ts";
import { mergePatch } from "../../../kubernetes/merge-patch.ts";
import { createFilter } from "../../../kubernetes/selectors.ts";
import { Refusal } from "../../../kubernetes/status.ts";
import { createStore, nameOf, rfc3339, type StoreEvent } from "../../../kubernetes/store.ts";
import type { FakeTime } from "./time.ts";

/** What a session asks for, before it is answered. */
export interface Asked {
  readonly verb: "get" | "list" | "watch" | "apply" | "create" | "patch" | "delete" | "log";
  readonly kind: string;
  readonly name: string;
  readonly object?: KubeObject;
  readonly dryRun?: boolean;
}

/** An API server without a wire: the store of the stand-in, asked as the adapter would ask it. */
export interface FakeCluster {
  /** As a job sees it: broken off once that is cancelled. */
  session(cancelled?: AbortSignal): Cluster;
  readonly settings: {
    may: (access: Access) => boolean;
    /** Says no to what a session asks. */
    refuse: (asked: Asked) => KubeRefusal | undefined;
    /** By `namespace/pod/container`, with `/previous` behind it for the run before. */
    readonly logs: Map<string, string>;
  };
  /** Grows with every change of anything. */
  version(): number;
  put(object: KubeObject): KubeObject;
  setStatus(ref: ObjectRef, status: Readonly<Record<string, unknown>>): void;
  find(ref: ObjectRef): KubeObject | undefined;
  list(kind: ObjectKind, namespace?: string): readonly KubeObject[];
  remove(ref: ObjectRef): void;
  listen(listener: (event: StoreEvent) => void): void;
}

export function createCluster(time: FakeTime): FakeCluster {
  const now = (): Date => new Date(time.now());
  const store = createStore(now);
  const builtIn = builtInKinds();
  const definitions = builtIn.filter(({ kind }) => kind === "CustomResourceDefinition");
  const lookUp = ({ apiVersion, kind }: ObjectKind): Served | undefined =>
    [...builtIn, ...definitions.flatMap((each) => store.list(each)).flatMap((each) => kindsOfDefinition(each))].find(
      (each) => each.kind === kind && apiVersionOf(each) === apiVersion,
    );
  const serve = (wanted: ObjectKind): Served => {
    const found = lookUp(wanted);
    if (found === undefined) throw new KubeRefusal(404, "NotFound", "the server could not find the requested resource");
    return found;
  };
  const inside = (kind: Served, namespace: string | undefined) => (kind.namespaced ? namespace : undefined);
  const settings: FakeCluster["settings"] = { may: () => true, refuse: () => undefined, logs: new Map() };
  const find = (ref: ObjectRef): KubeObject | undefined => {
    const kind = lookUp(ref);
    return kind && store.find(kind, inside(kind, ref.namespace), ref.name);
  };
  const put = (object: KubeObject): KubeObject => {
    const kind = serve(object);
    const there = find({ ...object, ...object.metadata });
    return there === undefined
      ? store.create(kind, object)
      : store.replace(kind, { ...there, ...object, metadata: { ...there.metadata, ...object.metadata } });
  };
  const cluster: FakeCluster = {
    settings,
    version: store.version,
    put,
    setStatus: (ref, status) => {
      const there = find(ref);
      if (there !== undefined) store.replace(serve(ref), { ...there, status });
    },
    find,
    list: (kind, namespace) => store.list(serve(kind), namespace),
    remove: (ref) => {
      const kind = serve(ref);
      store.remove(kind, inside(kind, ref.namespace), ref.name);
    },
    listen: (listener) => void store.listen(listener),
    session: (cancelled) => {
      const ask = async <T>(asked: Asked, answer: () => T | Promise<T>): Promise<T> => {
        await undefined;
        if (cancelled?.aborted) throw new UserError("cancelled", "The job was cancelled.");
        const refusal = settings.refuse(asked);
        if (refusal !== undefined) throw refusal;
        try {
          return await answer();
        } catch (error) {
          if (error instanceof Refusal) throw new KubeRefusal(error.code, error.reason, error.message);
          throw error;
        }
      };
      return {
        server: "https://shop-dns-1a2b3c.hcp.westeurope.azmk8s.io:443",
        namespace: "default",
        readVersion: async () => "v1.36.3",
        whoAmI: async () => ({ name: "runner", groups: [] }),
        findKind: (wanted) =>
          ask({ verb: "get", kind: "APIResource", name: wanted.kind }, () => {
            const found = lookUp(wanted);
            return found && { ...wanted, resource: found.resource, namespaced: found.namespaced, verbs: VERBS };
          }),
        find: (ref) => ask({ verb: "get", kind: ref.kind, name: ref.name }, () => find(ref)),
        list: (wanted, { namespace, labelSelector = "", fieldSelector = "" }) =>
          ask({ verb: "list", kind: wanted.kind, name: "" }, () => {
            const kind = serve(wanted);
            return store.list(kind, inside(kind, namespace)).filter(createFilter(labelSelector, fieldSelector));
          }),
        follow: (wanted, { namespace }, { onChange, onSynced, until }) =>
          ask({ verb: "watch", kind: wanted.kind, name: "" }, () => {
            const kind = serve(wanted);
            const here = inside(kind, namespace);
            for (const object of store.list(kind, here)) onChange({ type: "added", object });
            onSynced?.();
            const types = { ADDED: "added", MODIFIED: "modified", DELETED: "deleted" } as const;
            const stop = store.listen(({ type, object }) => {
              if (object.kind !== wanted.kind || object.apiVersion !== wanted.apiVersion) return;
              if (here !== undefined && object.metadata.namespace !== here) return;
              onChange({ type: types[type], object });
            });
            return new Promise<void>((resolve) => {
              until.addEventListener("abort", () => {
                stop();
                resolve();
              });
            });
          }),
        apply: (object, { fieldManager: manager, force = false, dryRun = false }) =>
          ask({ verb: "apply", kind: object.kind, name: object.metadata.name, object, dryRun }, () => {
            const kind = serve(object);
            const live = find({ ...object, ...object.metadata });
            const { namespace } = object.metadata;
            const home = { apiVersion: "v1", kind: "Namespace", name: namespace ?? "" };
            if (kind.namespaced && find(home) === undefined) {
              throw new KubeRefusal(404, "NotFound", `namespaces "${namespace}" not found`);
            }
            const applier = { manager, force, apiVersion: object.apiVersion, at: rfc3339(now()) };
            const next = applyObject(live, object, applier);
            if (dryRun) return next;
            return live === undefined ? store.create(kind, next) : store.replace(kind, next);
          }),
        create: (object) =>
          ask({ verb: "create", kind: object.kind, name: object.metadata.name, object }, () =>
            store.create(serve(object), object),
          ),
        patch: (ref, patch) =>
          ask({ verb: "patch", kind: ref.kind, name: ref.name }, () => {
            const kind = serve(ref);
            const there = find(ref);
            if (there === undefined) throw new KubeRefusal(404, "NotFound", `${nameOf(kind)} "${ref.name}" not found`);
            const { resourceVersion = there.metadata.resourceVersion } = (patch["metadata"] ?? {}) as {
              readonly resourceVersion?: string;
            };
            if (resourceVersion !== there.metadata.resourceVersion) {
              const text = `Operation cannot be fulfilled on ${nameOf(kind)} "${ref.name}": the object has been modified`;
              throw new KubeRefusal(409, "Conflict", text);
            }
            return store.replace(kind, mergePatch(there, patch) as KubeObject);
          }),
        remove: (ref, options = {}) =>
          ask({ verb: "delete", kind: ref.kind, name: ref.name }, () => {
            const there = find(ref);
            if (there === undefined) return false;
            const { uid = there.metadata.uid, resourceVersion = there.metadata.resourceVersion } = options;
            if (uid !== there.metadata.uid || resourceVersion !== there.metadata.resourceVersion) {
              throw new KubeRefusal(
                409,
                "Conflict",
                `${nameOf(serve(ref))} "${ref.name}": the precondition does not match`,
              );
            }
            cluster.remove(ref);
            return true;
          }),
        readLog: ({ namespace, name }, { container, previous = false, tailLines = Number.POSITIVE_INFINITY }) =>
          ask({ verb: "log", kind: "Pod", name }, () => {
            const text = settings.logs.get([namespace, name, container, ...(previous ? ["previous"] : [])].join("/"));
            return text
              ?.split(/(?<=\n)/)
              .slice(-tailLines)
              .join("");
          }),
        mayI: async (access) => ({ allowed: settings.may(access), reason: "" }),
      };
    },
  };
  return cluster;
}
