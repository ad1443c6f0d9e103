import { describe, expect, test } from "@jest/globals";
import { listComments } from "../../scripts/demo/conversation.ts";
import { renderConversation } from "../../scripts/demo/page-comment.ts";
import { renderConversationLines } from "../../scripts/demo/terminal-comments.ts";
import { makeRequest } from "./make-scene.ts";

const MARKER = "<!-- mayfly:terraform:pr-8:. -->";
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const send = (second: number, method: string, path: string, body: string, status = 200) => ({
  ...makeRequest(method, `/repos/octo/shop/issues/${path}`),
  ...{ host: "api.github.com", at: at(second), status, body: JSON.stringify({ body }) },
});
const REQUESTS = [
  { ...makeRequest("POST", "/repos/octo/shop/issues/8/comments"), body: "not for GitHub" },
  send(1, "POST", "8/comments", `${MARKER}\n### ⏳ under way`, 201),
  { ...send(2, "GET", "8/comments", ""), body: "" },
  send(3, "PATCH", "comments/77", `${MARKER}\n### 📋 planned <b>2</b>`),
  send(5, "PATCH", "comments/77", "refused", 403),
  send(6, "PATCH", "comments/77", `${MARKER}\n### ✅ applied\n\n> [!NOTE]\n> All is well.`),
];
const JOBS = [
  { name: "Plan", startedAt: at(0) },
  { name: "Apply", startedAt: at(4) },
];

describe("what a run says on a pull request", () => {
  const comments = listComments(REQUESTS, JOBS);
  const conversation = { pull: 8, title: "Faster & cheaper", comments };

  test("is what GitHub has taken of it, by the job that said it", () => {
    expect(comments.map(({ job, what, body }) => [job, what, body.split("### ")[1]?.split("\n")[0]])).toEqual([
      ["Plan", "commented", "⏳ under way"],
      ["Plan", "edited", "📋 planned <b>2</b>"],
      ["Apply", "edited", "✅ applied"],
    ]);
  });

  test("is shown on the page as each job left it, with what it said before folded", () => {
    const html = renderConversation(conversation);
    expect(html).toContain("Faster &amp; cheaper <small>#8</small>");
    const boxes = html.split('<section class="box summary comment">').slice(1);
    expect(boxes).toHaveLength(2);
    expect(boxes[0]).toMatch(
      /bot edited · job Plan.*📋 planned <b>2<\/b>.*<summary>.*1 earlier version .*⏳ under way/s,
    );
    expect(boxes[1]).toMatch(/job Apply.*✅ applied.*markdown-alert-note/s);
    expect(boxes[1]).not.toContain("earlier version");
    expect(html).not.toContain("mayfly:terraform");
  });

  test("is named in the terminal by its last heading", () => {
    expect(renderConversationLines({ conversation }, 100, (_, text) => text)).toEqual([
      "",
      "Comment on #8 (one, written 3 times): ✅ applied",
    ]);
  });

  test("takes no room where nothing was said", () => {
    const silent = { ...conversation, comments: [] };
    expect(renderConversation(silent)).toBe("");
    expect(renderConversationLines({ conversation: silent }, 100, (_, text) => text)).toEqual([]);
    expect(renderConversationLines({}, 100, (_, text) => text)).toEqual([]);
  });
});
