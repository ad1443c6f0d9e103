import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import { type FieldPath, fromFieldsV1, type Json, listFields, overlay, toFieldsV1, without } from "./field-paths.ts";
import { Refusal } from "./status.ts";

interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly paths: readonly FieldPath[];
}

export interface Applier {
  readonly manager: string;
  readonly force: boolean;
  readonly apiVersion: string;
  readonly at: string;
}

/** Server-side apply as far as it shows: owners by field, conflicts, and fields that are no longer applied go. */
export function applyObject(live: KubeObject | undefined, applied: KubeObject, applier: Applier): KubeObject {
  const fields = listFields(applied);
  const managers = readManagers(live);
  const others = managers.filter((each) => !isSame(each, applier));
  const current = live === undefined ? undefined : listFields(live);
  const conflicts = others.flatMap(({ manager, operation, paths }) =>
    paths
      .filter((path) => {
        const wanted = fields.get(JSON.stringify(path));
        const there = current?.get(JSON.stringify(path));
        return wanted !== undefined && there !== undefined && !isDeepStrictEqual(wanted.value, there.value);
      })
      .map((path) => ({
        path,
        by: operation === "Apply" ? `"${manager}"` : `"${manager}" using ${applier.apiVersion}`,
      })),
  );
  if (conflicts.length > 0 && !applier.force) {
    const [first] = conflicts;
    const list =
      conflicts.length === 1
        ? `1 conflict: conflict with ${first?.by}: ${renderPath(first?.path ?? [])}`
        : `${conflicts.length} conflicts: ${conflicts.map(({ by, path }) => `conflict with ${by}:\n- ${renderPath(path)}`).join("\n")}`;
    throw new Refusal(409, "Conflict", `Apply failed with ${list}`);
  }
  const taken = new Set(conflicts.map(({ path }) => JSON.stringify(path)));
  const kept = others.map((each) => ({
    ...each,
    paths: each.paths.filter((path) => !taken.has(JSON.stringify(path))),
  }));
  const owned = new Set(kept.flatMap(({ paths }) => paths.map((path) => JSON.stringify(path))));
  const before = managers.find((each) => isSame(each, applier))?.paths ?? [];
  const dropped = before.filter((path) => !fields.has(JSON.stringify(path)) && !owned.has(JSON.stringify(path)));
  const pruned = dropped.reduce<unknown>((object, path) => without(object, path), live ?? {});
  const { managedFields: _, ...metadata } = applied.metadata as unknown as Json;
  const merged = overlay(pruned, { ...applied, metadata }) as KubeObject;
  const own: Manager = {
    manager: applier.manager,
    operation: "Apply",
    paths: [...fields.values()].map(({ path }) => path),
  };
  return withManagers(merged, [own, ...kept], applier);
}

/** Whoever changes a field owns it from then on. */
export function updateOwners(
  live: KubeObject | undefined,
  next: KubeObject,
  updater: Omit<Applier, "force">,
): KubeObject {
  const before = live === undefined ? new Map<string, { value: unknown }>() : listFields(live);
  const after = listFields(next);
  const changed = [...after].filter(([key, { value }]) => !isDeepStrictEqual(before.get(key)?.value, value));
  const keys = new Set(changed.map(([key]) => key));
  const managers = readManagers(live);
  const mine = managers.find(({ manager, operation }) => manager === updater.manager && operation === "Update");
  const left = (paths: readonly FieldPath[]): readonly FieldPath[] =>
    paths.filter((path) => after.has(JSON.stringify(path)) && !keys.has(JSON.stringify(path)));
  const others = managers.filter((each) => each !== mine).map((each) => ({ ...each, paths: left(each.paths) }));
  const own: Manager = {
    manager: updater.manager,
    operation: "Update",
    paths: [...left(mine?.paths ?? []), ...changed.map(([, { path }]) => path)],
  };
  return withManagers(next, [...others, own], updater);
}

function isSame({ manager, operation }: Manager, applier: Pick<Applier, "manager">): boolean {
  return manager === applier.manager && operation === "Apply";
}

function readManagers(object: KubeObject | undefined): readonly Manager[] {
  const list = ((object?.metadata as Json | undefined)?.["managedFields"] ?? []) as readonly Json[];
  return list.map((entry) => ({
    manager: String(entry["manager"]),
    operation: entry["operation"] === "Apply" ? "Apply" : "Update",
    paths: fromFieldsV1((entry["fieldsV1"] ?? {}) as Json),
  }));
}

function withManagers(
  object: KubeObject,
  managers: readonly Manager[],
  { apiVersion, at }: Omit<Applier, "force">,
): KubeObject {
  const managedFields = managers
    .filter(({ paths }) => paths.length > 0)
    .map(({ manager, operation, paths }) => ({
      manager,
      operation,
      apiVersion,
      time: at,
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(paths),
    }));
  return { ...object, metadata: { ...object.metadata, managedFields } as KubeObject["metadata"] };
}

/** `.spec.template.spec.containers[name="app"].image` */
function renderPath(path: FieldPath): string {
  return path
    .map((segment) => {
      if (segment.startsWith("f:")) return `.${segment.slice(2)}`;
      const [key, value] = Object.entries(JSON.parse(segment.slice(2)) as Json)[0] ?? [];
      return `[${key}=${JSON.stringify(value)}]`;
    })
    .join("");
}
