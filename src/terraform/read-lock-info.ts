import { readTextDiagnostics } from "./diagnostics/read-text-diagnostics.ts";
import type { LockInfo } from "./lock-info.ts";
import type { Diagnostic } from "./stream-event.ts";

/**
 * Who holds the state's lock, as far as the backend tells; undefined when no lock stood in the way, or nothing is known
 * of its holder.
 *
 * azurerm, local, s3, gcs, consul and kubernetes print the holder's info. http and pg print the requester's own, which
 * must not pass for the holder's: http names the holder's id in its error message, pg nothing at all.
 */
export function readLockInfo(diagnostics: readonly Diagnostic[]): LockInfo | undefined {
  for (const { severity, summary, detail } of diagnostics) {
    if (severity !== "error" || !/Error (?:acquiring|locking)(?: the)? state(?: lock)?/.test(summary)) continue;
    const found = readDetail(detail);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same of what terraform prints for people. */
export function readLockInfoText(text: string): LockInfo | undefined {
  return readLockInfo(readTextDiagnostics(text));
}

const NOBODY: Omit<LockInfo, "id"> = { path: "", operation: "", who: "", version: "", created: undefined };

function readDetail(detail: string): LockInfo | undefined {
  const [message = "", block = ""] = detail.split(/^\s*Lock Info:\s*$/m);
  const named = /already locked:?\s+ID=(\S+)/.exec(message)?.[1];
  const info = readBlock(block);
  if (named !== undefined) return info?.id === named ? info : { ...NOBODY, id: named };
  if (/Workspace is already locked|locked for workspace creation/i.test(message)) return undefined;
  return info;
}

function readBlock(block: string): LockInfo | undefined {
  const value = (name: string): string => new RegExp(`^ *${name}:[ \\t]*(.*?)[ \\t]*$`, "m").exec(block)?.[1] ?? "";
  const id = value("ID");
  if (id === "") return undefined;
  return {
    id,
    path: value("Path"),
    operation: value("Operation"),
    who: value("Who"),
    version: value("Version"),
    created: readDate(value("Created")),
  };
}

/** Go's own form: `2026-11-21 19:38:27.751568016 +0000 UTC`; terraform writes it in UTC. */
function readDate(text: string): Date | undefined {
  const [, day, time, fraction = ""] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?: \+0000 UTC|Z)$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const at = new Date(`${day}T${time}${fraction.slice(0, 4)}Z`);
  // Go's zero time stands for "nobody has said".
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 2000 ? undefined : at;
}

/**
 * Reads terraform's note of a lock as azurerm keeps it in the blob's metadata `terraformlockid`. Undefined for anything
 * else, an empty text among it: that is what an interrupted unlock leaves.
 */
export function readLockMetadata(base64: string): LockInfo | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    if (typeof value !== "object" || value === null) return undefined;
    const fields = value as Readonly<Record<string, unknown>>;
    const text = (name: string): string => (typeof fields[name] === "string" ? fields[name] : "");
    if (text("ID") === "") return undefined;
    return {
      id: text("ID"),
      path: text("Path"),
      operation: text("Operation"),
      who: text("Who"),
      version: text("Version"),
      created: readDate(text("Created")),
    };
  } catch {
    return undefined;
  }
}
