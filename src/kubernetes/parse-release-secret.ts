import { gunzipSync } from "node:zlib";
import type { ReleaseHook, ReleaseRecord, ReleaseStatus } from "../helm/release-record.ts";
import { codeOf } from "./connection-error.ts";
import type { KubeObject } from "./kube-object.ts";

/** A Secret holds 1 MiB; what grows beyond this was made to. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Labels that helm itself puts there: `StorageDriver.SystemLabels`. */
const SYSTEM_LABELS: ReadonlySet<string> = new Set(["name", "owner", "status", "version", "createdAt", "modifiedAt"]);

const STATUSES: Readonly<Record<ReleaseStatus, true>> = {
  unknown: true,
  deployed: true,
  superseded: true,
  failed: true,
  uninstalled: true,
  uninstalling: true,
  "pending-install": true,
  "pending-upgrade": true,
  "pending-rollback": true,
};

type Fields = Readonly<Record<string, unknown>>;

/** The revision in a Secret of helm's (`data.release`: Base64 of Base64 of gzip of JSON), or why there is none. */
export function parseReleaseSecret(secret: KubeObject): ReleaseRecord | string {
  const data = fieldsOf(secret["data"])["release"];
  if (typeof data !== "string" || data === "") return "it has no data.release";
  let release: unknown;
  try {
    const bytes = Buffer.from(Buffer.from(data, "base64").toString("latin1"), "base64");
    // Very old releases are not compressed; helm looks at the first bytes, too.
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    release = JSON.parse((zipped ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes).toString("utf8"));
  } catch (error) {
    // The fault's own text may quote what is secret.
    return codeOf(error) === "ERR_BUFFER_TOO_LARGE"
      ? "data.release is larger than 32 MiB"
      : "data.release is not what helm writes";
  }
  return readRecord(fieldsOf(release), secret);
}

function readRecord(release: Fields, { metadata }: KubeObject): ReleaseRecord | string {
  const { name, namespace, version } = release;
  if (typeof name !== "string" || !Number.isSafeInteger(version)) return "data.release has no name or no version";
  const info = fieldsOf(release["info"]);
  const chart = fieldsOf(fieldsOf(release["chart"])["metadata"]);
  const status = textOf(info["status"]);
  const deployedAt = textOf(info["last_deployed"]);
  return {
    name,
    namespace: textOf(namespace) || (metadata.namespace ?? ""),
    revision: Number(version),
    status: isStatus(status) ? status : "unknown",
    description: textOf(info["description"]),
    deployedAt: Number.isNaN(Date.parse(deployedAt)) ? "" : deployedAt,
    // They are on the Secret only.
    labels: Object.fromEntries(Object.entries(metadata.labels ?? {}).filter(([label]) => !SYSTEM_LABELS.has(label))),
    chart: {
      name: textOf(chart["name"]),
      version: textOf(chart["version"]),
      appVersion: textOf(chart["appVersion"]),
    },
    manifest: textOf(release["manifest"]),
    hooks: listOf(release["hooks"]).map(readHook),
    values: fieldsOf(release["config"]),
    applyMethod: release["apply_method"] === "ssa" ? "ssa" : "csa",
  };
}

function readHook(hook: Fields): ReleaseHook {
  const { started_at: startedAt, phase } = fieldsOf(hook["last_run"]);
  const [name, kind] = [textOf(hook["name"]), textOf(hook["kind"])];
  return {
    path: textOf(hook["path"]),
    manifest: textOf(hook["manifest"]),
    events: (Array.isArray(hook["events"]) ? hook["events"] : []).filter((event) => typeof event === "string"),
    ...(name === "" ? {} : { name }),
    ...(kind === "" ? {} : { kind }),
    // Of one that never ran helm writes an empty time, or Go's zero.
    ...(textOf(startedAt) === "" || textOf(startedAt).startsWith("0001-")
      ? {}
      : { lastRun: { startedAt: textOf(startedAt), phase: textOf(phase) } }),
  };
}

function isStatus(text: string): text is ReleaseStatus {
  return Object.hasOwn(STATUSES, text);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): readonly Fields[] {
  return (Array.isArray(value) ? value : []).map(fieldsOf);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
