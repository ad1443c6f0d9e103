import { type RetryPolicy, retry } from "../kit/retry.ts";
import { parseRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal, explainRefusal } from "./arm-refusal.ts";
import { parseRegistryId } from "./registry-facts.ts";
import { readRun, type TaskRun } from "./task-run.ts";

/** Quick runs of ACR Tasks in one registry. Every method throws a `UserError` for what Azure does not do. */
export interface AcrTasks {
  /** A place for a packed source. The address lets in whoever has it, and is masked. */
  openUpload(): Promise<SourceUpload>;
  /**
   * Asks for a run, once unless ARM says that it did not listen.
   *
   * @throws UserError `tasks-not-allowed` where Azure keeps this subscription from ACR Tasks
   */
  scheduleRun(request: RunRequest): Promise<TaskRun>;
  /** Undefined when there is no such run. */
  findRun(runId: string): Promise<TaskRun | undefined>;
  /** Also in the seconds after the job was cancelled. A run that has ended stays as it is. */
  cancelRun(runId: string): Promise<void>;
  /** A masked address that reads the run's log for about an hour. */
  findLogUrl(runId: string): Promise<string>;
}

export interface SourceUpload {
  /** What a run calls the source (`sourceLocation`). */
  readonly relativePath: string;
  readonly url: string;
}

/** https://learn.microsoft.com/rest/api/containerregistry/registries/schedule-run, in the version below. */
export interface RunRequest {
  readonly type: "DockerBuildRequest" | "EncodedTaskRunRequest" | "FileTaskRunRequest" | "TaskRunRequest";
  readonly [property: string]: unknown;
}

/**
 * How a run gets into its own registry: with the rights of whoever asked for it where the registry decides by conditions,
 * with those of the registry itself elsewhere.
 */
export function renderSourceRegistry({ abac }: { readonly abac: boolean }): Readonly<Record<string, string>> {
  return abac ? { identity: "[caller]" } : { loginMode: "Default" };
}

/** The SDK has no Tasks any more; this is the only version that knows `[caller]`. */
const API_VERSION = "2025-03-01-preview";
const SCHEDULE_RETRY: RetryPolicy = { tries: 5, firstWaitMs: 1_000, longestWaitMs: 60_000 };

/**
 * The adapter, on the pipeline of `@azure/arm-containerregistry`, which is loaded when it is first used.
 *
 * @param mask registers an address's signature with the runner, before anything could print it.
 */
export function connectAcrTasks(
  connection: ArmConnection,
  registryId: string,
  mask: (secret: string) => void,
): AcrTasks {
  const parts = parseRegistryId(registryId);
  if (parts === undefined) throw new Error(`${registryId} is no registry's id`);
  const { subscriptionId, resourceGroup, name } = parts;
  const place = encodePath("subscriptions", subscriptionId, "resourceGroups", resourceGroup);
  const resource = `${place}${encodePath("providers", "Microsoft.ContainerRegistry", "registries", name)}`;

  const ask = async (method: "get" | "post", path: readonly string[], given: Asked = {}): Promise<unknown> => {
    const [{ createContainerRegistryManagement }, options] = await Promise.all([
      import("@azure/arm-containerregistry/api"),
      connection.clientOptions(),
    ]);
    const context = createContainerRegistryManagement(connection.credential, subscriptionId, options);
    const response = await context.pathUnchecked(`${resource}${encodePath(...path)}`)[method]({
      queryParameters: { "api-version": API_VERSION },
      abortSignal: given.abortSignal ?? connection.cancelled,
      ...(given.body === undefined ? {} : { body: given.body, contentType: "application/json" }),
    });
    return response.body;
  };

  return {
    openUpload: () =>
      explained("Cannot get a place for the build's source", async () => {
        const body = asRecord(await ask("post", ["listBuildSourceUploadUrl"]));
        const { relativePath, uploadUrl } = body;
        if (typeof relativePath !== "string" || typeof uploadUrl !== "string") throw noAddress();
        maskSignature(uploadUrl, mask);
        return { relativePath, url: uploadUrl };
      }),
    scheduleRun: (request) =>
      explained("ACR Tasks did not take the build", () =>
        retry<TaskRun>(
          async () => {
            try {
              const body = await ask("post", ["scheduleRun"], { body: request });
              return { kind: "done", value: readRun(body) };
            } catch (error) {
              // Throttled is the one answer that says that nothing was begun.
              if (!(error instanceof ArmRefusal) || error.status !== 429) throw error;
              const waitMs = parseRetryAfter(error.retryAfter, connection.time.now());
              return { kind: "again", because: error, waitMs };
            }
          },
          { ...connection.time, cancelled: connection.cancelled },
          SCHEDULE_RETRY,
        ),
      ),
    findRun: (runId) =>
      explained(`Cannot read run ${runId} of ACR Tasks`, async () => {
        try {
          return readRun(await ask("get", ["runs", runId]));
        } catch (error) {
          if (error instanceof ArmRefusal && error.status === 404 && error.fault.code !== "NoArmError")
            return undefined;
          throw error;
        }
      }),
    cancelRun: (runId) =>
      explained(`Cannot cancel run ${runId} of ACR Tasks: it may go on building`, async () => {
        await ask("post", ["runs", runId, "cancel"], { abortSignal: connection.lasting });
      }),
    findLogUrl: (runId) =>
      explained(`Cannot get the log of run ${runId} of ACR Tasks`, async () => {
        const { logLink } = asRecord(await ask("post", ["runs", runId, "listLogSasUrl"]));
        if (typeof logLink !== "string") throw noAddress();
        maskSignature(logLink, mask);
        return logLink;
      }),
  };
}

function encodePath(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

interface Asked {
  readonly body?: unknown;
  readonly abortSignal?: AbortSignal;
}

async function explained<T>(clause: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArmRefusal && error.fault.code === "TasksOperationsNotAllowed") throw notAllowed(error);
    throw explainRefusal(clause, error);
  }
}

/** https://github.com/Azure-Samples/azure-search-openai-demo/issues/2220 and many others: new and free subscriptions. */
function notAllowed(cause: ArmRefusal): UserError {
  const text =
    "Azure does not let this subscription use ACR Tasks, as it does with new and free ones.\nTo do: build with docker on the runner (builder: buildx), or ask Azure for it: http://aka.ms/azuresupport";
  return new UserError("tasks-not-allowed", text, { cause });
}

function noAddress(): UserError {
  return new UserError("arm-refused", "ARM answered without an address. Run it again.");
}

/** The signature in a link is what lets in: the rest may be read. */
function maskSignature(link: string, mask: (secret: string) => void): void {
  const signature = URL.parse(link)?.searchParams.get("sig");
  if (signature) mask(signature);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
