import type { KubeObject, ObjectKind, ObjectRef } from "./kube-object.ts";

/**
 * A cluster's API server, as a kubeconfig leads to it. Every method throws a `KubeRefusal` for an answer that says no,
 * and a `UserError` (`cluster-unreachable`, `cluster-login-failed`) when none came.
 */
export interface Cluster {
  /** The API server's address. */
  readonly server: string;
  /** The context's namespace; `default` where it names none. */
  readonly namespace: string;
  /** Such as `v1.36.3`. */
  readVersion(): Promise<string>;
  /** What the cluster knows of a kind; undefined when it does not know it. */
  findKind(kind: ObjectKind): Promise<ServedKind | undefined>;
  /** Undefined when it is not there. */
  find(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** All of them, page by page. In all namespaces where none is given. */
  list(kind: ObjectKind, query: ListQuery): Promise<readonly KubeObject[]>;
  /**
   * Tells of each object that is there, and of each change from then on, until the signal aborts; then it resolves. It
   * begins anew by itself when the connection ends or history is gone, and lists every 2 s where watching is forbidden.
   */
  follow(kind: ObjectKind, query: ListQuery, watcher: Watcher): Promise<void>;
  /** Server-side apply. @returns the object as it then is */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** @throws KubeRefusal 409 `AlreadyExists` */
  create(object: KubeObject): Promise<KubeObject>;
  /** A JSON merge patch. */
  patch(ref: ObjectRef, patch: Readonly<Record<string, unknown>>): Promise<KubeObject>;
  /** False when it was not there. With `uid`, another object of the same name is left alone (409). */
  remove(ref: ObjectRef, options?: { readonly uid?: string; readonly resourceVersion?: string }): Promise<boolean>;
  /** What a container has printed; undefined when there is no such container (any more). */
  readLog(pod: { readonly namespace: string; readonly name: string }, options: LogOptions): Promise<string | undefined>;
  /** Asks the cluster whether whoever is logged in may do this (SelfSubjectAccessReview). */
  mayI(access: Access): Promise<AccessAnswer>;
  /** Whom the cluster takes us for (SelfSubjectReview). Everybody who is logged in may ask. */
  whoAmI(): Promise<User>;
}

export interface User {
  /** With Entra, the object id. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** A kind as discovery shows it. */
export interface ServedKind extends ObjectKind {
  /** `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface ListQuery {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface Change {
  readonly type: "added" | "modified" | "deleted";
  readonly object: KubeObject;
}

export interface Watcher {
  onChange(change: Change): void;
  /** All that was there at first has been told. */
  onSynced?(): void;
  /**
   * Whether changes are heard of just now: false from when a connection has ended until another one stands, as what was
   * told may not be so any more.
   */
  onStanding?(standing: boolean): void;
  readonly until: AbortSignal;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields from other managers. */
  readonly force?: boolean;
  /** The server says what would be, and keeps nothing. */
  readonly dryRun?: boolean;
}

export interface LogOptions {
  readonly container: string;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  /** Only what was printed in the last seconds. */
  readonly sinceSeconds?: number;
  readonly limitBytes?: number;
}

export interface Access {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** `deployments`, `pods/log`. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string;
}

export interface AccessAnswer {
  readonly allowed: boolean;
  /** Why, in the cluster's words; may be empty. */
  readonly reason: string;
}
