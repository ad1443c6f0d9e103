import { describe, expect, test } from "@jest/globals";
import { open } from "./asking.ts";

const PATH = "/repos/octo/shop/deployments";
const WANTED = { environment: "preview", task: "mayfly:pr-12", auto_merge: false, required_contexts: [] };

function scene() {
  const { api, azure, as } = open();
  const pull = api.pull("octo/shop", 12);
  const asking = as({ permissions: { deployments: "write" } });
  const create = async (more: object = {}) => await asking("POST", PATH, { ...WANTED, ref: pull.headSha, ...more });
  const say = async (id: unknown, state: string, more: object = {}) =>
    await asking("POST", `${PATH}/${id}/statuses`, { state, ...more });
  return { api, azure, as, pull, asking, create, say };
}

describe("a deployment", () => {
  test("is of a commit or a branch", async () => {
    const { api, pull, create } = scene();
    const made = await create({ payload: { pr: 12 }, transient_environment: true });
    expect(made).toMatchObject({
      status: 201,
      json: {
        ref: pull.headSha,
        sha: pull.headSha,
        task: "mayfly:pr-12",
        environment: "preview",
        payload: { pr: 12 },
        transient_environment: true,
        production_environment: false,
      },
    });
    expect((await create({ ref: "topic-12" })).json).toMatchObject({ ref: "topic-12", sha: pull.headSha });
    expect(await create({ ref: "gone" })).toMatchObject({ status: 422, json: { message: "No ref found for: gone" } });
    expect(api.deployments("octo/shop")).toMatchObject([{ state: "pending", transient: true }, { transient: false }]);
  });

  test("waits for the commit's checks unless it is told not to", async () => {
    const { api, pull, create } = scene();
    api.addCheck("octo/shop", { name: "preview / gate", headSha: pull.headSha, ofJob: true });
    expect(await create({ required_contexts: undefined })).toMatchObject({
      status: 409,
      json: {
        message: `Conflict: Commit status checks failed for ${pull.headSha}.`,
        errors: [{ resource: "Deployment", field: "required_contexts", code: "invalid" }],
      },
    });
    expect((await create()).status).toBe(201);
  });

  test("wants to be merged first unless it is told not to", async () => {
    const { pull, create } = scene();
    pull.conflicting = true;
    expect(await create({ auto_merge: undefined })).toMatchObject({
      status: 409,
      json: { message: `Conflict merging main into ${pull.headSha}.` },
    });
    expect((await create()).status).toBe(201);
  });

  test("is told of in statuses, the newest first", async () => {
    const { asking, create, say } = scene();
    const { id } = (await create()).json;
    await say(id, "in_progress");
    await say(id, "success", { environment_url: "https://pr-12.example", description: "Tested." });
    const { list } = await asking("GET", `${PATH}/${id}/statuses`);
    expect(list).toMatchObject([
      { state: "success", environment_url: "https://pr-12.example", description: "Tested." },
      { state: "in_progress", environment_url: "" },
    ]);
    for (const [state, more] of [
      ["done", {}],
      ["success", { description: "x".repeat(141) }],
      ["success", { environment_url: "javascript:alert(1)" }],
    ] as const)
      expect((await say(id, state, more)).status).toBe(422);
    expect((await say(1, "success")).status).toBe(404);
  });

  test("makes the earlier ones of its environment inactive unless it is told not to", async () => {
    const { api, create, say } = scene();
    for (const more of [{}, { transient_environment: true }, { environment: "other" }])
      await say((await create(more)).json["id"], "success", { auto_inactive: false });
    const { id } = (await create()).json;
    const states = () => api.deployments("octo/shop").map(({ state }) => state);
    await say(id, "success", { auto_inactive: false });
    expect(states()).toEqual(["success", "success", "success", "success"]);
    await say(id, "success");
    expect(states()).toEqual(["inactive", "success", "success", "success"]);
  });

  test("is not deleted while it is active, unless it is the only one of its environment", async () => {
    const { asking, create, say } = scene();
    const [first, second] = [(await create()).json["id"], (await create()).json["id"]];
    await say(first, "success");
    const remove = (id: unknown) => asking("DELETE", `${PATH}/${id}`);
    expect(await remove(first)).toMatchObject({
      status: 422,
      json: { message: expect.stringMatching(/^We cannot delete an active deployment unless/) },
    });
    expect((await remove(second)).status).toBe(204);
    expect((await remove(first)).status).toBe(204);
    expect((await remove(first)).status).toBe(404);
  });

  test("is found by environment, task, commit and ref, in pages, a little later where that is wanted", async () => {
    const { api, azure, pull, asking, create } = scene();
    for (let count = 0; count < 32; count += 1) await create();
    await create({ task: "deploy" });
    await create({ environment: "other", ref: "topic-12" });
    const count = async (query: string) => (await asking("GET", `${PATH}?per_page=100&${query}`)).list.length;
    expect((await asking("GET", PATH)).headers["link"]).toContain("/repositories/599293758/deployments?page=2");
    expect(await count("environment=preview")).toBe(33);
    expect(await count("environment=preview&task=mayfly%3Apr-12")).toBe(32);
    expect(await count("ref=topic-12")).toBe(1);
    expect(await count(`sha=${pull.headSha}`)).toBe(34);
    pull.push();
    expect(await count(`sha=${pull.headSha}`)).toBe(0);
    api.settings.listLagMilliseconds = 1_000;
    expect(await count("")).toBe(0);
    azure.clock.advance(1_000);
    expect(await count("")).toBe(34);
  });

  test("needs its permission, and a person who may push", async () => {
    const { api, as, pull } = scene();
    const body = { ...WANTED, ref: pull.headSha };
    const readOnly = as({ permissions: { deployments: "write" }, readOnly: true });
    const refused = await readOnly("POST", PATH, body);
    expect([refused.status, refused.headers["x-accepted-github-permissions"]]).toEqual([403, "deployments=write"]);
    expect((await readOnly("GET", PATH)).status).toBe(200);
    expect((await as({ actor: "hubot", classic: true })("POST", PATH, body)).status).toBe(404);
    api.repository("octo/shop").archived = true;
    const archived = await as({ permissions: { deployments: "write" } })("POST", PATH, body);
    expect(archived.json["message"]).toBe("Repository was archived so is read-only.");
  });
});

describe("a reaction", () => {
  test("stays one, and is listed with those of others", async () => {
    const { api, as } = open();
    const { id } = api.addComment("octo/shop", 12, "mona", "/preview");
    const path = `/repos/octo/shop/issues/comments/${id}/reactions`;
    const react = async (content: string, actor = "github-actions[bot]") =>
      (await as({ actor })("POST", path, { content })).status;
    expect([await react("eyes"), await react("eyes"), await react("eyes", "mona")]).toEqual([201, 200, 201]);
    expect(await react("banana")).toBe(422);
    expect((await as()("GET", path)).list).toMatchObject([{ content: "eyes" }, { user: { login: "mona" } }]);
    const refused = await as({ permissions: { "pull-requests": "read" } })("POST", path, { content: "eyes" });
    expect(refused.headers["x-accepted-github-permissions"]).toBe("issues=write; pull_requests=write");
    expect((await as()("POST", "/repos/octo/shop/issues/comments/1/reactions", { content: "eyes" })).status).toBe(404);
  });
});

describe("a run", () => {
  test("is run again when it is over, not too old, and by whom may do that", async () => {
    const { api, azure, as } = open();
    const run = api.addRun("octo/shop");
    const path = `/repos/octo/shop/actions/runs/${run.id}/rerun`;
    const asking = as({ permissions: { actions: "write" } });
    const words = async () => (await asking("POST", path)).json["message"];
    expect(await words()).toBe("This workflow is already running");
    run.complete("failure");
    expect((await as({ actor: "hubot", classic: true })("POST", path)).status).toBe(403);
    const refused = await as({ permissions: { actions: "read" } })("POST", path);
    expect([refused.status, refused.headers["x-accepted-github-permissions"]]).toEqual([403, "actions=write"]);
    expect((await asking("POST", path)).status).toBe(201);
    expect(run.attempts).toHaveLength(2);
    run.complete();
    azure.clock.advance(31 * 86_400_000);
    expect(await words()).toBe("Unable to retry this workflow run because it was created over a month ago");
    expect((await asking("POST", "/repos/octo/shop/actions/runs/1/rerun")).status).toBe(404);
  });
});
