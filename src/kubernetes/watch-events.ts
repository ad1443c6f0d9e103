import type { IncomingMessage } from "node:http";
import { parseJsonObject } from "../kit/json-object.ts";
import { readLines } from "./body.ts";
import type { ServedKind } from "./cluster.ts";
import type { KubeObject } from "./kube-object.ts";

export type WatchEvent =
  | { readonly type: "seen" | "lost"; readonly object: KubeObject; readonly resourceVersion: string }
  /** History is known up to here; `initial` where all that was there at first has come. */
  | { readonly type: "bookmark"; readonly resourceVersion: string; readonly initial: boolean }
  | { readonly type: "error"; readonly status: number; readonly message: string };

const INITIAL_END = "k8s.io/initial-events-end";

/** The events of a watch. A line that is no event (cut off in the middle) ends it: who watches begins again from before. */
export async function* readWatchEvents(response: IncomingMessage, kind: ServedKind): AsyncGenerator<WatchEvent> {
  for await (const line of readLines(response)) {
    const event = readEvent(line, kind);
    if (event === undefined) return;
    yield event;
  }
}

function readEvent(line: string, { apiVersion, kind }: ServedKind): WatchEvent | undefined {
  const { type, object } = parseJsonObject(line);
  if (typeof object !== "object" || object === null) return undefined;
  if (type === "ERROR") {
    const { code, message } = object as { readonly code?: unknown; readonly message?: unknown };
    return { type: "error", status: Number(code ?? 0), message: String(message ?? "") };
  }
  const told = { apiVersion, kind, ...object } as KubeObject;
  const { resourceVersion = "", annotations } = told.metadata ?? {};
  if (type === "BOOKMARK") return { type: "bookmark", resourceVersion, initial: annotations?.[INITIAL_END] === "true" };
  if (type === "ADDED" || type === "MODIFIED") return { type: "seen", object: told, resourceVersion };
  return type === "DELETED" ? { type: "lost", object: told, resourceVersion } : undefined;
}
