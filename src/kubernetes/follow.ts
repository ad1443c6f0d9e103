import { type Asking, open, type Question } from "./ask.ts";
import type { Change, ListQuery, ServedKind, Watcher } from "./cluster.ts";
import { createKnownObjects } from "./known-objects.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { listObjects, selectors } from "./list-objects.ts";
import { collectionPath } from "./object-path.ts";
import { readWatchEvents } from "./watch-events.ts";

/** Where watching is forbidden. */
const LIST_EVERY_MS = 2_000;
/** The server ends a watch after this time; one that is silent although it should have ended is a dead connection. */
const WATCH_SECONDS = 40;
const WATCH_LIMIT_MS = 55_000;
const LONGEST_PAUSE_MS = 5_000;
/** A whole deployment hangs on it: it outlasts a control plane that is being upgraded for half a minute. */
const POLICY = { tries: 8, firstWaitMs: 500, longestWaitMs: 15_000 };

/** How what is there at first is told: by the watch itself, by a list before it, or by a list every other second. */
type Mode = "stream" | "list-and-watch" | "list";

/** What ended a watch. */
type End = "over" | "history-gone";

/**
 * Tells of what is there and of each change, until `watcher.until` aborts. What happened while no connection stood is
 * told afterwards as far as it still shows: an object that came and went in a gap never was.
 *
 * @throws KubeRefusal when not even listing is allowed
 * @throws UserError `cluster-unreachable` after about half a minute without an answer
 */
export async function follow(asking: Asking, kind: ServedKind, query: ListQuery, watcher: Watcher): Promise<void> {
  const { until } = watcher;
  const known = createKnownObjects();
  let mode: Mode = kind.verbs.includes("watch") ? "stream" : "list";
  let synced = false;
  /** Undefined: all has to be seen again. */
  let since: string | undefined;

  let standing = false;
  const stand = (now: boolean): void => {
    if (standing === now || until.aborted) return;
    standing = now;
    watcher.onStanding?.(now);
  };

  const tell = (changes: readonly Change[]): void => {
    for (const change of changes) if (!until.aborted) watcher.onChange(change);
  };
  const endReplay = (resourceVersion: string): void => {
    tell(known.endReplay());
    since = resourceVersion;
    stand(true);
    if (synced || until.aborted) return;
    synced = true;
    watcher.onSynced?.();
  };
  const list = async (): Promise<void> => {
    const { items, resourceVersion } = await listObjects(asking, kind, query, { until, policy: POLICY });
    known.beginReplay();
    for (const item of items) tell(known.see(item));
    endReplay(resourceVersion);
  };
  const watch = async (): Promise<End> => {
    const replaying = since === undefined;
    if (replaying) known.beginReplay();
    const question = watchQuestion(kind, query, since, until);
    const response = await open(asking, question);
    if (!replaying) stand(true);
    for await (const event of readWatchEvents(response, kind)) {
      if (event.type === "error") return event.status === 410 ? "history-gone" : "over";
      if (event.type === "seen") tell(known.see(event.object));
      if (event.type === "lost") tell(known.lose(event.object));
      if (event.type === "bookmark" && event.initial) endReplay(event.resourceVersion);
      // Before that the versions are those of single objects, in no order.
      else if (since !== undefined) since = event.resourceVersion;
    }
    return "over";
  };

  let pauseMs = 0;
  while (!until.aborted) {
    const begun = asking.now().getTime();
    try {
      if (mode === "list" || (mode === "list-and-watch" && since === undefined)) await list();
      if (mode !== "list" && (await watch()) === "history-gone") since = undefined;
    } catch (error) {
      if (until.aborted) return;
      stand(false);
      const next = decideNext(error, mode);
      if (next === undefined) throw error;
      if (next !== mode || next === "list-and-watch") since = undefined;
      const another = next !== mode;
      mode = next;
      if (another) continue;
    }
    if (mode !== "list") stand(false);
    // A server that ends each watch at once must not be asked without a pause.
    const quick = asking.now().getTime() - begun < 1_000;
    pauseMs = quick ? Math.min(Math.max(200, pauseMs * 2), LONGEST_PAUSE_MS) : 0;
    await pause(asking, mode === "list" ? LIST_EVERY_MS : pauseMs, until);
  }
}

/** How to go on after a fault; undefined where there is no way on. */
function decideNext(error: unknown, mode: Mode): Mode | undefined {
  if (!(error instanceof KubeRefusal)) return isCut(error) ? mode : undefined;
  if (mode === "list") return undefined;
  if (error.status === 410) return mode;
  if (error.status === 403 || error.status === 405) return "list";
  // A server that does not know how to send what is there at first.
  return mode === "stream" && (error.status === 400 || error.status === 422) ? "list-and-watch" : undefined;
}

/** A connection that broke under a watch that had begun. */
function isCut(error: unknown): boolean {
  return error instanceof Error && error.name !== "UserError" && ("code" in error || error.name === "AbortError");
}

function watchQuestion(kind: ServedKind, query: ListQuery, since: string | undefined, until: AbortSignal): Question {
  const initial = { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" };
  return {
    method: "GET",
    path: collectionPath(kind, query.namespace),
    query: {
      ...selectors(query),
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: WATCH_SECONDS,
      ...(since === undefined ? initial : { resourceVersion: since }),
    },
    looks: true,
    until,
    limitMs: WATCH_LIMIT_MS,
    policy: POLICY,
  };
}

async function pause(asking: Asking, milliseconds: number, until: AbortSignal): Promise<void> {
  if (milliseconds === 0 || until.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      until.removeEventListener("abort", done);
      resolve();
    };
    until.addEventListener("abort", done, { once: true });
    void asking.sleep(milliseconds).then(done);
  });
}
