import type { AttributeChange, PlanFacts, ResourceChange } from "../../../src/terraform/plan-facts.ts";
import type { Story } from "../../../src/terraform/story.ts";
import type { Diagnostic } from "../../../src/terraform/stream-event.ts";

/** A resource that is created, or what else is said of it. */
export function change(address: string, other: Partial<ResourceChange> = {}): ResourceChange {
  return {
    address,
    previousAddress: undefined,
    type: address.split(".").at(-2) ?? "",
    managed: true,
    kind: "create",
    reason: undefined,
    importing: undefined,
    attributes: [],
    ...other,
  };
}

export function attribute(path: string, before: string | undefined, after: string | undefined): AttributeChange {
  return { path, before, after, forcesReplacement: false };
}

/** A plan of these changes, counted as terraform counts. */
export function plan(changes: readonly ResourceChange[], other: Partial<PlanFacts> = {}): PlanFacts {
  const number = (...kinds: readonly string[]): number => changes.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    terraformVersion: "1.11.4",
    complete: true,
    applyable: changes.length > 0,
    errored: false,
    counts: {
      add: number("create", "replace"),
      change: number("update"),
      destroy: number("delete", "replace"),
      replace: number("replace"),
      import: changes.filter(({ importing }) => importing !== undefined).length,
      move: changes.filter(({ previousAddress }) => previousAddress !== undefined).length,
      forget: number("forget"),
    },
    changes,
    outputs: [],
    drift: [],
    failedChecks: [],
    groups: [],
    priorResources: 0,
    unseen: [],
    declaredVariables: [],
    essence: "0".repeat(64),
    ...other,
  };
}

export function error(summary: string, other: Partial<Diagnostic> = {}): Diagnostic {
  return { severity: "error", summary, detail: "", address: undefined, range: undefined, ...other };
}

/** A plan of nothing for pr-12, or what else is told. */
export function story(other: Partial<Story> = {}): Story {
  return {
    command: "plan",
    status: "done",
    environment: "pr-12",
    directory: "infra",
    workspace: "default",
    tool: "terraform 1.11.4",
    backend: "azurerm/mayflystate/tfstate/mayfly/599293758/pr-12.tfstate",
    headSha: "1f3c0a9d5b7e2c4f6a8b0d1e3f5a7c9b1d3e5f70",
    runUrl: "https://github.com/octo/shop/actions/runs/77",
    plan: plan([]),
    planDigest: undefined,
    work: [],
    summary: undefined,
    diagnostics: [],
    failure: undefined,
    phases: [],
    expiresAt: undefined,
    now: new Date("2026-11-21T09:00:00Z"),
    lock: undefined,
    notes: [],
    receipt: undefined,
    outputs: {},
    ...other,
  };
}
