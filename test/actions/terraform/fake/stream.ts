import type { PlannedResource } from "./plan-document.ts";
import { type StoredOutput, splitAddress, typeOf } from "./state.ts";

/** A diagnostic that a test wants terraform to end with. */
export interface FakeDiagnostic {
  readonly severity?: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly line: number };
  /** As terraform does: in clear, whatever is sensitive. */
  readonly snippetValue?: string;
}

type Hook = "start" | "complete" | "errored";
type Action = "create" | "update" | "delete" | "replace";

/** The lines of a call with `-json`, in the form of test/terraform/domain/streams. */
export function createStream(emit: (line: string) => void, now: () => Date) {
  const say = (type: string, message: string, fields: object, level = "info"): void => {
    const at = now().toISOString().replace("Z", "001Z");
    emit(
      JSON.stringify({
        "@level": level,
        "@message": message,
        "@module": "terraform.ui",
        "@timestamp": at,
        ...fields,
        type,
      }),
    );
  };
  return {
    version: () => say("version", "Terraform 1.11.4", { terraform: "1.11.4", ui: "1.2" }),
    waiting: () => say("state_lock_acquire", "Acquiring state lock. This may take a few moments...", {}),
    planned: ({ address, actions, reason }: PlannedResource) => {
      const action = nameOf(actions);
      if (action === undefined) return;
      const why = reason === undefined ? {} : { reason: reason.replace(/^(?:replace|delete)_because_/, "") };
      say("planned_change", `${address}: Plan to ${action}`, {
        change: { resource: resourceOf(address), action, ...why },
      });
    },
    drift: (address: string, action: string) =>
      say("resource_drift", `${address}: Drift detected (${action})`, {
        change: { resource: resourceOf(address), action },
      }),
    hook: (hook: Hook, address: string, action: Action) =>
      say(`apply_${hook}`, `${address}: ${action} ${hook}`, {
        hook: { resource: resourceOf(address), action, ...(hook === "start" ? {} : { elapsed_seconds: 0 }) },
      }),
    summary: (operation: "plan" | "apply", counts: { add: number; change: number; remove: number }) =>
      say("change_summary", `${operation}: ${counts.add} to add`, { changes: { ...counts, import: 0, operation } }),
    outputs: (outputs: Readonly<Record<string, StoredOutput>>) =>
      say("outputs", `Outputs: ${Object.keys(outputs).length}`, {
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, { value, sensitive }]) => [
            name,
            { sensitive: sensitive === true, type: typeOf(value), ...(sensitive === true ? {} : { value }) },
          ]),
        ),
      }),
    interrupted: () => {
      const words = "Please wait for Terraform to exit or data loss may occur.\nGracefully shutting down...";
      say("log", `\nInterrupt received.\n${words}\n`, {});
      say("log", "Stopping operation...", {});
    },
    diagnostic: ({ severity = "error", summary, detail = "", address, range, snippetValue }: FakeDiagnostic) => {
      const place = range && { filename: range.filename, start: { line: range.line, column: 1, byte: 0 } };
      const values = snippetValue === undefined ? [] : [{ traversal: "var.x", statement: `is "${snippetValue}"` }];
      const diagnostic = {
        severity,
        summary,
        detail,
        ...(address === undefined ? {} : { address }),
        ...(place === undefined ? {} : { range: place, snippet: { context: "x", code: "y", values } }),
      };
      const [word, level] = severity === "error" ? ["Error", "error"] : ["Warning", "warn"];
      say("diagnostic", `${word}: ${summary}`, { diagnostic }, level);
    },
  };
}

export type Stream = ReturnType<typeof createStream>;

function nameOf(actions: readonly string[]): Action | undefined {
  if (actions.length > 1) return "replace";
  const [action] = actions;
  return action === "create" || action === "update" || action === "delete" ? action : undefined;
}

function resourceOf(addr: string) {
  const { type, name } = splitAddress(addr);
  return {
    addr,
    module: "",
    resource: addr,
    implied_provider: type.split("_")[0],
    resource_type: type,
    resource_name: name,
    resource_key: null,
  };
}

/** What terraform adds to a lock that it cannot have. */
export const LOCK_ADVICE =
  'Terraform acquires a state lock to protect the state from being written\nby multiple users at the same time. Please resolve the issue above and try\nagain. For most commands, you can disable locking with the "-lock=false"\nflag, but this is not recommended.';
