/** An error of ARM's as it stands in an answer's body; `message` may hold the error of a resource provider as JSON. */
export interface ArmFault {
  readonly code: string;
  readonly message: string;
  readonly target?: string | undefined;
  readonly details?: readonly ArmFault[] | undefined;
}

/** One thing that stands in the way of a delete. */
export interface Blocker {
  /** The id of the resource, or undefined where ARM does not name one. */
  readonly resource: string | undefined;
  readonly code: string;
  readonly message: string;
}

const DEEPEST = 6;

/**
 * Every culprit in an error of ARM's, one by one.
 *
 * ARM nests: an outer `ResourceGroupDeletionBlocked` has `details`, each with a `target` and a `message` that is itself
 * JSON text of the provider's error (Azure/bicep-registry-modules#1607). The outer error is a blocker only when it
 * names nothing inside.
 */
export function listBlockers(fault: ArmFault): readonly Blocker[] {
  return unique(descend(fault, undefined, 0));
}

function descend(fault: ArmFault, target: string | undefined, depth: number): readonly Blocker[] {
  const resource = fault.target?.startsWith("/") ? fault.target : target;
  const nested = depth < DEEPEST ? [...(fault.details ?? []), ...parseNested(fault.message)] : [];
  if (nested.length > 0) return nested.flatMap((inner) => descend(inner, resource, depth + 1));
  return [{ resource: resource ?? findScope(fault.message), code: fault.code, message: fault.message }];
}

function parseNested(message: string): readonly ArmFault[] {
  if (!message.trimStart().startsWith("{")) return [];
  try {
    return [readFault(JSON.parse(message))].filter((fault) => fault !== undefined);
  } catch {
    return [];
  }
}

/** An error from a parsed body, in ARM's envelope or bare; undefined when there is none in it. */
export function readFault(body: unknown): ArmFault | undefined {
  if (body === null || typeof body !== "object") return undefined;
  const { error } = body as { readonly error?: unknown };
  const source = error !== null && typeof error === "object" ? error : body;
  const { code, message, target, details } = source as { readonly [name: string]: unknown };
  if (typeof code !== "string" && typeof message !== "string") return undefined;
  const inner = Array.isArray(details) ? details.map(readFault).filter((fault) => fault !== undefined) : [];
  return {
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" ? message : "",
    ...(typeof target === "string" ? { target } : {}),
    ...(inner.length === 0 ? {} : { details: inner }),
  };
}

/** `ScopeLocked` names the locked thing only in its sentence. */
function findScope(message: string): string | undefined {
  return /scope\(s\) are locked: '([^']+)'/.exec(message)?.[1];
}

function unique(blockers: readonly Blocker[]): readonly Blocker[] {
  const seen = new Map(blockers.map((blocker) => [`${blocker.resource} ${blocker.code} ${blocker.message}`, blocker]));
  return [...seen.values()];
}
