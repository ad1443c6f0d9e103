import { describe, expect, test } from "@jest/globals";
import { renderConversation } from "../../scripts/demo/page-comment.ts";
import { listPosts } from "../../scripts/demo/posts.ts";
import { makeRequest } from "./make-scene.ts";

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const send = (second: number, method: string, path: string, body: object | string = "", status = 201) => ({
  ...makeRequest(method, `/repos/octo/shop/${path}`),
  ...{ host: "api.github.com", at: at(second), status, body: body === "" ? "" : JSON.stringify(body) },
});
const URL = "http://pr-9.example.com";
const REQUESTS = [
  send(1, "POST", "issues/comments/7/reactions", { content: "eyes" }),
  send(2, "GET", "commits/abc/check-runs", "", 200),
  send(3, "POST", "check-runs", { name: "Mayfly preview", status: "in_progress", output: { title: "a <b> c" } }),
  send(4, "POST", "deployments", { environment: "preview", ref: "abc" }),
  send(5, "POST", "deployments/3/statuses", { state: "success", environment_url: URL, description: "pr-9 is there" }),
  send(5, "POST", "deployments/3/statuses", { state: "failure" }, 422),
  send(6, "PATCH", "check-runs/77", { conclusion: "action_required" }, 200),
  send(7, "DELETE", "deployments/3", "", 204),
  { ...send(8, "DELETE", "deployments/3", "", 204), host: "management.azure.com" },
];
const JOBS = [
  { name: "Gate", startedAt: at(0) },
  { name: "Deploy", startedAt: at(4) },
];

describe("what a run has GitHub show beside its comment", () => {
  const posts = listPosts(REQUESTS, JOBS);
  const conversation = { pull: 9, title: "Tables & chairs", comments: [], posts };

  test("is what GitHub has taken of it, by the job that sent it", () => {
    expect(posts.map(({ job, kind, state, text, url }) => [job, kind, state, text, url])).toEqual([
      ["Gate", "reaction", "eyes", "", undefined],
      ["Gate", "check", "in_progress", "Mayfly preview — a <b> c", undefined],
      ["Deploy", "deployment", "created", "preview", undefined],
      ["Deploy", "deployment", "success", "pr-9 is there", URL],
      ["Deploy", "check", "action_required", "", undefined],
      ["Deploy", "deployment", "deleted", "", undefined],
    ]);
  });

  test("is shown on the page with the time of each, and with the address", () => {
    const html = renderConversation(conversation);
    const rows = html.split("<li>").slice(1);
    expect(rows).toHaveLength(5);
    expect(rows[0]).toMatch(/a &lt;b&gt; c<\/b> <small>in progress<.*Gate.*00:00:03/);
    expect(rows[1]).toContain("Deployment to preview</b> <small>created");
    expect(rows[2]).toContain(`icon-success`);
    expect(rows[2]).toContain(`Deployed</b> <small>pr-9 is there</small> <code>${URL}</code>`);
    expect(rows[3]).toContain("<b>action required</b>");
    expect(rows[4]).toContain("Deployment</b> <small>deleted");
  });

  test("stands below what a person wrote, with the reaction, and says whether the pull request is open", () => {
    const asked = { author: "mona", body: "/extend 24h & <i>more</i><script>" };
    const html = renderConversation({ ...conversation, asked, state: "merged" });
    expect(html).toMatch(/Tables &amp; chairs.*pull-merged">Merged<.*mona <small>commented.*👀 1.*Checks and/s);
    expect(html).toContain("/extend 24h &amp; <i>more</i>&lt;script&gt;");
  });

  test("takes no room where there is nothing", () => {
    expect(renderConversation({ ...conversation, posts: [] })).toBe("");
    const html = renderConversation({ ...conversation, posts: posts.slice(0, 1) });
    expect(html).not.toContain("Checks and deployments");
  });
});
