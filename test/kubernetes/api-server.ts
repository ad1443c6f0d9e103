import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { KubeObject, ObjectRef } from "../../src/kubernetes/kube-object.ts";
import type { Rule } from "./authorize.ts";
import { type Authority, createAuthority } from "./certificates.ts";
import { createFaults, type Faults } from "./faults.ts";
import type { Json } from "./field-paths.ts";
import { collectGarbage } from "./garbage.ts";
import { answerOn, createHandler, type SeenRequest } from "./handle-request.ts";
import { apiVersionOf, builtInKinds, kindsOfDefinition, type Served } from "./kinds.ts";
import type { ContainerLog } from "./pod-log.ts";
import type { PodProgram } from "./pod-stream.ts";
import type { Application } from "./service-proxy.ts";
import { notFound } from "./status.ts";
import { createStore, type StoreEvent } from "./store.ts";
import type { RunningWatch } from "./watch.ts";

export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly authority: Authority;
  readonly faults: Faults;
  readonly requests: readonly SeenRequest[];
  readonly watches: ReadonlySet<RunningWatch>;
  readonly settings: {
    /** Tokens that are known, and whose they are. */
    readonly tokens: Map<string, string>;
    /** Who may do what; everybody everything at first. Counts for requests and for SelfSubjectAccessReviews. */
    may: Rule;
    /** False for a server before 1.32: `sendInitialEvents` is refused. */
    streamsLists: boolean;
    /** Text of a `Warning` header. */
    warning: string | undefined;
    /** By `namespace/pod/container`. */
    readonly logs: Map<string, ContainerLog>;
    /** What an exec meets, by `namespace/pod/container`. */
    readonly programs: Map<string, PodProgram>;
    /** Who listens, by `namespace/pod/port`. */
    readonly ports: Map<string, PodProgram>;
    /** What answers behind the proxy, by `namespace/services/web:http` or `namespace/pods/web:8080`. */
    readonly applications: Map<string, Application>;
  };
  /** As if a controller did it: no rights, no owners of fields. Makes it, or changes it to this. */
  put(object: KubeObject): KubeObject;
  setStatus(ref: ObjectRef, status: Json): KubeObject;
  find(ref: ObjectRef): KubeObject | undefined;
  list(kind: Pick<ObjectRef, "apiVersion" | "kind">, namespace?: string): readonly KubeObject[];
  remove(ref: ObjectRef): void;
  /** Tells of each change, for a test that plays kubelet and controllers. Ends with the server. */
  onChange(listener: (event: StoreEvent) => void): void;
  /** What happened until now is forgotten: later watches from before get 410. */
  forgetHistory(): void;
}

export const ADMIN_TOKEN = "stand-in-admin-token-6f1b2c";

/** An API server without a cluster behind it: objects in memory, HTTPS on a port of this machine. */
export async function createApiServer(
  options: { readonly names?: readonly string[]; readonly now?: () => Date } = {},
): Promise<ApiServer> {
  const now = options.now ?? (() => new Date());
  const authority = await createAuthority(options.names ?? []);
  const store = createStore(now);
  const faults = createFaults();
  const requests: SeenRequest[] = [];
  const watches = new Set<RunningWatch>();
  const settings: ApiServer["settings"] = {
    tokens: new Map([[ADMIN_TOKEN, "admin"]]),
    may: () => true,
    streamsLists: true,
    warning: undefined,
    logs: new Map(),
    programs: new Map(),
    ports: new Map(),
    applications: new Map(),
  };
  const builtIn = builtInKinds();
  const definitions = builtIn.filter(({ kind }) => kind === "CustomResourceDefinition");
  const kinds = (): readonly Served[] =>
    builtIn.concat(definitions.flatMap((kind) => store.list(kind)).flatMap((each) => kindsOfDefinition(each)));
  const served = (apiVersion: string, kind: string): Served => {
    const found = kinds().find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
    if (found === undefined) throw new Error(`The stand-in serves no ${apiVersion} ${kind}`);
    return found;
  };
  collectGarbage(store, kinds);

  const handle = createHandler({ store, settings, faults, kinds, watches, now, record: (seen) => requests.push(seen) });

  const { server: pair } = authority;
  const server = createServer(
    { key: pair.key, cert: pair.certificate, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    (request, response) => void handle(request, response),
  );
  server.on("upgrade", (request, socket, head) => {
    const upgrade = { request, socket, head };
    void handle(request, answerOn(upgrade), upgrade);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  const api: Omit<ApiServer, "url" | typeof Symbol.asyncDispose> = {
    authority,
    faults,
    requests,
    watches,
    settings,
    put: (object) => {
      const kind = served(object.apiVersion, object.kind);
      const there = store.find(kind, object.metadata.namespace, object.metadata.name);
      return there === undefined
        ? store.create(kind, object)
        : store.replace(kind, { ...there, ...object, metadata: { ...there.metadata, ...object.metadata } });
    },
    setStatus: (ref, status) => {
      const kind = served(ref.apiVersion, ref.kind);
      const there = store.find(kind, ref.namespace, ref.name);
      if (there === undefined) throw notFound(kind.resource, ref.name);
      return store.replace(kind, { ...there, status });
    },
    find: (ref) => store.find(served(ref.apiVersion, ref.kind), ref.namespace, ref.name),
    list: ({ apiVersion, kind }, namespace) => store.list(served(apiVersion, kind), namespace),
    remove: (ref) => void store.remove(served(ref.apiVersion, ref.kind), ref.namespace, ref.name),
    onChange: (listener) => void store.listen(listener),
    forgetHistory: () => store.forget(),
  };
  for (const name of ["default", "kube-system"]) {
    api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name }, status: { phase: "Active" } });
  }
  return {
    ...api,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
