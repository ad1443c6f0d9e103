/** `Queued`, `Started` and `Running` are still to come to an end. */
export type RunStatus = "Queued" | "Started" | "Running" | "Succeeded" | "Failed" | "Canceled" | "Error" | "Timeout";

/** A run of ACR Tasks. */
export interface TaskRun {
  /** `ca8`. */
  readonly id: string;
  /** A status that nobody knows counts as `Running`. */
  readonly status: RunStatus;
  /** Why it failed, in the service's words. */
  readonly error: string | undefined;
  readonly createdAt: Date | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** What it pushed; known when it has ended. */
  readonly images: readonly TaskImage[];
}

export interface TaskImage {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string;
}

const STATUSES: Readonly<Record<RunStatus, boolean>> = {
  Queued: false,
  Started: false,
  Running: false,
  Succeeded: true,
  Failed: true,
  Canceled: true,
  Error: true,
  Timeout: true,
};

/** Whether nothing can happen to a run any more. */
export function isOver(status: RunStatus): boolean {
  return STATUSES[status];
}

/** The run in a document of ARM's. @throws Error for one without an id */
export function readRun(document: unknown): TaskRun {
  const { name, properties } = asRecord(document);
  const run = asRecord(properties);
  const id = asText(run["runId"]) ?? asText(name);
  if (id === undefined) throw new Error("ARM describes a run without an id");
  const images = Array.isArray(run["outputImages"]) ? run["outputImages"] : [];
  return {
    id,
    status: readStatus(run["status"]),
    error: asText(run["runErrorMessage"]),
    createdAt: asDate(run["createTime"]),
    startedAt: asDate(run["startTime"]),
    finishedAt: asDate(run["finishTime"]),
    images: images.flatMap((image: unknown) => readImage(asRecord(image)) ?? []),
  };
}

function readStatus(value: unknown): RunStatus {
  const known = Object.keys(STATUSES) as RunStatus[];
  const text = asText(value)?.toLowerCase();
  return known.find((status) => status.toLowerCase() === text) ?? "Running";
}

function readImage(image: Readonly<Record<string, unknown>>): TaskImage | undefined {
  const [registry, repository, digest] = ["registry", "repository", "digest"].map((name) => asText(image[name]));
  if (registry === undefined || repository === undefined || digest === undefined) return undefined;
  return { registry, repository, tag: asText(image["tag"]), digest };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function asDate(value: unknown): Date | undefined {
  const at = Date.parse(asText(value) ?? "");
  return Number.isNaN(at) ? undefined : new Date(at);
}
