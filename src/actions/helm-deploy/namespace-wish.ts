import { isTree, type Tree } from "../../helm/value-tree.ts";
import { ENVIRONMENT, REPOSITORY_ID } from "../../preview/environment.ts";
import { parseExpiry } from "../../ttl/expiry.ts";
import { EXPIRY, MARK } from "../../ttl/tags.ts";
import type { Inputs } from "./request.ts";

/** How a namespace is to be. */
export interface NamespaceWish {
  readonly labels: Readonly<Record<string, string>>;
  /** With it the namespace is an environment, which ends. */
  readonly lifetime: { readonly environment: string; readonly expiresAt: Date } | undefined;
  /** `spec.hard` of a ResourceQuota; undefined where none is asked for. */
  readonly quota: Readonly<Record<string, string>> | undefined;
  /** `spec.limits` of a LimitRange; undefined where none is asked for. */
  readonly limits: readonly Tree[] | undefined;
}

/** A namespace of which nothing is asked. */
export const PLAIN: NamespaceWish = { labels: {}, lifetime: undefined, quota: undefined, limits: undefined };

const OURS: ReadonlySet<string> = new Set([MARK, EXPIRY, ENVIRONMENT, REPOSITORY_ID]);
/** Of a LimitRange. https://kubernetes.io/docs/concepts/policy/limit-range/ */
const TYPES: ReadonlySet<string> = new Set(["Container", "Pod", "PersistentVolumeClaim"]);

/** What is asked of the namespace. Tells `problems` of all that makes no sense. */
export function readNamespaceWish(
  inputs: Pick<Inputs, "namespaceLabels" | "environment" | "expiresAt" | "namespaceQuota" | "namespaceLimits">,
  problems: string[],
): NamespaceWish {
  const { namespaceLabels: labels, environment, expiresAt } = inputs;
  const lifetime = readLifetime(environment, expiresAt, problems);
  const odd = lifetime === undefined ? [] : Object.keys(labels).filter((name) => OURS.has(name));
  for (const name of odd) problems.push(`namespace-labels: ${name} is written by environment and expires-at`);
  return {
    labels,
    lifetime,
    quota: readQuota(inputs.namespaceQuota, problems),
    limits: readLimits(inputs.namespaceLimits, problems),
  };
}

function readLifetime(environment: string | undefined, text: string | undefined, problems: string[]) {
  // An environment without an end leaves its namespaces as they are.
  if (text === undefined) return undefined;
  if (environment === undefined) {
    problems.push("environment: expected the environment that the namespace is, beside expires-at, got nothing");
  }
  const read = parseExpiry(text);
  if ("problem" in read) {
    problems.push(`expires-at: expected a time such as 2026-11-22T18:00:00Z, got ${text}: ${read.problem}`);
    return undefined;
  }
  return environment === undefined ? undefined : { environment, expiresAt: read.at };
}

function readQuota(given: Tree, problems: string[]): NamespaceWish["quota"] {
  const entries = Object.entries(given);
  for (const [name] of entries.filter(([, value]) => !isQuantity(value))) {
    problems.push(`namespace-quota: expected a quantity such as 2, 500m or 4Gi at ${name}`);
  }
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.flatMap(([name, value]) => (isQuantity(value) ? [[name, `${value}`]] : [])));
}

function readLimits(given: Tree, problems: string[]): NamespaceWish["limits"] {
  const entries = Object.entries(given);
  for (const [type, item] of entries) {
    if (!TYPES.has(type)) {
      problems.push(`namespace-limits: expected ${[...TYPES].join(", ")} as keys, got ${type}`);
      continue;
    }
    const parts = isTree(item) ? Object.entries(item) : [];
    const whole = parts.length > 0 && parts.every(([, part]) => isTree(part) && Object.values(part).every(isQuantity));
    if (whole) continue;
    problems.push(
      `namespace-limits: expected mappings of quantities at ${type}, such as {default: {memory: 256Mi}, max: {cpu: "1"}}`,
    );
  }
  if (entries.length === 0) return undefined;
  return entries.map(([type, item]) => ({ type, ...(item as Tree) }));
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function isQuantity(value: unknown): value is string | number {
  return /^\d+(?:\.\d+)?(?:[eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(
    typeof value === "number" || typeof value === "string" ? String(value) : "",
  );
}
