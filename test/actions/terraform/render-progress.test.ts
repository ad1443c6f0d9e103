import { describe, expect, test } from "@jest/globals";
import { renderEvent, renderProgressLine } from "../../../src/actions/terraform/render-progress.ts";
import type { StreamEvent } from "../../../src/terraform/stream-event.ts";
import { createWorkLog } from "../../../src/terraform/work-log.ts";
import { readStream } from "../../terraform/domain/streams.ts";

function fold(total: number | undefined, ...events: readonly (readonly [atMs: number, event: StreamEvent])[]): string {
  const log = createWorkLog(total);
  for (const [atMs, event] of events) log.read(event, atMs);
  return renderProgressLine(log.facts());
}

const start = (address: string, action: "create" | "delete" | "read" = "create") =>
  ({ kind: "start", address, action }) as const;

describe("a line of progress", () => {
  test("says how far it is, what takes long, and what failed", () => {
    const line = fold(
      40,
      [0, start("a.one")],
      [1_000, start("azurerm_kubernetes_cluster.this")],
      [2_000, { kind: "errored", address: "a.one", action: "create", seconds: 2 }],
      [3_000, start("a.two")],
      [4_000, { kind: "complete", address: "a.two", action: "create", seconds: 1 }],
      [191_000, { kind: "progress", address: "azurerm_kubernetes_cluster.this", action: "create", seconds: 190 }],
    );
    expect(line).toBe("apply 1/40 · azurerm_kubernetes_cluster.this creating 3m10s · 1 failed");
  });

  test("names the three that take longest, and counts the others", () => {
    const line = fold(
      undefined,
      [0, start("a.a")],
      [1, start("a.b")],
      [2, start("a.c")],
      [3, start("a.d")],
      [10_003, start("a.e")],
    );
    expect(line).toBe("apply 0 · a.a creating 10s · a.b creating 10s · a.c creating 10s · 2 more under way");
  });

  test("of nothing but deletes is a destroy", () => {
    expect(fold(18, [0, start("data.a.b", "read")], [0, start("a.a", "delete")])).toMatch(/^destroy 0\/18 · /);
  });
});

test("what really happened is told line by line, without what nobody would miss", () => {
  const lines = readStream("apply-failed").flatMap(({ event }) => renderEvent(event) ?? []);
  expect(lines).toEqual([
    "terraform_data.broken[0]: to create",
    "Plan: 1 to add, 0 to change, 0 to destroy",
    "terraform_data.broken[0]: creating",
    "terraform_data.broken[0]: Provisioning with 'local-exec'...",
    "terraform_data.broken[0]: (output suppressed due to sensitive value in config)",
    "terraform_data.broken[0]: (output suppressed due to sensitive value in config)",
    "terraform_data.broken[0]: (local-exec) Provisioning errored",
    "terraform_data.broken[0]: creating failed",
    "Error: terraform_data.broken[0] (main.tf:24): local-exec provisioner error\n  Error running command 'echo no; exit 7 # hunter2-hunter2': exit status 7. Output: no",
    "Warning: main.tf:28: Check block assertion failed\n  The trigger is b.",
  ]);
});

test.each<readonly [StreamEvent, string | undefined]>([
  [{ kind: "complete", address: "a.b", action: "delete", seconds: 190 }, "a.b: destroyed after 3m10s"],
  [{ kind: "complete", address: "data.a.b", action: "read", seconds: 190 }, undefined],
  [{ kind: "lock", phase: "acquiring" }, "waiting for the state's lock"],
  [{ kind: "text", text: " \n" }, undefined],
  [
    { kind: "summary", summary: { operation: "apply", add: 1, change: 2, import: 3, remove: 4 } },
    "Done: 3 imported, 1 added, 2 changed, 4 destroyed",
  ],
])("%j is told as %j", (event, line) => {
  expect(renderEvent(event)).toBe(line);
});
