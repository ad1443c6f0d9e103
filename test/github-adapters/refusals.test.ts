import { describe, expect, jest, test } from "@jest/globals";
import type { Effect, FaultMatch } from "../azure/faults.ts";
import { unprocessable } from "../github/failure.ts";
import { inSight, MARKER, meet, REPOSITORY } from "./on-github.ts";
import { failing, GITHUB, respond, spoil } from "./spoil.ts";

describe("a refusal says what to do", () => {
  test("when the job lacks the permission, with the line to add", async () => {
    const meeting = meet({ permissions: { contents: "read", "pull-requests": "read" } });
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-permission");
    expect(text).toContain("Cannot comment on octo/shop#12");
    expect(text).toContain("permissions:\n  pull-requests: write");
    expect(meeting.waits).toEqual([]);
  });

  test("when a person's token lacks it, without a word on jobs", async () => {
    const { code, text } = await failing(meet({ actor: "mona", permissions: { "pull-requests": "read" } }));
    expect(code).toBe("github-permission");
    expect(text).toContain('The personal access token needs the repository permission "pull-requests: write"');
    expect(text).not.toContain("Add it to the job");
  });

  test("when the token is over", async () => {
    const meeting = meet();
    meeting.api.revokeToken(meeting.token);
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-token-rejected");
    expect(text).toContain("Bad credentials");
  });

  test("when the conversation is locked", async () => {
    const meeting = meet();
    const issue = meeting.api.repository(REPOSITORY).issues.get(12);
    if (issue !== undefined) issue.locked = true;
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-locked");
    expect(text).toContain("Unlock it");
  });

  test("when GitHub takes the text for spam, in GitHub's words", async () => {
    const meeting = meet();
    spoil(meeting, respond(unprocessable("was submitted too quickly", "issues/comments")), { method: "POST" });
    const { code, text } = await failing(meeting);
    expect(code).toBe("github-refused");
    expect(text).toContain("Validation Failed: was submitted too quickly");
    expect(meeting.waits).toEqual([]);
  });

  test("when GitHub counts characters in its own way", async () => {
    const meeting = meet();
    meeting.api.settings.bodyLimit = { bytes: 100 };
    const { code, text } = await failing(meeting, meeting.write("x".repeat(100)));
    expect(code).toBe("github-refused");
    expect(text).toContain("Body is too long (maximum is 65536 characters)");
  });

  test("when there is no such pull request, or none that the token may see", async () => {
    const meeting = meet();
    expect(await failing(meeting, meeting.write("Planned.", { issue: 99 }))).toMatchObject({
      code: "github-not-found",
    });
    const elsewhere = meeting.github.comments.write({
      repository: "octo/else",
      issue: 1,
      marker: MARKER,
      body: "Hello",
    });
    expect(await failing(meeting, elsewhere)).toMatchObject({ code: "github-not-found" });
  });

  test.each(["octo", "octo/shop/..", "../shop", "octo/..", "octo/shop?x"])(
    "when %p is no repository",
    async (repository) => {
      const meeting = meet();
      const write = meeting.github.comments.write({ repository, issue: 12, marker: MARKER, body: "Hello" });
      expect(await failing(meeting, write)).toMatchObject({ code: "github-repository-invalid" });
      expect(meeting.asked()).toEqual([]);
    },
  );
});

test("a closed pull request is commented on all the same", async () => {
  const meeting = meet();
  const issue = meeting.api.repository(REPOSITORY).issues.get(12);
  if (issue !== undefined) issue.state = "closed";
  await meeting.write("Destroyed.");
  expect(inSight(meeting.api)).toHaveLength(1);
});

describe("trouble on the way", () => {
  const list: FaultMatch = { method: "GET", host: "api.github.com" };
  const create: FaultMatch = { method: "POST", host: "api.github.com" };

  test.each<[string, Effect]>([
    ["502 with a page", { kind: "respond", status: 502, body: "<html>Unicorn!</html>" }],
    ["503", { kind: "respond", status: 503, body: { message: "No server is currently available" } }],
    ["a broken connection", { kind: "reset" }],
  ])("%s on a look is tried again", async (_, effect) => {
    const meeting = meet();
    spoil(meeting, effect, list, 3);
    await meeting.write("Planned.");
    expect(inSight(meeting.api)).toHaveLength(1);
    expect(meeting.waits).toHaveLength(3);
  });

  test.each<[string, Effect]>([
    ["broken before it arrived", { kind: "reset" }],
    ["broken after it was carried out", { kind: "reset", carriedOut: true }],
    [
      "answered 502 although it was carried out",
      { kind: "rewrite", answer: () => ({ status: 502, headers: { "content-type": "text/html" }, body: "Unicorn!" }) },
    ],
  ])("a comment whose request was %s stands there once", async (_, effect) => {
    const meeting = meet();
    spoil(meeting, effect, create);
    await meeting.write("Planned.");
    expect(meeting.api.comments(REPOSITORY, 12).map(({ body }) => body)).toEqual([`${MARKER}\nPlanned.`]);
  });

  test("that lasts is told", async () => {
    const silent = meet();
    spoil(silent, { kind: "reset" }, GITHUB, 99);
    const { code, text } = await failing(silent);
    expect(code).toBe("github-unreachable");
    expect(text).toContain("ECONNRESET");
    const broken = meet();
    spoil(broken, { kind: "respond", status: 500, body: { message: "Server Error" } }, create, 99);
    expect(await failing(broken)).toMatchObject({ code: "github-unavailable" });
    expect(broken.waits.length).toBeLessThan(10);
  });

  test("a proxy's page in GitHub's place is not taken for an empty conversation", async () => {
    const meeting = meet();
    spoil(meeting, { kind: "respond", status: 200, body: "<html>Log in</html>" }, list, 99);
    expect(await failing(meeting)).toMatchObject({ code: "github-unreachable" });
    expect(meeting.azure.traffic.find({ method: "POST" })).toEqual([]);
  });

  test("a next page on another host does not get the token", async () => {
    const meeting = meet();
    const link = '<https://api.github.com.evil.example/next>; rel="next"';
    spoil(meeting, { kind: "rewrite", answer: (given) => ({ ...given, headers: { ...given.headers, link } }) }, list);
    expect(await failing(meeting)).toMatchObject({ code: "github-unreachable" });
    expect(meeting.azure.traffic.find({ host: /evil/ })).toEqual([]);
  });

  test("the last words of a cancelled job get through, for some seconds", async () => {
    jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "performance"] });
    try {
      const meeting = meet();
      meeting.cancel.abort();
      await meeting.write("Cancelled.");
      expect(inSight(meeting.api)).toEqual([`github-actions[bot]: ${MARKER}\nCancelled.`]);
      jest.advanceTimersByTime(4_001);
      meeting.asked();
      expect(await failing(meeting)).toMatchObject({ code: "cancelled" });
      expect(meeting.asked()).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });

  test("an answer that never comes is given up", async () => {
    jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "performance"] });
    try {
      const meeting = meet();
      let asked = 0;
      const silent: typeof fetch = (_, init) => {
        asked += 1;
        const { promise, reject } = Promise.withResolvers<never>();
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        return promise;
      };
      const { comments } = meeting.connect({ fetch: silent });
      let over = false;
      const write = comments.write({ repository: REPOSITORY, issue: 12, marker: MARKER, body: "x" });
      const failed = failing(meeting, write).finally(() => {
        over = true;
      });
      while (!over) {
        // Octokit is loaded in real time.
        await new Promise((resolve) => setImmediate(resolve));
        await jest.advanceTimersByTimeAsync(1_000);
      }
      const { code, text } = await failed;
      expect([asked, code]).toEqual([5, "github-unreachable"]);
      expect(text).toContain("no answer in time");
    } finally {
      jest.useRealTimers();
    }
  });

  test("an address that is none is refused", () => {
    const connect = () => meet().connect({ environment: { GITHUB_API_URL: "github" } });
    expect(connect).toThrow('GITHUB_API_URL: expected an address, got "github"');
  });
});

test("the token is hidden from the log before anything is asked", () => {
  const meeting = meet();
  expect(meeting.masked).toEqual([meeting.token]);
  expect(meeting.asked()).toEqual([]);
});

test("every request names the version of the API that it was written for", async () => {
  const meeting = meet();
  meeting.api.addComment(REPOSITORY, 12, "mona", `${MARKER}\nMine.`);
  await meeting.write("Planned.");
  const versions = meeting.azure.traffic.requests.map(({ headers }) => headers["x-github-api-version"]);
  expect(versions).toEqual(versions.map(() => "2022-11-28"));
});

test("a company's server is asked under its own address", async () => {
  const meeting = meet();
  const asked: string[] = [];
  const watch: typeof fetch = async (input) => {
    asked.push(`${input}`);
    return Response.json([]);
  };
  const environment = { GITHUB_API_URL: "https://github.octo.example/api/v3" };
  const { comments } = meeting.connect({ environment, fetch: watch });
  await comments.write({ repository: REPOSITORY, issue: 12, marker: MARKER, body: "x", onlyExisting: true });
  expect(asked).toEqual(["https://github.octo.example/api/v3/repos/octo/shop/issues/12/comments?per_page=100"]);
});
