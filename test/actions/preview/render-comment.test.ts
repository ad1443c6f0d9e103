import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderComment } from "../../../src/actions/preview/render-comment.ts";
import { COMMENT_BUDGET } from "../../../src/kit/markdown.ts";
import { NO_STATE, parseState, renderState } from "../../../src/preview/comment-state.ts";
import { findNextSweep } from "../../../src/preview/next-sweep.ts";
import type { PreviewStory } from "../../../src/preview/story.ts";
import { anyStory, expectHarmless } from "./any-story.ts";
import { row, SHA, story } from "./stories.ts";

const render = (other: Partial<PreviewStory> = {}, budget = COMMENT_BUDGET): string =>
  renderComment(story(other), budget);
const visible = (other: Partial<PreviewStory> = {}): string => render(other).split("\n").slice(2).join("\n");
const digest = `sha256:${"ab".repeat(32)}`;

describe("the comment of a preview that is ready", () => {
  test("begins with the marker, the state, and the address as a heading", () => {
    const [marker, state, heading] = render().split("\n");
    expect(marker).toBe("<!-- mayfly:preview:pr-12 -->");
    expect(parseState(state ?? "")).toMatchObject({ phase: "ready", headSha: SHA });
    expect(heading).toBe("## 🟢 [pr\\-12.preview.example.com](<https://pr-12.preview.example.com/>)");
  });

  test("names commit, time and run", () => {
    const line = visible({ durationMs: 192_000 });
    expect(line).toContain(`commit [\`1f3c0a9\`](<https://github.com/octo/shop/commit/${SHA}>) · took 3m12s`);
    expect(line).toContain("[run](<https://github.com/octo/shop/actions/runs/77/attempts/1>)");
  });

  test("says when it ends and which sweep deletes it", () => {
    const expiresAt = new Date("2026-11-22T14:20:00Z");
    const sweep = findNextSweep("17 9 * * *", expiresAt);
    expect(visible({ expiresAt, sweep })).toContain(
      "Expires **22 Nov 2026, 14:20 UTC** (in 5h). Deleted by the sweep of 09:17 UTC on 23 Nov 2026 (GitHub may start it late), and at once when the pull request is closed.",
    );
  });

  test("shows the images by tag and digest, and the smoke test", () => {
    const text = visible({
      images: [{ name: "api", repository: "mayfly.azurecr.io/api", tag: "pr-12-1f3c0a9", digest }],
      smoke: [row("http GET /"), row("pods")],
    });
    expect(text).toContain(`| api | \`mayfly.azurecr.io/api\` | \`pr-12-1f3c0a9\` | \`${digest}\` |`);
    expect(text).toContain("**Smoke test:** ✅ 2 checks passed");
    expect(text).toContain("| ✅ | answers | `http GET /` | 120 ms |");
  });

  test("folds many checks, and shows those that failed", () => {
    const smoke = [
      ...Array.from({ length: 20 }, (_, index) => row(`check ${index}`)),
      row("GET /ready", { outcome: "failed", seen: "status 503" }),
    ];
    const text = visible({ phase: "failed", smoke });
    expect(text).toContain("**Smoke test:** ❌ 1 of 21 checks failed");
    expect(text).toContain("| ❌ answers: `GET /ready` | status 200 | status 503 |");
    expect(text).toContain("<details><summary>All 21 checks</summary>");
  });

  test("lists the commands that fit, and none where comments are no commands", () => {
    expect(visible()).toMatch(/`\/redeploy`[\s\S]*`\/extend 24h`[\s\S]*`\/destroy`/);
    expect(visible({ commands: false })).not.toContain("/destroy");
    expect(visible({ phase: "destroyed" })).toContain("`/preview`");
  });

  test("says that it is there where nobody knows its address", () => {
    expect(visible({ url: "" }).split("\n")[0]).toBe("### 🟢 `pr-12` is deployed");
    expect(visible({ url: "javascript:alert(1)" }).split("\n")[0]).toBe("## 🟢 `javascript:alert(1)`");
  });
});

describe("the comment of a preview that is not ready", () => {
  test("says its place in the queue", () => {
    const text = visible({ phase: "queued", position: 3, url: "", reason: "10 previews are there." });
    expect(text.split("\n")[0]).toBe("### 🕒 Queued, position 3");
    expect(text).toContain("10 previews are there.");
  });

  test("names exactly the commit that has to be allowed", () => {
    expect(visible({ phase: "waiting", url: "" })).toContain(`\n/preview ${SHA}\n`);
    expect(visible({ phase: "waiting", url: "", headSha: "$(x)" })).not.toContain("/preview");
  });

  test("keeps the address of before while the next commit is deployed", () => {
    expect(visible({ phase: "deploying" })).toContain("Last deployed: [pr\\-12");
  });

  test("tells of a failure: the cause, the step, what to do, and the last 30 lines of the log", () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const text = visible({
      phase: "failed",
      cause: {
        code: "crash/exit",
        text: "Deployment/shop: container api exits with 1\nMend the start.",
        step: "helm-deploy",
        todo: ["kubectl --namespace pr-12 get pods"],
        log: { title: "shop-5dc6/api", lines },
      },
    });
    expect(text).toContain("> [!CAUTION]\n> Failed at `helm-deploy`. `crash/exit`: Deployment/shop: container api");
    expect(text).toContain("```sh\nkubectl --namespace pr-12 get pods\n```");
    expect(text).toContain("<summary>Last 30 lines of shop-5dc6/api</summary>");
    expect(text).not.toContain("line 19\n");
    expect(text).toContain("line 20\nline 21");
  });

  test("gives a receipt in the end, and no end any more", () => {
    const text = visible({
      phase: "destroyed",
      url: "",
      expiresAt: new Date("2026-11-22T14:20:00Z"),
      receipt: {
        done: ["18 resources destroyed", "2 tags removed"],
        proofs: ["ARM knows no resource group of pr-12"],
        standing: [],
      },
    });
    expect(text).toContain("### 🧹 `pr-12` is gone");
    expect(text).toContain(
      "- 🧹 18 resources destroyed\n- 🧹 2 tags removed\n- ✅ ARM knows no resource group of pr\\-12",
    );
    expect(text).not.toMatch(/Expire/);
  });

  test("names what stands, and the line that mends it", () => {
    const mend = "az lock list --resource-group pr-12-shop";
    const standing = [{ what: "resource group pr-12-shop", because: "it is locked", mend }];
    const text = visible({ phase: "not-gone", receipt: { done: [], proofs: [], standing } });
    expect(text).toContain("- ❌ resource group pr\\-12\\-shop: it is locked");
    expect(text).toContain(`\`\`\`sh\n${mend}\n\`\`\``);
  });
});

describe("whatever a story holds, its comment", () => {
  const NEXT = { ...NO_STATE, phase: "ready", headSha: SHA, queuedAt: new Date("2026-11-22T09:00:00Z") };

  test("fits any budget, begins with the marker, and keeps its state whole", () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 4_000, max: COMMENT_BUDGET }), (told, budget) => {
        const text = renderComment({ ...told, environment: "pr-12", state: renderState(NEXT) }, budget);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(budget);
        expect(text.startsWith("<!-- mayfly:preview:pr-12 -->\n<!-- mayfly:state ")).toBe(true);
        expect(parseState(text)).toEqual(NEXT);
      }),
      { numRuns: 25 },
    );
  });

  test("does nothing to a page, and forges no marker and no state", () => {
    fc.assert(
      fc.property(anyStory, (told) => {
        const text = renderComment({ ...told, environment: "pr-12" }, COMMENT_BUDGET);
        expectHarmless(text.split("\n").slice(2).join("\n"));
        expect(text.match(/<!--/g)?.length).toBe(2);
      }),
      { numRuns: 25 },
    );
  });

  test("tells the cause, whatever else there is", () => {
    fc.assert(
      fc.property(anyStory, (told) => {
        const cause = { code: "crash/exit", text: "it exits with 1", step: "helm", todo: [], log: undefined };
        const whole = { ...cause, ...told.cause, code: cause.code };
        const text = renderComment({ ...told, environment: "pr-12", cause: whole }, COMMENT_BUDGET);
        expect(text).toContain("`crash/exit`: ");
      }),
      { numRuns: 25 },
    );
  });
});
