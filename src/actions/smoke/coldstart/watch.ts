import { UserError } from "../../../kit/user-error.ts";
import type { ObjectKind } from "../../../kubernetes/kube-object.ts";
import { textOf } from "../../../rollout/read-field.ts";
import { EVENT, type ScalerRef } from "../keda/scaler.ts";
import type { Held, Scope, SeenChange } from "../scope.ts";
import type { Changes } from "./hear.ts";

export const POD: ObjectKind = { apiVersion: "v1", kind: "Pod" };
const JOB: ObjectKind = { apiVersion: "batch/v1", kind: "Job" };

/** What KEDA scales: all Jobs, or one object. */
export interface Target extends ObjectKind {
  readonly name: string | undefined;
}

interface Watching extends Held {
  readonly target: Target;
  /** Milliseconds since the smoke test began. */
  readonly sinceMs: number;
}

/** Begins to watch what a cold start goes through. Only what begins before the message can hear all that follows it. */
export async function beginWatching(ref: ScalerRef, scope: Scope): Promise<void> {
  const target = await findTarget(ref, scope);
  await readChanges(ref, target, scope);
  const watching: Watching = { target, sinceMs: scope.elapsed(), end: async () => {} };
  scope.memory.held.set(keyOf(ref), watching);
}

/**
 * What was heard since then.
 *
 * @throws UserError `smoke-cold-start-unwatched` when that was not before the message
 */
export async function hearChanges(ref: ScalerRef, publishedAtMs: number, scope: Scope): Promise<Changes> {
  const watching = scope.memory.held.get(keyOf(ref));
  const target = await findTarget(ref, scope);
  if (isWatching(watching) && watching.sinceMs <= publishedAtMs && isSame(watching.target, target)) {
    return readChanges(ref, target, scope);
  }
  throw new UserError(
    "smoke-cold-start-unwatched",
    `What followed the message was not watched from the beginning: ${ref.kind} ${ref.name}, its ${target.kind}, pods or their kinds were not there, or could not be watched, when the smoke test began.\nTo do: deploy KEDA and ${ref.name} before the smoke test begins, and allow its identity to list and watch them.`,
  );
}

async function findTarget({ namespace, name, ...kind }: ScalerRef, scope: Scope): Promise<Target> {
  if (kind.kind === "ScaledJob") return { ...JOB, name: undefined };
  const scaler = (await scope.watches.list(kind, namespace)).find(({ metadata }) => metadata.name === name);
  return {
    apiVersion: textOf(scaler, "spec", "scaleTargetRef", "apiVersion") || "apps/v1",
    kind: textOf(scaler, "spec", "scaleTargetRef", "kind") || "Deployment",
    name: textOf(scaler, "spec", "scaleTargetRef", "name"),
  };
}

async function readChanges({ namespace, name, ...kind }: ScalerRef, target: Target, scope: Scope): Promise<Changes> {
  const { watches } = scope;
  const [scalers, makers, pods, events] = await Promise.all([
    watches.changes(kind, namespace),
    watches.changes(target, namespace),
    watches.changes(POD, namespace),
    watches.changes(EVENT, namespace).catch((error) => {
      // They only tell when images were there.
      if (scope.world.readRefusal(error) === undefined) throw error;
      return [];
    }),
  ]);
  return {
    scaler: named(scalers, name),
    makers: target.name === undefined ? makers : named(makers, target.name),
    pods,
    events,
  };
}

function named(changes: readonly SeenChange[], name: string): readonly SeenChange[] {
  return changes.filter(({ object }) => object.metadata.name === name);
}

function keyOf({ kind, namespace, name }: ScalerRef): string {
  return `cold start of ${kind} ${namespace}/${name}`;
}

function isWatching(held: Held | undefined): held is Watching {
  return held !== undefined && "sinceMs" in held;
}

function isSame(one: Target, other: Target): boolean {
  return one.apiVersion === other.apiVersion && one.kind === other.kind && one.name === other.name;
}
