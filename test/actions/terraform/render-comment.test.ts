import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderComment, renderMarker } from "../../../src/actions/terraform/render-comment.ts";
import { COMMENT_BUDGET } from "../../../src/kit/markdown.ts";
import type { Story } from "../../../src/terraform/story.ts";
import { anyCharacter } from "../../any-character.ts";
import { attribute, change, error, plan, story } from "./stories.ts";

const render = (other: Partial<Story>): string => renderComment(story(other), COMMENT_BUDGET);
const headline = (other: Partial<Story>): string => render(other).split("\n")[1] ?? "";

const EXPIRES = { expiresAt: new Date("2026-11-21T17:00:00Z") };
const WORK = [
  { address: "a.done", action: "create", fromMs: 4_000, toMs: 16_000, outcome: "done" },
  { address: "a.read", action: "read", fromMs: 4_000, toMs: 5_000, outcome: "done" },
  { address: "a.busy", action: "update", fromMs: 6_000, toMs: undefined, outcome: "running" },
] as const;
const MIXED = plan([
  change("a.new"),
  change("a.busy", { kind: "update" }),
  change("a.old", { kind: "delete" }),
  change("a.other", { kind: "replace" }),
]);

describe("a comment's headline", () => {
  const phases = [{ name: "apply", fromMs: 0, toMs: 41_000 }];
  const summary = { operation: "apply", add: 3, change: 1, import: 0, remove: 0 } as const;
  test.each<readonly [string, Partial<Story>]>([
    ["📋 `pr-12` plan: no changes", {}],
    ["📋 `pr-12` plan: 2 to add, 1 to change, 2 to destroy, 1 to replace among them", { plan: MIXED }],
    ["📋 `pr-12` plan: 1 to move", { plan: plan([change("a.b", { kind: "no-op", previousAddress: "a.a" })]) }],
    [
      "📋 `pr-12` plan: no resource changes, 1 output does",
      { plan: plan([], { outputs: [{ name: "url", kind: "update", sensitive: false, before: "1", after: "2" }] }) },
    ],
    [
      "⏳ `pr-12` apply under way, 1 of 5 changes done",
      { command: "apply", status: "running", plan: MIXED, work: WORK },
    ],
    [
      "✅ `pr-12` apply: 3 added, 1 changed, 0 destroyed · 41s · expires 2026-11-21 17:00 UTC (in 8h)",
      { command: "apply", summary, phases, ...EXPIRES },
    ],
    ["✅ `pr-12` apply: nothing to change", { command: "apply" }],
    [
      "❌ `pr-12` apply failed: not everything could be done, 1 of 5 changes done",
      {
        command: "apply",
        status: "failed",
        plan: MIXED,
        work: WORK,
        failure: { reason: "apply-failed", message: "no" },
      },
    ],
    [
      "❌ `pr-12` apply failed: the state is locked",
      { command: "apply", status: "failed", failure: { reason: "state-locked", message: "no" } },
    ],
    [
      "🛑 `pr-12` apply cancelled, 1 of 5 changes done",
      { command: "apply", status: "cancelled", plan: MIXED, work: WORK },
    ],
    [
      "🧹 `pr-12` destroyed: 18 resources, 1 resource group proven gone",
      {
        command: "destroy",
        ...EXPIRES,
        receipt: { destroyed: 18, groups: [{ name: "shop", gone: true }], state: "deleted" },
      },
    ],
    ["🔎 `pr-12` drift: none, no changes", { command: "drift" }],
    [
      "🔎 `pr-12` drift: 1 resource changed outside of terraform, no changes",
      { command: "drift", plan: plan([], { drift: [change("a.b")] }) },
    ],
    ["🔓 `pr-12` unlock: done", { command: "unlock", plan: undefined }],
    [
      "📋 plan: no changes · expired 2026-11-21 08:00 UTC (1h ago)",
      { environment: "", expiresAt: new Date("2026-11-21T08:00:00Z") },
    ],
  ])("is %s", (words, other) => {
    expect(headline(other)).toBe(`### ${words}`);
  });
});

describe("a comment", () => {
  test("of a plan without changes is three lines", () => {
    expect(render({ headSha: "", backend: "" })).toBe(
      [
        "<!-- mayfly:terraform:pr-12:infra -->",
        "### 📋 `pr-12` plan: no changes",
        "",
        "terraform 1.11.4 · in `infra` · [run](https://github.com/octo/shop/actions/runs/77)",
        "",
      ].join("\n"),
    );
  });

  test("names what is destroyed and replaced before anything has to be unfolded", () => {
    const text = render({ plan: MIXED });
    const open = text.slice(0, text.indexOf("<details>"));
    expect(open).toContain("> 2 resources destroyed by this plan:");
    expect(open).toContain("> - `a.old`\n> - `a.other`, and made again");
    expect(open).not.toContain("a.new");
  });

  test("says how to apply this very plan, where there is something to apply", () => {
    const planDigest = "3f".repeat(32);
    expect(render({ plan: MIXED, planDigest })).toContain(
      `\`\`\`yaml\ncommand: apply\nplan-digest: ${planDigest}\n\`\`\``,
    );
    expect(render({ planDigest })).not.toContain("plan-digest");
    expect(render({ plan: MIXED, planDigest, command: "apply", status: "planned" })).not.toContain("plan-digest");
    expect(render({ plan: MIXED, planDigest: "x\n```" })).not.toContain("plan-digest");
  });

  test("shows each resource folded, what is lost before what comes", () => {
    const text = render({ plan: MIXED });
    const titles = [...text.matchAll(/<summary>(.*)<\/summary>/g)].map(([, title]) => title);
    expect(titles).toEqual(["- a.old", "-/+ a.other", "~ a.busy", "+ a.new"]);
  });

  test("of work under way names what is being done", () => {
    expect(render({ command: "apply", status: "running", work: WORK })).toContain("- ⏳ update `a.busy` for 10s");
  });

  test("of an apply has the outputs, texts without their quotes, and no plan any more", () => {
    const outputs = { url: '"https://pr-12.example.com"', sizes: "[1,2]" };
    const text = render({ command: "apply", plan: MIXED, outputs });
    expect(text).toContain("| `url` | `https://pr-12.example.com` |\n| `sizes` | `[1,2]` |");
    expect(text).not.toContain("<details>");
  });

  test("of a destroy is a receipt, with what is still there first", () => {
    const groups = [
      { name: "shop-a", gone: true },
      { name: "shop-b", gone: false },
    ];
    const text = render({ command: "destroy", receipt: { destroyed: 1, groups, state: "kept: it is leased" } });
    expect(text).toContain(
      "| Receipt | 1 resource destroyed |\n| --- | --- |\n| State | kept: it is leased |\n| Group `shop-b` | ❌ still there |\n| Group `shop-a` | ✅ proven gone |",
    );
  });

  test("tells each advice once, at its error", () => {
    const message =
      "apply failed: a.b: local-exec provisioner error\nA command of the configuration failed.\nTo do: read what it printed above; the resource is tainted and is made anew by the next apply.\nHeld by nobody.";
    const text = render({
      command: "apply",
      status: "failed",
      failure: { reason: "apply-failed", message },
      diagnostics: [error("local-exec provisioner error", { address: "a.b" }), error("execution halted")],
    });
    expect(text.match(/A command of the configuration failed/g)).toHaveLength(1);
    expect(text).toContain("> Held by nobody.");
    expect(text).not.toContain("execution halted");
  });

  test("says who holds the state, and since when", () => {
    const created = new Date("2026-11-21T08:58:00Z");
    const lock = {
      id: "b3a7",
      path: "",
      operation: "OperationTypeApply",
      who: "runner@vm",
      version: "1.11.4",
      created,
    };
    const text = render({ command: "apply", status: "failed", lock });
    expect(text).toContain("| Lock | `b3a7` |");
    expect(text).toContain("| For | apply |\n| Since | 2026\\-11\\-21 08:58 UTC \\(2m ago\\) |");
  });

  test("of many resources is cut between them, and says how many there are", () => {
    const attributes = [attribute("value", undefined, "x".repeat(2_000))];
    const changes = Array.from({ length: 230 }, (_, index) => change(`a.b[${index}]`, { attributes }));
    const text = render({ plan: plan(changes) });
    expect(text.length).toBeLessThanOrEqual(COMMENT_BUDGET);
    expect(text.length).toBeGreaterThan(COMMENT_BUDGET * 0.9);
    const shown = text.match(/<details>/g)?.length ?? 0;
    expect(text).toContain(`_Showing ${shown} of 230._`);
    expect(text.match(/<\/details>/g)).toHaveLength(shown);
    expect(text.match(/```/g)).toHaveLength(shown * 2);
  });
});

describe("a comment's marker", () => {
  test("reads as the environment and the folder that it is of", () => {
    expect(renderMarker({ environment: "pr-12", directory: "infra/aks" })).toBe(
      "<!-- mayfly:terraform:pr-12:infra/aks -->",
    );
  });

  test("is one HTML comment, and another one for each place, whatever the names hold", () => {
    const name = fc
      .oneof(fc.string({ unit: anyCharacter, maxLength: 12 }), fc.stringMatching(/^[-:>!%/a2D]{0,8}$/))
      .map((text) => text.toWellFormed());
    const place = fc.record({ environment: name, directory: name });
    fc.assert(
      fc.property(place, place, (one, other) => {
        const marker = renderMarker(one);
        expect(marker).toMatch(/^<!-- [^<>\s]* -->$/);
        expect(marker.slice(4, -3)).not.toContain("--");
        const same = one.environment === other.environment && one.directory === other.directory;
        expect(renderMarker(other) === marker).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });
});
