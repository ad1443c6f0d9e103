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
  const logs = listLogs(causes, snapshot).slice(0, MOST_LOGS);
  const texts = await Promise.all(logs.map((log) => readLog(log, world)));
  const files = [
    { name: "states.txt", text: snapshot.objects.filter(isOfInterest).map(describeObject).join("\n\n") },
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

function isOfInterest({ kind }: { readonly kind: string }): boolean {
  return kind !== "Event" && kind !== "Secret" && kind !== "ConfigMap";
}

function listLogs(causes: readonly Cause[], _snapshot: Snapshot): readonly LogRef[] {
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

function nameLog({ pod, container, previous }: LogRef): string {
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
