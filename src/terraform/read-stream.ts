import type { ChangeSummary, Diagnostic, HookAction, OutputValue, SourceRange, StreamEvent } from "./stream-event.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one line of what terraform or tofu prints with `-json`. Whatever is no line of the stream is `text`, and a kind
 * of line that nobody knows yet is `log`: no line is refused.
 */
export function readStreamLine(line: string): StreamEvent {
  const fields = parseLine(line);
  if (fields === undefined) return { kind: "text", text: line };
  const read = READERS[text(fields["type"])];
  return read?.(fields) ?? readLog(fields);
}

/** When terraform wrote a line, by the runner's clock; undefined for a line that does not say it. */
export function readStreamTime(line: string): Date | undefined {
  const found = /"@timestamp":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))"/.exec(line)?.[1];
  const time = found === undefined ? Number.NaN : Date.parse(found);
  return Number.isNaN(time) ? undefined : new Date(time);
}

function parseLine(line: string): Fields | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const fields = record(value);
    return typeof fields["type"] === "string" || typeof fields["@message"] === "string" ? fields : undefined;
  } catch {
    return undefined;
  }
}

/** The kinds of lines that somebody asks for, by `type`. One whose fields are not as they should be is a `log`. */
const READERS: Readonly<Record<string, (fields: Fields) => StreamEvent | undefined>> = {
  version: (fields) => {
    // tofu says `tofu`, and `terraform` beside it in some versions.
    const version = text(fields["tofu"]) || text(fields["terraform"]);
    return version === "" ? undefined : { kind: "version", version };
  },
  diagnostic: (fields) => ({ kind: "diagnostic", diagnostic: readDiagnostic(record(fields["diagnostic"]), fields) }),
  planned_change: ({ change }) => {
    const address = readAddress(change);
    return address === "" ? undefined : { kind: "planned", address, action: text(record(change)["action"]) };
  },
  resource_drift: ({ change }) => {
    const address = readAddress(change);
    return address === "" ? undefined : { kind: "drifted", address };
  },
  apply_start: ({ hook }) => readHook(hook, (address, action) => ({ kind: "start", address, action })),
  apply_progress: ({ hook }) =>
    readHook(hook, (address, action, seconds) => ({ kind: "progress", address, action, seconds })),
  apply_complete: ({ hook }) =>
    readHook(hook, (address, action, seconds) => ({ kind: "complete", address, action, seconds })),
  apply_errored: ({ hook }) =>
    readHook(hook, (address, action, seconds) => ({ kind: "errored", address, action, seconds })),
  refresh_start: ({ hook }) => readHook(hook, (address) => ({ kind: "refresh", address, done: false })),
  refresh_complete: ({ hook }) => readHook(hook, (address) => ({ kind: "refresh", address, done: true })),
  provision_progress: ({ hook }) =>
    readHook(hook, (address) => ({ kind: "provision", address, text: text(record(hook)["output"]) })),
  change_summary: ({ changes }) => ({ kind: "summary", summary: readSummary(record(changes)) }),
  outputs: ({ outputs }) => ({ kind: "outputs", outputs: readOutputs(record(outputs)) }),
  state_lock_acquire: () => ({ kind: "lock", phase: "acquiring" }),
  state_lock_release: () => ({ kind: "lock", phase: "releasing" }),
};

function readLog(fields: Fields): StreamEvent {
  const message = text(fields["@message"]);
  const interrupt = /^\s*(?:Interrupt received|Two interrupts received)\./.test(message);
  return { kind: interrupt ? "interrupt" : "log", text: message.trim() };
}

function readHook(
  value: unknown,
  make: (address: string, action: HookAction, seconds: number) => StreamEvent,
): StreamEvent | undefined {
  const hook = record(value);
  const address = readAddress(hook);
  return address === "" ? undefined : make(address, readAction(hook["action"]), count(hook["elapsed_seconds"]));
}

function readAddress(value: unknown): string {
  return text(record(record(value)["resource"])["addr"]);
}

const ACTIONS: readonly HookAction[] = ["create", "read", "update", "replace", "delete"];

function readAction(value: unknown): HookAction {
  return ACTIONS.find((action) => action === value) ?? "other";
}

/** Without the snippet, whose values are in clear even where terraform knows that they are sensitive. */
function readDiagnostic(diagnostic: Fields, line: Fields): Diagnostic {
  const address = text(diagnostic["address"]);
  return {
    severity: diagnostic["severity"] === "warning" ? "warning" : "error",
    summary: text(diagnostic["summary"]) || text(line["@message"]).replace(/^(?:Error|Warning): /, ""),
    detail: text(diagnostic["detail"]).trim(),
    address: address === "" ? undefined : address,
    range: readRange(record(diagnostic["range"])),
  };
}

function readRange(range: Fields): SourceRange | undefined {
  const file = text(range["filename"]);
  const line = count(record(range["start"])["line"]);
  return file === "" || line === 0 ? undefined : { file, line };
}

const OPERATIONS: readonly ChangeSummary["operation"][] = ["plan", "apply", "destroy"];

function readSummary(changes: Fields): ChangeSummary {
  return {
    operation: OPERATIONS.find((operation) => operation === changes["operation"]) ?? "other",
    add: count(changes["add"]),
    change: count(changes["change"]),
    import: count(changes["import"]),
    remove: count(changes["remove"]),
  };
}

function readOutputs(outputs: Fields): Readonly<Record<string, OutputValue>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]): readonly [string, OutputValue] => {
      const output = record(value);
      // Whatever does not say that it may be read may not.
      const sensitive = output["sensitive"] !== false;
      return [name, { sensitive, value: sensitive ? undefined : output["value"] }];
    }),
  );
}

function record(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
