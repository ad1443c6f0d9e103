import { describe, expect, test } from "@jest/globals";
import { BOT, MARKER, meet, REPOSITORY } from "./on-github.ts";

describe("our comment", () => {
  test("is read as it stands, behind 250 of others", async () => {
    const { api, github } = meet();
    for (let count = 0; count < 250; count += 1) api.addComment(REPOSITORY, 12, "mona", `${MARKER}\nRemark ${count}`);
    const { id } = api.addComment(REPOSITORY, 12, BOT, `${MARKER}\nDeployed.`);
    expect(await github.ownComments.find(REPOSITORY, 12, MARKER)).toEqual({
      id,
      body: `${MARKER}\nDeployed.`,
      url: `https://github.com/octo/shop/pull/12#issuecomment-${id}`,
    });
  });

  test("is the one that is written to: the oldest that is shown, whatever others pretend", async () => {
    const meeting = meet();
    const { api, github } = meeting;
    api.addComment(REPOSITORY, 12, "github-actions", `${MARKER}\nA person's.`);
    api.addComment(REPOSITORY, 12, "other-app[bot]", `${MARKER}\nAnother app's.`);
    api.hideComment(REPOSITORY, api.addComment(REPOSITORY, 12, BOT, `${MARKER}\nHidden.`).id, "outdated");
    const { id } = api.addComment(REPOSITORY, 12, BOT, `${MARKER}\nShown.`);
    api.addComment(REPOSITORY, 12, BOT, `${MARKER}\nA duplicate.`);
    expect(await github.ownComments.find(REPOSITORY, 12, MARKER)).toMatchObject({ id });
    expect(await meeting.write("Applied.")).toContain(`${id}`);
    expect(await github.ownComments.find(REPOSITORY, 12, MARKER)).toMatchObject({ id, body: `${MARKER}\nApplied.` });
  });

  test("is none where only others have written, and asks once whose the token is", async () => {
    const { api, github, asked } = meet();
    expect(await github.ownComments.find(REPOSITORY, 12, MARKER)).toBeUndefined();
    api.addComment(REPOSITORY, 12, "mona", `${MARKER}\nMine.`);
    for (let count = 0; count < 3; count += 1)
      expect(await github.ownComments.find(REPOSITORY, 12, MARKER)).toBeUndefined();
    expect(asked().filter((request) => request === "POST /graphql")).toHaveLength(1);
  });

  test("of an issue that is not there is told", async () => {
    const { github } = meet();
    await expect(github.ownComments.find(REPOSITORY, 99, MARKER)).rejects.toMatchObject({ code: "github-not-found" });
  });
});

describe("a reaction", () => {
  test("is added once, however often it is asked for, and beside those of others", async () => {
    const { api, github, connect } = meet();
    const { id } = api.addComment(REPOSITORY, 12, "mona", "/preview");
    await github.reactions.add(REPOSITORY, id, "eyes");
    await github.reactions.add(REPOSITORY, id, "eyes");
    const token = api.createToken({ actor: "mona", permissions: { "pull-requests": "write" } });
    await connect({ token }).reactions.add(REPOSITORY, id, "eyes");
    await github.reactions.add(REPOSITORY, id, "confused");
    expect(api.reactions(REPOSITORY, id)).toEqual([
      { author: BOT, content: "eyes" },
      { author: "mona", content: "eyes" },
      { author: BOT, content: "confused" },
    ]);
  });

  test("to a comment that is gone is told, and one with a fork's token names the reason", async () => {
    const { api, github, connect } = meet();
    const { id } = api.addComment(REPOSITORY, 12, "mona", "/preview");
    const options = { repository: REPOSITORY, permissions: { "pull-requests": "write" }, readOnly: true };
    const foreign = connect({ token: api.createToken(options) });
    await expect(foreign.reactions.add(REPOSITORY, id, "eyes")).rejects.toMatchObject({
      code: "github-permission",
      message: expect.stringContaining("For a pull request of a fork or of Dependabot the token is read-only"),
    });
    api.deleteComment(REPOSITORY, id);
    await expect(github.reactions.add(REPOSITORY, id, "eyes")).rejects.toMatchObject({ code: "github-not-found" });
  });
});
