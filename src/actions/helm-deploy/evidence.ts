import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { Cause, LogRef } from "../../rollout/cause.ts";
import { describeObject } from "../../rollout/describe-object.ts";
import { listEvents } from "../../rollout/list-events.ts";
import type { Snapshot } from "../../rollout/snapshot.ts";
import type { Session } from "./session.ts";
import type { Evidence } from "./story.ts";

const LINES = 200;
const BYTES = 262_144;
const MOST_LOGS = 12;

/**
 * Keeps what tells of a rollout before anything is rolled back: states, events, and the logs of what failed, without any
 * secret. What cannot be read is said in its place.
 */
export async function collectEvidence(
  { world }: Pick<Session, "world">,
  release: string,
  snapshot: Snapshot,
  causes: readonly Cause[],
): Promise<Evidence> {
  const logs = listLogs(causes).slice(0, MOST_LOGS);
  const texts = await Promise.all(logs.map((log) => readLog(log, world)));
  const files = [
    { name: "states.txt", text: listStates(snapshot, causes).map(describeObject).join("\n\n") },
    { name: "events.txt", text: listEvents(snapshot).join("\n") },
    ...logs.map((log, index) => ({ name: nameLog(log), text: texts[index] ?? "" })),
  ].map(({ name, text }) => ({ name, text: world.redact(text) }));
  let folder = "";
  for (const { name, text } of files) {
    const path = await world.files.writeReport(`${release}/${name}`, `${text}\n`);
    folder = path.slice(0, -name.length - 1);
  }
  return { folder, files };
}

/** What pods are and are made by. */
const TELLING = /^(?:Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|PersistentVolumeClaim)$/;

/** Where it went wrong comes first; what is on its way out tells nothing. */
function listStates({ objects }: Snapshot, causes: readonly Cause[]): readonly KubeObject[] {
  const guilty = new Set(causes.flatMap(({ where, subject }) => [nameOf(where), nameOf(subject)]));
  const isGuilty = ({ kind, metadata }: KubeObject): boolean => guilty.has(nameOf({ kind, name: metadata.name }));
  const telling = objects.filter(
    (object) =>
      isGuilty(object) ||
      (TELLING.test(object.kind) && object.metadata.deletionTimestamp === undefined && !isIdle(object)),
  );
  return [...telling.filter(isGuilty), ...telling.filter((object) => !isGuilty(object))];
}

/** A ReplicaSet of an older revision. */
function isIdle(object: KubeObject): boolean {
  const { replicas } = (object["spec"] ?? {}) as { readonly replicas?: number };
  return object.kind === "ReplicaSet" && replicas === 0;
}

function nameOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

function listLogs(causes: readonly Cause[]): readonly LogRef[] {
  const seen = new Set<string>();
  return causes
    .flatMap(({ logs }) => logs)
    .filter((log) => {
      const name = nameLog(log);
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
}

/** The file that a container's log is kept in. */
export function nameLog({ pod, container, previous }: LogRef): string {
  return `${pod}.${container}${previous ? ".previous" : ""}.log`;
}

async function readLog({ namespace, pod, container, previous }: LogRef, world: Session["world"]): Promise<string> {
  try {
    const options = { container, previous, tailLines: LINES, limitBytes: BYTES };
    return (await world.lastingCluster.readLog({ namespace, name: pod }, options)) ?? "(there is no such log)";
  } catch (error) {
    return `(the log cannot be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}
