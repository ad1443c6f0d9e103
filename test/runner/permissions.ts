import { asMap } from "./yaml-step.ts";

/** What a job may do: name to `read`, `write` or `none`. */
export type Permissions = Readonly<Record<string, string>>;

const names =
  "actions artifact-metadata attestations checks contents deployments discussions id-token issues models packages pages pull-requests security-events statuses".split(
    " ",
  );
const rank: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2 };

/** A `permissions:` value of a workflow file; undefined when there is none. A named key takes all others away. */
export function parsePermissions(value: unknown, what: string): Permissions | undefined {
  if (value === undefined) return undefined;
  if (value === "read-all" || value === "write-all") {
    const level = value === "read-all" ? "read" : "write";
    return Object.fromEntries(names.map((name) => [name, name === "id-token" && level === "read" ? "none" : level]));
  }
  return Object.fromEntries(Object.entries(asMap(value, what)).map(([name, level]) => [name, String(level)]));
}

/** Throws as GitHub refuses to start a called workflow that asks for more than its caller has. */
export function refuseEscalation(asked: Permissions, granted: Permissions): void {
  const excess = Object.entries(asked).filter(
    ([name, level]) => (rank[level] ?? 0) > (rank[granted[name] ?? "none"] ?? 0),
  );
  if (excess.length === 0) return;
  const list = excess.map(([name, level]) => `'${name}: ${level}'`).join(", ");
  throw new Error(`The nested job is requesting ${list}, but the caller does not allow it.`);
}
