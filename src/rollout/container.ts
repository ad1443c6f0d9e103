import { scrub } from "./one-line.ts";
import { type Probe, readProbe } from "./probe.ts";
import { countOf, fieldOf, listOf, textOf, timeOf } from "./read-field.ts";

/** A container of a pod: what was asked for, and what became of it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  /** A sidecar is an init container that goes on beside the others. */
  readonly role: "main" | "init" | "sidecar";
  /** Among the init containers, from 1; of the main ones, among those. */
  readonly place: number;
  readonly of: number;
  readonly ready: boolean;
  /** Whether its startup probe has passed; false while it has not. */
  readonly started: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  /** How its run before this one ended. */
  readonly last: Ended | undefined;
  readonly readiness: Probe | undefined;
  readonly liveness: Probe | undefined;
  readonly startup: Probe | undefined;
  /** Such as `64Mi`; empty without a limit. */
  readonly memoryLimit: string;
  readonly requests: string;
  readonly limits: string;
}

export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message: string }
  | { readonly kind: "running"; readonly startedAt: number | undefined }
  | ({ readonly kind: "ended" } & Ended)
  /** The kubelet has not told of it yet. */
  | { readonly kind: "unknown" };

/** A run of a container that is over. */
export interface Ended {
  readonly exitCode: number;
  readonly reason: string;
  /** May hold the end of its log. */
  readonly message: string;
  readonly finishedAt: number | undefined;
}

/** The containers of a pod in the order in which they start. */
export function listContainers(pod: unknown): readonly Container[] {
  return [
    ...readList(pod, "initContainers", "initContainerStatuses"),
    ...readList(pod, "containers", "containerStatuses"),
  ];
}

function readList(pod: unknown, specs: string, statuses: string): readonly Container[] {
  const told = new Map(listOf(pod, "status", statuses).map((status) => [textOf(status, "name"), status]));
  const all = listOf(pod, "spec", specs);
  return all.map((spec, index) => {
    const name = textOf(spec, "name");
    const status = told.get(name);
    const init = specs === "initContainers";
    const role = !init ? "main" : textOf(spec, "restartPolicy") === "Always" ? "sidecar" : "init";
    const last = fieldOf(status, "lastState", "terminated");
    return {
      name,
      image: textOf(spec, "image") || textOf(status, "image"),
      role,
      place: index + 1,
      of: all.length,
      ready: fieldOf(status, "ready") === true,
      started: fieldOf(status, "started") === true,
      restarts: countOf(status, "restartCount") ?? 0,
      state: readState(fieldOf(status, "state")),
      last: last === undefined ? undefined : readEnded(last),
      readiness: readProbe(fieldOf(spec, "readinessProbe")),
      liveness: readProbe(fieldOf(spec, "livenessProbe")),
      startup: readProbe(fieldOf(spec, "startupProbe")),
      memoryLimit: textOf(spec, "resources", "limits", "memory"),
      requests: describeAmounts(fieldOf(spec, "resources", "requests")),
      limits: describeAmounts(fieldOf(spec, "resources", "limits")),
    };
  });
}

function readState(state: unknown): ContainerState {
  const running = fieldOf(state, "running");
  if (running !== undefined) return { kind: "running", startedAt: timeOf(running, "startedAt") };
  const ended = fieldOf(state, "terminated");
  if (ended !== undefined) return { kind: "ended", ...readEnded(ended) };
  const waiting = fieldOf(state, "waiting");
  if (waiting === undefined) return { kind: "unknown" };
  return { kind: "waiting", reason: textOf(waiting, "reason"), message: scrub(textOf(waiting, "message")) };
}

function readEnded(ended: unknown): Ended {
  return {
    exitCode: countOf(ended, "exitCode") ?? 0,
    reason: textOf(ended, "reason"),
    message: scrub(textOf(ended, "message")),
    finishedAt: timeOf(ended, "finishedAt"),
  };
}

function describeAmounts(amounts: unknown): string {
  if (typeof amounts !== "object" || amounts === null) return "";
  return Object.entries(amounts)
    .map(([name, amount]) => `${name} ${String(amount)}`)
    .sort()
    .join(", ");
}
