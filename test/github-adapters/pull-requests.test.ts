import { describe, expect, test } from "@jest/globals";
import { isForeign } from "../../src/preview/pull-request.ts";
import { meet, REPOSITORY } from "./on-github.ts";

describe("a pull request", () => {
  test("is told as it is now", async () => {
    const { api, github } = meet();
    const pull = api.addPullRequest(REPOSITORY, {
      number: 13,
      title: "Ship <b>it</b> `now`",
      author: "mona",
      headRef: "feature/$(id)",
      baseRef: "main",
      labels: ["preview"],
      draft: true,
    });
    const find = () => github.pulls.find(REPOSITORY, 13);
    expect(await find()).toEqual({
      number: 13,
      state: "open",
      merged: false,
      draft: true,
      title: "Ship <b>it</b> `now`",
      labels: ["preview"],
      author: "mona",
      headSha: pull.headSha,
      headRef: "feature/$(id)",
      headRepository: "octo/shop",
      baseRef: "main",
      url: "https://github.com/octo/shop/pull/13",
    });
    const pushed = pull.push();
    pull.markDraft(false);
    pull.unlabel("preview");
    pull.label("later");
    expect(await find()).toMatchObject({ headSha: pushed, draft: false, labels: ["later"] });
    pull.close();
    expect(await find()).toMatchObject({ state: "closed", merged: false });
    pull.reopen();
    expect(await find()).toMatchObject({ state: "open" });
    pull.merge();
    expect(await find()).toMatchObject({ state: "closed", merged: true, headSha: pushed });
  });

  test("of a fork is foreign, also when the fork is gone", async () => {
    const { api, github } = meet();
    const pull = api.addPullRequest(REPOSITORY, { number: 13, author: "mallory", headRepository: "mallory/shop" });
    const foreign = async () => {
      const found = await github.pulls.find(REPOSITORY, 13);
      return [found?.headRepository, found && isForeign(found, REPOSITORY)];
    };
    expect(await foreign()).toEqual(["mallory/shop", true]);
    pull.deleteFork();
    expect(await foreign()).toEqual([undefined, true]);
    expect(await github.pulls.find(REPOSITORY, 13)).toMatchObject({ state: "closed", headSha: pull.headSha });
  });

  test("whose author is gone is the ghost's", async () => {
    const { azure, github } = meet();
    const answer = (given: { readonly body: string | Buffer }) =>
      ({ ...given, body: JSON.stringify({ ...JSON.parse(`${given.body}`), user: null }) }) as never;
    azure.faults.add({ name: "gone", when: { path: /pulls/ } }, { kind: "rewrite", answer });
    expect(await github.pulls.find(REPOSITORY, 12)).toMatchObject({ author: "ghost" });
  });

  test("that is an issue, not there, or out of sight is none", async () => {
    const { api, github } = meet();
    api.addIssue(REPOSITORY, { number: 13 });
    api.addRepository({ name: "octo/secret" });
    api.addPullRequest("octo/secret", { number: 12 });
    expect(await github.pulls.find(REPOSITORY, 13)).toBeUndefined();
    expect(await github.pulls.find(REPOSITORY, 99)).toBeUndefined();
    expect(await github.pulls.find("octo/secret", 12)).toBeUndefined();
  });
});

describe("what is open", () => {
  test("is listed to the last of 250, the oldest first", async () => {
    const { api, github, asked } = meet();
    for (let number = 13; number <= 311; number += 1) {
      const pull = api.addPullRequest(REPOSITORY, { number });
      if (number % 6 === 0) pull.close();
    }
    const open = await github.pulls.listOpen(REPOSITORY);
    expect(open).toHaveLength(251);
    expect(open.map(({ number }) => number)).toEqual(open.map(({ number }) => number).toSorted((a, b) => a - b));
    expect(open.every(({ state, merged }) => state === "open" && !merged)).toBe(true);
    expect(asked()).toHaveLength(3);
  });

  test("is nothing where nothing is open", async () => {
    const { api, github } = meet();
    api.pull(REPOSITORY, 12).merge();
    expect(await github.pulls.listOpen(REPOSITORY)).toEqual([]);
  });
});
