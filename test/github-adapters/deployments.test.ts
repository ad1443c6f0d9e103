import { describe, expect, test } from "@jest/globals";
import { type Meeting, meet, REPOSITORY } from "./on-github.ts";
import { failing } from "./spoil.ts";

const PLACE = { environment: "preview", task: "mayfly:pr-12" };
const headOf = ({ api }: Meeting) => api.pull(REPOSITORY, 12).headSha;
const create = (meeting: Meeting, more: object = {}) =>
  meeting.github.deployments.create(REPOSITORY, { ...PLACE, sha: headOf(meeting), payload: { pr: 12 }, ...more });

describe("a deployment", () => {
  test("is made of the head commit, whatever its checks and its branch are like", async () => {
    const meeting = meet();
    const pull = meeting.api.pull(REPOSITORY, 12);
    pull.conflicting = true;
    meeting.api.repository(REPOSITORY).failing.add(pull.headSha);
    expect(await create(meeting)).toEqual({
      id: meeting.api.deployments(REPOSITORY)[0]?.id,
      sha: pull.headSha,
      ...PLACE,
      createdAt: new Date("2026-11-21T09:17:00Z"),
    });
    expect(meeting.api.deployments(REPOSITORY)).toMatchObject([
      { ...PLACE, sha: pull.headSha, payload: { pr: 12 }, transient: true, state: "pending" },
    ]);
  });

  test("of a fork's commit is made, too, and of an unknown one is not", async () => {
    const meeting = meet();
    const { headSha } = meeting.api.addPullRequest(REPOSITORY, { number: 13, headRepository: "mallory/shop" });
    await create(meeting, { sha: headSha });
    const { code, text } = await failing(meeting, create(meeting, { sha: "0".repeat(40) }));
    expect(code).toBe("github-refused");
    expect(text).toContain("No ref found for: 000000");
    expect(meeting.api.deployments(REPOSITORY)).toHaveLength(1);
  });

  test("goes through its states, with where it stands, and leaves those of others as they are", async () => {
    const meeting = meet();
    const { github, api } = meeting;
    api.addPullRequest(REPOSITORY, { number: 13 });
    const other = await create(meeting, { task: "mayfly:pr-13" });
    const success = {
      state: "success",
      description: "Smoke-tested.",
      environmentUrl: "https://pr-13.example",
    } as const;
    await github.deployments.setStatus(REPOSITORY, other.id, success);
    const { id } = await create(meeting);
    await github.deployments.setStatus(REPOSITORY, id, { state: "in_progress", description: "" });
    await github.deployments.setStatus(REPOSITORY, id, {
      state: "success",
      description: `Smoke-tested,\n${"x".repeat(200)}`,
      environmentUrl: "https://pr-12.example",
      logUrl: "https://github.com/octo/shop/actions/runs/1",
    });
    expect(api.deployments(REPOSITORY)).toMatchObject([
      { state: "success", environmentUrl: "https://pr-13.example" },
      {
        states: ["in_progress", "success"],
        description: `Smoke-tested, ${"x".repeat(125)}…`,
        environmentUrl: "https://pr-12.example",
        logUrl: "https://github.com/octo/shop/actions/runs/1",
      },
    ]);
  });

  test("with an address that is none is refused in GitHub's words", async () => {
    const meeting = meet();
    const { id } = await create(meeting);
    const status = { state: "success", description: "", environmentUrl: "javascript:alert(1)" } as const;
    const { code, text } = await failing(meeting, meeting.github.deployments.setStatus(REPOSITORY, id, status));
    expect(code).toBe("github-refused");
    expect(text).toContain("environment_url must use http(s) scheme");
  });
});

describe("deployments", () => {
  test("are listed by environment and task, the newest first, to the last of 250", async () => {
    const meeting = meet();
    const { api, github, asked } = meeting;
    const ref = headOf(meeting);
    for (let count = 0; count < 250; count += 1) api.addDeployment(REPOSITORY, { ref, ...PLACE });
    api.addDeployment(REPOSITORY, { ref, ...PLACE, task: "mayfly:pr-123" });
    api.addDeployment(REPOSITORY, { ref, ...PLACE, environment: "production" });
    const listed = await github.deployments.list(REPOSITORY, "preview", "mayfly:pr-12");
    expect(listed).toHaveLength(250);
    expect(listed.map(({ id }) => id)).toEqual(listed.map(({ id }) => id).toSorted((a, b) => b - a));
    expect(listed.every(({ environment, task }) => environment === "preview" && task === "mayfly:pr-12")).toBe(true);
    expect(asked()).toHaveLength(3);
  });

  test("are deleted though they are active, and one that is gone is no fault", async () => {
    const meeting = meet();
    const { api, github } = meeting;
    const { id: kept } = api.addDeployment(REPOSITORY, { ref: headOf(meeting), environment: "preview" });
    const { id } = await create(meeting);
    await github.deployments.setStatus(REPOSITORY, id, { state: "success", description: "Smoke-tested." });
    expect(await github.deployments.delete(REPOSITORY, id)).toBe(true);
    expect(await github.deployments.delete(REPOSITORY, id)).toBe(false);
    expect(api.deployments(REPOSITORY).map((each) => each.id)).toEqual([kept]);
  });

  test("that somebody made active again meanwhile stay, which is told", async () => {
    const meeting = meet();
    const { azure, api, github } = meeting;
    const { id } = await create(meeting);
    api.addDeployment(REPOSITORY, { ref: headOf(meeting), environment: "preview" });
    const again = meeting.connect();
    const run = () => again.deployments.setStatus(REPOSITORY, id, { state: "success", description: "" });
    azure.faults.add({ name: "meanwhile", when: { method: "DELETE" }, times: 1 }, { kind: "meanwhile", run });
    const { code, text } = await failing(meeting, github.deployments.delete(REPOSITORY, id));
    expect(code).toBe("github-refused");
    expect(text).toContain("cannot delete an active deployment");
    expect(await github.deployments.delete(REPOSITORY, id)).toBe(true);
  });

  test("are made anew where one on the same commit has been told of already", async () => {
    const meeting = meet();
    const { id } = await create(meeting);
    await meeting.github.deployments.setStatus(REPOSITORY, id, { state: "failure", description: "No node." });
    meeting.azure.faults.add({ name: "lost", when: { method: "POST" }, times: 1 }, { kind: "reset" });
    expect((await create(meeting)).id).not.toBe(id);
    expect(meeting.api.deployments(REPOSITORY)).toHaveLength(2);
  });
});
