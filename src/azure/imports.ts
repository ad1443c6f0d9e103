import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { parseJsonObject } from "../kit/json-object.ts";
import { readRetryAfter } from "../kit/retry-after.ts";
import type { ArmFault } from "../ttl/blockers.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { faultOf, requestIdOf } from "./arm-policies.ts";

/** Where ARM fetches an image from, and as whom. */
export type ImportSource =
  /** A registry of our tenant that ARM knows: our own identity counts. */
  | { readonly kind: "acr"; readonly resourceId: string }
  /** A registry of another tenant (a token without a user), or anybody's. */
  | {
      readonly kind: "credentials";
      readonly host: string;
      readonly username: string | undefined;
      readonly token: string;
    }
  | { readonly kind: "anonymous"; readonly host: string };

/** One image to be brought into a registry. */
export interface ImportOrder {
  readonly source: ImportSource;
  /** The repository at the source. */
  readonly name: string;
  readonly digest: string;
  /** Without a tag it is known by its digest only. */
  readonly to: { readonly name: string; readonly tag: string | undefined };
  /** Lets ARM move a tag that is there, a locked one, too. */
  readonly force: boolean;
}

/** How an import stands. */
export type ImportAnswer =
  | { readonly kind: "running"; readonly operation: string; readonly retryAfterMs: number | undefined }
  | ImportEnd;

/** An import that nobody need ask for any more. */
export type ImportEnd =
  | { readonly kind: "done" }
  /** ARM's verdict on the import itself. */
  | { readonly kind: "failed"; readonly status: number; readonly fault: ArmFault; readonly requestId: string }
  /** Nothing was begun, or nothing seen (throttled, a token that had ended): worth another try. */
  | { readonly kind: "again"; readonly because: string; readonly retryAfterMs: number | undefined }
  /** No answer came: only a look at the target can tell. */
  | { readonly kind: "unanswered"; readonly because: string };

/** Server-side imports of a cloud. Nothing is thrown: every answer is one. */
export interface Imports {
  /** Asks for one import, once. */
  start(registryId: string, order: ImportOrder): Promise<ImportAnswer>;
  /** How an import that ARM accepted stands. */
  find(operation: string): Promise<ImportAnswer>;
}

const API_VERSION = "2025-11-01";

/**
 * The adapter, by plain requests on the SDK's pipeline: its own poller waits by itself, and drops the body of a failed
 * poll, which is the only place where ARM says what the source registry said.
 */
export function connectImports(connection: ArmConnection): Imports {
  const ask = async (send: () => Promise<PipelineResponse>, read: Read): Promise<ImportAnswer> => {
    try {
      return read(await send(), connection.time.now());
    } catch (error) {
      return { kind: "unanswered", because: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    start: (registryId, order) => {
      const path = `${registryId}/importImage?api-version=${API_VERSION}`;
      return ask(() => connection.send("POST", path, renderOrder(order)), readStart);
    },
    find: (operation) =>
      ask(
        () => connection.send("GET", operation),
        (response, now) => readPoll(response, now, operation),
      ),
  };
}

type Read = (response: PipelineResponse, now: Date) => ImportAnswer;

function renderOrder({ source, name, digest, to, force }: ImportOrder): unknown {
  return {
    source: { ...renderSource(source), sourceImage: `${name}@${digest}` },
    ...(to.tag === undefined ? { untaggedTargetRepositories: [to.name] } : { targetTags: [`${to.name}:${to.tag}`] }),
    mode: force ? "Force" : "NoForce",
  };
}

function renderSource(source: ImportSource): Readonly<Record<string, unknown>> {
  switch (source.kind) {
    case "acr":
      return { resourceId: source.resourceId };
    case "credentials": {
      const { host, username, token } = source;
      return {
        registryUri: host,
        credentials: { ...(username === undefined ? {} : { username }), password: token },
      };
    }
    case "anonymous":
      return { registryUri: source.host };
  }
}

function readStart(response: PipelineResponse, now: Date): ImportAnswer {
  const { status, headers } = response;
  if (status === 200 || status === 204) return { kind: "done" };
  const operation = headers.get("location") ?? headers.get("azure-asyncoperation");
  if (status === 202 && operation !== undefined) {
    return { kind: "running", operation, retryAfterMs: readRetryAfter(headers, now) };
  }
  if (status === 202)
    return { kind: "unanswered", because: "ARM accepted it and does not say where it can be followed" };
  // A server that failed may have begun all the same.
  if (status >= 500 || status === 408) return { kind: "unanswered", because: sayFault(response) };
  if (status === 429 || status === 401) return again(response, now);
  return failed(response);
}

function readPoll(response: PipelineResponse, now: Date, operation: string): ImportAnswer {
  const { status, headers } = response;
  if (status === 202) {
    return {
      kind: "running",
      operation: headers.get("location") ?? operation,
      retryAfterMs: readRetryAfter(headers, now),
    };
  }
  if (status === 200 || status === 201 || status === 204) return readStatus(response, now, operation);
  // That we were throttled or refused says nothing about the import.
  if (status === 429 || status === 401 || status === 403 || status === 404 || status >= 500)
    return again(response, now);
  return failed(response);
}

/** An answer of 200 may still say `InProgress` or `Failed` in its body, where ARM keeps an operation's status. */
function readStatus(response: PipelineResponse, now: Date, operation: string): ImportAnswer {
  const { status } = parseJsonObject(response.bodyAsText ?? "");
  if (typeof status !== "string" || /^Succeeded$/i.test(status)) return { kind: "done" };
  if (/^(?:Failed|Canceled)$/i.test(status)) return failed(response);
  return { kind: "running", operation, retryAfterMs: readRetryAfter(response.headers, now) };
}

function again(response: PipelineResponse, now: Date): ImportAnswer {
  return { kind: "again", because: sayFault(response), retryAfterMs: readRetryAfter(response.headers, now) };
}

function failed(response: PipelineResponse): ImportAnswer {
  return { kind: "failed", status: response.status, fault: faultOf(response), requestId: requestIdOf(response) };
}

function sayFault(response: PipelineResponse): string {
  const { code, message } = faultOf(response);
  return `ARM answered ${response.status} ${code}: ${message} (request ${requestIdOf(response)})`;
}
