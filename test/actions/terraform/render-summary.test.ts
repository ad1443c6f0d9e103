import { describe, expect, test } from "@jest/globals";
import { renderSummary } from "../../../src/actions/terraform/render-summary.ts";
import { SUMMARY_BUDGET_BYTES } from "../../../src/kit/markdown.ts";
import type { Story } from "../../../src/terraform/story.ts";
import { readWork } from "../../terraform/domain/streams.ts";
import { attribute, change, error, plan, story } from "./stories.ts";

const render = (other: Partial<Story>, budget = SUMMARY_BUDGET_BYTES): string => renderSummary(story(other), budget);

const BROKEN: Partial<Story> = {
  command: "apply",
  status: "failed",
  plan: plan(
    [
      change("a.new"),
      change("a.old", { kind: "delete" }),
      change("a.moved", { kind: "no-op", previousAddress: "a.from" }),
    ],
    {
      drift: [change("a.drifted", { kind: "update", attributes: [attribute("tags", "1", "2")] })],
      failedChecks: [{ address: "check.ready", messages: ["Not ready."] }],
      outputs: [{ name: "url", kind: "create", sensitive: false, before: undefined, after: '"x"' }],
    },
  ),
  failure: { reason: "apply-failed", message: "apply failed: no" },
  diagnostics: [
    error("Something new", { address: "a.new", range: { file: "main.tf", line: 12 }, detail: "It\nhas\nmany\nlines." }),
    { ...error("Deprecated"), severity: "warning" },
  ],
  phases: [{ name: "apply", fromMs: 0, toMs: 9_000 }],
  work: [{ address: "a.new", action: "create", fromMs: 100, toMs: 9_000, outcome: "failed" }],
  notes: ["The state was rescued."],
};

describe("a summary", () => {
  test("does not send anybody to the summary", () => {
    const message = "plan failed: main.tf:1: no\n1 more error: see the summary.";
    const text = render({ ...BROKEN, failure: { reason: "plan-failed", message } });
    expect(text).toContain("> plan failed: main.tf:1: no");
    expect(text).not.toContain("see the summary");
  });

  test("tells failures first, and what is lost before what comes", () => {
    const text = render(BROKEN);
    const order = [
      "## ❌ `pr-12` apply failed",
      "> [!CAUTION]\n> apply failed: no",
      "> [!NOTE]\n> The state was rescued.",
      "### What went wrong",
      "- `a.new` at `infra/main.tf:12`: Something new: It has many lines.",
      "What was said",
      "### ⚠️ 1 failed check",
      "### What was planned",
      "#### 💥 Destroy (1)",
      "#### ✨ Create (1)",
      "#### 📦 Move or import only (1)",
      "Moved from `a.from`.",
      "1 output to change",
      "### 1 resource changed outside of terraform",
      "1 warning",
      "### Where the time went",
      "commit `1f3c0a9d5b7e`",
    ].map((words) => text.indexOf(words));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test("leaves out last things first when there is no room, and says so", () => {
    const text = render(BROKEN, 600);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(600);
    expect(text).toContain("### What went wrong");
    expect(text).not.toContain("Where the time went");
    expect(text).toMatch(/_\d+ more sections? did not fit here\._/);
  });

  test("holds 2,000 changed resources", () => {
    const attributes = [attribute("tags", '{"a":1}', '{"a":2}')];
    const changes = Array.from({ length: 2_000 }, (_, index) =>
      change(`a.b[${index}]`, { kind: "update", attributes }),
    );
    const text = render({ plan: plan(changes) });
    expect(text.match(/<details>/g)).toHaveLength(2_000);
    expect(text).not.toContain("Showing");
  });

  test("blames nobody for what a cancel has broken off", () => {
    const { diagnostics } = BROKEN;
    const text = render({ command: "apply", status: "cancelled", diagnostics: diagnostics ?? [] });
    expect(text).toContain("### What terraform said when it stopped\n");
    expect(text).not.toContain("went wrong");
  });

  test("names the version of terraform, also where only the approved plan tells it", () => {
    expect(render({ tool: "terraform" })).toContain("terraform 1.11.4 · in");
    expect(render({ tool: "tofu 1.10.6" })).toContain("tofu 1.10.6 · in");
    expect(render({ tool: "tofu", plan: undefined })).toContain("tofu · in");
  });

  test("draws what terraform really did", () => {
    const { work, diagnostics } = readWork("apply-failed");
    const text = render({ command: "apply", status: "failed", work, diagnostics });
    expect(text).toContain("    terraform_data.broken[0] :crit, ");
    expect(text).toContain("- `terraform_data.broken[0]` at `infra/main.tf:24`: local\\-exec provisioner error");
  });
});
