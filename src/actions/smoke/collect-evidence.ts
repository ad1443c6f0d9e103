import { harmless } from "../../kit/harmless.ts";
import type { CheckResult, StepResult } from "../../smoke/result.ts";
import type { Collector } from "../../smoke/spec/document.ts";
import { gatherScene, type SceneWish } from "./evidence-scene.ts";
import { type LogWish, listLogWishes, readPodLog } from "./pod-log.ts";
import type { Session } from "./session.ts";
import { tellEvents, tellStates } from "./tell-scene.ts";

type Evidence = StepResult["evidence"];

const MOST_LOGS = 12;
const LONGEST = 65_536;
const LINES = 50;
/** Whoever waits for the end of a job that has failed does not wait for its evidence. */
const LIMIT_MS = 15_000;

/**
 * Reads what explains a failure: what `catch` asks for, or the states, events and logs of what the failed checks looked
 * at. Without any secret and not endless; what cannot be read is told in its place.
 */
export async function collectEvidence(
  collectors: readonly Collector[] | undefined,
  failed: readonly CheckResult[],
  session: Session,
): Promise<Evidence> {
  const { world, lasting } = session;
  // After a cancel the few seconds belong to `finally`.
  if (world.cancelled.aborted || world.lastingCluster === undefined) return [];
  const found: { title: string; text: string }[] = [];
  const keep = (title: string, text: string): void => {
    if (text !== "") found.push({ title: harmless(world.redact(title)), text: cut(harmless(world.redact(text))) });
  };
  const wishes = collectors === undefined ? [listInvolved(failed)] : collectors.map((each) => readCollector(each));
  const work = Promise.all(wishes.map((wish) => collect(wish, session, keep)));
  const done = new AbortController();
  const limit = world.sleep(LIMIT_MS, AbortSignal.any([lasting, done.signal]));
  await Promise.race([work, limit]).finally(() => done.abort());
  return [...found];
}

interface Wish extends SceneWish {
  readonly tell: { readonly states: boolean; readonly events: boolean; readonly lines: number };
  readonly container: string | undefined;
}

function listInvolved(failed: readonly CheckResult[]): Wish {
  const refs = failed.flatMap(({ involved }) => involved);
  const tell = { states: true, events: true, lines: LINES };
  return { refs, pods: undefined, everything: undefined, tell, container: undefined };
}

function readCollector({ podLogs, events, describe }: Collector): Wish {
  const none = { refs: [], pods: undefined, everything: undefined, container: undefined };
  if (describe !== undefined) return { ...none, refs: [describe], tell: { states: true, events: false, lines: 0 } };
  if (events !== undefined) {
    return { ...none, everything: { namespace: events.namespace }, tell: { states: false, events: true, lines: 0 } };
  }
  const lines = podLogs?.tail ?? LINES;
  return { ...none, pods: podLogs, container: podLogs?.container, tell: { states: false, events: false, lines } };
}

async function collect(wish: Wish, session: Session, keep: (title: string, text: string) => void): Promise<void> {
  const { tell, container } = wish;
  const scene = await gatherScene(wish, session);
  if (tell.states) keep("state", [...tellStates(scene), ...scene.unread].join("\n\n"));
  else if (scene.unread.length > 0) keep("not read", scene.unread.join("\n"));
  if (tell.events) keep("events", tellEvents(scene, session.startedAt));
  const logs: readonly LogWish[] = tell.lines > 0 ? listLogWishes(scene.pods, container) : [];
  const texts = await Promise.all(logs.slice(0, MOST_LOGS).map((log) => readPodLog(log, tell.lines, session)));
  for (const [index, { pod, container: name, previous }] of logs.slice(0, MOST_LOGS).entries()) {
    keep(`log of ${pod.name}/${name}${previous ? " (the run before)" : ""}`, texts[index] ?? "");
  }
}

/** The end of a text tells most. What was cut away is said. */
function cut(text: string): string {
  return text.length <= LONGEST
    ? text
    : `…\n${text
        .slice(-LONGEST)
        .toWellFormed()
        .replace(/^[^\n]*\n/, "")}`;
}
