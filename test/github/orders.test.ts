// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is an expression of GitHub, not of JavaScript
import { expect, test } from "@jest/globals";
import { createAzure } from "../azure/azure.ts";
import { CONTROL_HOST, createControl } from "../azure/control.ts";
import { runJob } from "../runner/run-job.ts";
import { ask } from "./asking.ts";
import { withToken } from "./job-token.ts";

test("another process sets up a pull request, and looks at what was written there", async () => {
  const azure = createAzure();
  const control = createControl(azure);
  const order = async (method: string, path: string, body?: unknown) => {
    const request = { method, url: `https://${CONTROL_HOST}${path}`, headers: {} };
    const answer = await control(body === undefined ? request : { ...request, body: JSON.stringify(body) });
    expect(answer.status).toBeLessThan(300);
    return answer.body.length === 0 ? undefined : JSON.parse(answer.body.toString());
  };
  await order("POST", "/repositories", { name: "octo/shop", id: "599293758" });
  expect(await order("POST", "/issues", { repository: "octo/shop", number: 12, pullRequest: true })).toEqual({
    number: 12,
    pullRequest: true,
    title: "A change",
  });
  const permissions = { "pull-requests": "write", actions: "read" };
  const { token } = await order("POST", "/tokens", { repository: "octo/shop", permissions });
  const asking = ask(azure, token);
  const { json } = await asking("POST", "/repos/octo/shop/issues/12/comments", { body: "Planned." });
  const mine = await order("POST", "/comments", {
    repository: "octo/shop",
    issue: 12,
    author: "mona",
    body: "Thanks!",
  });
  await order("PATCH", `/comments/${mine.id}`, { repository: "octo/shop", minimized: "resolved" });
  expect(await order("GET", `/comments/${encodeURIComponent("octo/shop#12")}`)).toEqual([
    { id: json["id"], author: "github-actions[bot]", body: "Planned.", url: json["html_url"] },
    { id: mine.id, author: "mona", body: "Thanks!", minimized: "resolved", url: expect.any(String) },
  ]);
  await order("DELETE", `/comments/${mine.id}`, { repository: "octo/shop" });
  await order("PATCH", `/issues/${encodeURIComponent("octo/shop#12")}`, { locked: true });
  expect((await asking("POST", "/repos/octo/shop/issues/12/comments", { body: "More." })).status).toBe(403);

  const run = await order("POST", "/runs", { repository: "octo/shop", workflow: "preview" });
  await order("PATCH", `/runs/${run.id}`, { repository: "octo/shop", status: "completed", conclusion: "cancelled" });
  expect((await asking("GET", `/repos/octo/shop/actions/runs/${run.id}/attempts/1`)).json).toMatchObject({
    conclusion: "cancelled",
  });

  const place = encodeURIComponent("octo/shop#13");
  await order("POST", "/issues", {
    repository: "octo/shop",
    number: 13,
    pullRequest: true,
    headRef: "topic",
    draft: true,
  });
  const pull = await order("GET", `/pulls/${place}`);
  expect(pull).toMatchObject({ number: 13, draft: true, head: { ref: "topic" } });
  for (const act of ["ready", "push", "label"]) await order("PATCH", `/pulls/${place}`, { act, label: "preview" });
  expect(await order("PATCH", `/pulls/${place}`, { act: "merge" })).toMatchObject({
    draft: false,
    merged: true,
    labels: [{ name: "preview" }],
    head: { sha: expect.not.stringMatching(pull.head.sha) },
  });
  await asking("POST", `/repos/octo/shop/issues/comments/${json["id"]}/reactions`, { content: "eyes" });
  expect(await order("GET", `/reactions/${encodeURIComponent(`octo/shop#${json["id"]}`)}`)).toEqual([
    { author: "github-actions[bot]", content: "eyes" },
  ]);
  for (const kind of ["checks", "deployments"])
    expect(await order("GET", `/${kind}/${encodeURIComponent("octo/shop")}`)).toEqual([]);

  await order("POST", "/collaborators", { repository: "octo/shop", login: "mona", role: "triage" });
  expect((await asking("GET", "/repos/octo/shop/collaborators/mona/permission")).json).toMatchObject({
    role_name: "triage",
  });
  await order("PATCH", "/github", { primaryLimit: 1 });
  expect((await asking("GET", "/repos/octo/shop/issues/12/comments")).status).toBe(403);
  await order("DELETE", "/tokens", { token });
  expect((await asking("GET", "/repos/octo/shop/issues/12/comments")).status).toBe(401);
});

test("a job of the runner harness has a token with the job's permissions", async () => {
  const azure = createAzure();
  azure.githubApi.addRepository({ name: "octo/shop" });
  azure.githubApi.addPullRequest("octo/shop", { number: 12 });
  const job = withToken(azure.githubApi, {
    repositoryRoot: import.meta.dirname,
    permissions: { "pull-requests": "write" },
    github: { repository: "octo/shop" },
    steps: [{ run: 'echo "The token is $TOKEN"', env: { TOKEN: "${{ github.token }}" } }],
  });
  const { log } = await runJob(job);
  expect(log.map(({ text }) => text)).toContain("The token is ***");
  const asking = ask(azure, `${job.github?.token}`);
  expect((await asking("POST", "/repos/octo/shop/issues/12/comments", { body: "Hello" })).status).toBe(201);
  expect((await asking("GET", "/repos/octo/shop/actions/runs/1")).status).toBe(403);
});
