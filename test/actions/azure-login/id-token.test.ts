import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectIdToken } from "../../../src/actions/github-id-token.ts";
import { makeIdToken } from "./fake-world.ts";

const REQUEST = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://run-actions-1.actions.githubusercontent.com/x?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
};
const JOB = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_REPOSITORY: "octo/app",
  GITHUB_ACTOR: "mona",
  GITHUB_WORKFLOW_REF: "octo/app/.github/workflows/ci.yml@refs/heads/main",
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "event-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeEvent(event: unknown): Promise<string> {
  const path = join(folder, "event.json");
  await writeFile(path, typeof event === "string" ? event : JSON.stringify(event));
  return path;
}

/** A token service that answers in order; an Error is thrown. */
function ask(
  answers: readonly (string | Error)[],
  environment: Readonly<Record<string, string>>,
  jobWorkflowRef?: string,
) {
  const masked: string[] = [];
  const waits: number[] = [];
  let asked = 0;
  const idToken = connectIdToken(
    {
      environment,
      idToken: async () => {
        const answer = answers[Math.min(asked, answers.length - 1)];
        asked += 1;
        if (typeof answer !== "string") throw answer;
        return answer;
      },
      mask: (secret) => masked.push(secret),
      now: () => new Date(),
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
      },
      random: () => 0.5,
      cancelled: new AbortController().signal,
    },
    jobWorkflowRef,
  );
  return { token: idToken("api://AzureADTokenExchange"), masked, waits, asked: () => asked };
}

const fault = (status: number | undefined, words: string): Error =>
  new Error(
    `Error message: Failed to get ID Token. \n \n        Error Code : ${status}\n \n        Error Message: ${words}`,
  );

describe("an ID token", () => {
  test("is masked before anybody gets it", async () => {
    const { token, masked } = ask([makeIdToken()], REQUEST);
    expect(await token).toBe(makeIdToken());
    expect(masked).toEqual([makeIdToken()]);
  });

  test("is asked for again when GitHub is busy, three times at most", async () => {
    const busy = fault(503, "Service Unavailable");
    const lucky = ask([busy, makeIdToken()], REQUEST);
    await lucky.token;
    expect(lucky.waits).toEqual([250]);
    const unlucky = ask([busy], REQUEST);
    await expect(unlucky.token).rejects.toMatchObject({ code: "id-token-refused" });
    expect(unlucky.asked()).toBe(3);
  });

  test("is asked for once when GitHub says no", async () => {
    const { token, asked } = ask([fault(401, "Unauthorized")], REQUEST);
    await expect(token).rejects.toMatchObject({ code: "id-token-refused" });
    expect(asked()).toBe(1);
  });

  test("that is a proxy's page is masked all the same, and refused", async () => {
    const { token, masked } = ask(["<html>"], REQUEST);
    await expect(token).rejects.toMatchObject({ code: "id-token-unreadable" });
    expect(masked).toEqual(["<html>"]);
  });
});

describe("a job that may not ask", () => {
  const codeOf = async (environment: Readonly<Record<string, string>>, jobWorkflowRef?: string) => {
    const { token, asked } = ask([makeIdToken()], environment, jobWorkflowRef);
    const error: unknown = await token.catch((thrown: unknown) => thrown);
    expect(asked()).toBe(0);
    return error;
  };

  test("learns that its pull request is of a fork, also of a deleted one", async () => {
    const fork = await writeEvent({ pull_request: { head: { repo: { full_name: "eve/app" } } } });
    expect(await codeOf({ ...JOB, GITHUB_EVENT_PATH: fork })).toMatchObject({ code: "id-token-fork" });
    const deleted = await writeEvent({ pull_request: { head: { repo: null } } });
    expect(await codeOf({ ...JOB, GITHUB_EVENT_PATH: deleted })).toMatchObject({ code: "id-token-fork" });
  });

  test("learns that it lacks the permission, even when its event cannot be read", async () => {
    const broken = await writeEvent("{");
    expect(await codeOf({ ...JOB, GITHUB_EVENT_PATH: broken })).toMatchObject({ code: "id-token-permission" });
    expect(await codeOf({ ...JOB, ...REQUEST, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" })).toMatchObject({
      code: "id-token-permission",
    });
  });

  test("learns that its caller lacks it, where GitHub tells the called workflow", async () => {
    const called = "octo/shared/.github/workflows/deploy.yml@refs/heads/main";
    expect(await codeOf(JOB, called)).toMatchObject({ code: "id-token-reusable-workflow" });
    // Older runners and GHES leave the expression as it is, or empty.
    const expression = "$" + "{{ job.workflow_ref }}";
    expect(await codeOf(JOB, expression)).toMatchObject({ code: "id-token-permission" });
    expect(await codeOf(JOB, "")).toMatchObject({ code: "id-token-permission" });
  });
});
