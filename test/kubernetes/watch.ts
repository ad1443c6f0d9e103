import type { ServerResponse } from "node:http";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import type { Target } from "./request-path.ts";
import { createFilter } from "./selectors.ts";
import { Refusal, statusOf } from "./status.ts";
import { collectionOf, type Store, type StoreEvent } from "./store.ts";

/** A watch that is under way. */
export interface RunningWatch {
  readonly resource: string;
  /** Breaks the connection. */
  cut(): void;
  /** Sends a bookmark, if the client wants any. */
  bookmark(): void;
  /** Tells that history is gone, as a server whose cache was refilled does. */
  expire(): void;
}

export interface WatchOptions {
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly store: Store;
  /** Whether `sendInitialEvents` is understood. */
  readonly streamsLists: boolean;
  present(object: KubeObject): KubeObject;
  onEnd(): void;
}

/** Answers a watch: what is there or happened since, then whatever happens. @throws Refusal before anything is sent */
export function serveWatch(response: ServerResponse, options: WatchOptions): RunningWatch {
  const { target, query, store, present } = options;
  const filter = createFilter(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "");
  const initial = query.get("sendInitialEvents") === "true";
  if (query.has("resourceVersionMatch") && (!options.streamsLists || !initial)) {
    throw new Refusal(
      422,
      "Invalid",
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  const from = query.get("resourceVersion") ?? "";
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const send = (type: string, object: unknown): void => {
    // It takes a moment until a client has seen the end.
    if (!response.writableEnded) response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => {
    if (query.get("allowWatchBookmarks") !== "true") return;
    const metadata = {
      resourceVersion: String(store.version()),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    send("BOOKMARK", { ...present({ apiVersion: "", kind: "", metadata: { name: "" } }), metadata });
  };
  const tell = ({ type, object, before, collection }: StoreEvent): void => {
    if (collection !== collectionOf(target.kind)) return;
    if (target.namespace !== undefined && object.metadata.namespace !== target.namespace) return;
    if (target.name !== undefined && object.metadata.name !== target.name) return;
    const [was, is] = [before !== undefined && filter(before), type !== "DELETED" && filter(object)];
    if (is) send(was ? "MODIFIED" : "ADDED", present(object));
    else if (was) send("DELETED", present(object));
  };

  const past = from === "" || from === "0" ? undefined : store.since(Number(from));
  if (from === "" || from === "0") {
    for (const object of store.list(target.kind, target.namespace)) {
      if (filter(object) && (target.name === undefined || object.metadata.name === target.name))
        send("ADDED", present(object));
    }
    if (initial) bookmark({ "k8s.io/initial-events-end": "true" });
  } else if (past === undefined) {
    send("ERROR", statusOf(new Refusal(410, "Expired", `too old resource version: ${from} (${store.version()})`)));
    response.end();
  } else for (const event of past) tell(event);

  const end = store.listen(tell);
  const seconds = Number(query.get("timeoutSeconds") ?? 1800);
  const timer = setTimeout(() => {
    bookmark();
    response.end();
  }, seconds * 1000);
  response.on("close", () => {
    clearTimeout(timer);
    end();
    options.onEnd();
  });
  return {
    resource: target.kind.resource,
    cut: () => response.destroy(),
    bookmark: () => bookmark(),
    expire: () => {
      send("ERROR", statusOf(new Refusal(410, "Expired", "The resourceVersion for the provided watch is too old.")));
      response.end();
    },
  };
}
