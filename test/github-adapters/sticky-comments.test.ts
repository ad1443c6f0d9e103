import { describe, expect, test } from "@jest/globals";
import { BOT, inSight, MARKER, type Meeting, meet, REPOSITORY } from "./on-github.ts";

const LIST = "GET /repos/octo/shop/issues/12/comments";
const CREATE = "POST /repos/octo/shop/issues/12/comments";
const GRAPHQL = "POST /graphql";

const add = ({ api }: Meeting, body: string, author = BOT) =>
  api.addComment(REPOSITORY, 12, author, `${MARKER}\n${body}`).id;
const edit = (id: number) => `PATCH /repos/octo/shop/issues/comments/${id}`;
const only = (body: string) => [`${BOT}: ${MARKER}\n${body}`];

describe("the sticky comment", () => {
  test("is made when there is none, and looked at once more", async () => {
    const meeting = meet();
    const url = await meeting.write("Planned.");
    expect(inSight(meeting.api)).toEqual(only("Planned."));
    expect(url).toBe(meeting.api.comments(REPOSITORY, 12)[0]?.url);
    expect(meeting.asked()).toEqual([LIST, CREATE, LIST]);
  });

  test("is edited afterwards, and whose the token is was told when it was made", async () => {
    const meeting = meet();
    const url = await meeting.write("Planned.");
    meeting.asked();
    expect(await meeting.write("Applied.")).toBe(url);
    expect(inSight(meeting.api)).toEqual(only("Applied."));
    expect(meeting.asked()).toEqual([LIST, edit(Number(url?.split("-").at(-1)))]);
  });

  test("costs no change when it says this already, also with the line ends of a browser", async () => {
    const meeting = meet();
    meeting.api.addComment(REPOSITORY, 12, BOT, `${MARKER}\r\nPlanned.\r\n`);
    await meeting.write("Planned.");
    expect(meeting.asked()).toEqual([LIST, GRAPHQL]);
    expect(meeting.azure.traffic.find({ path: "/graphql" })[0]?.body).toContain("viewer");
  });

  test("keeps a marker that the body has already", async () => {
    const meeting = meet();
    await meeting.write(`${MARKER}\nPlanned.`);
    expect(inSight(meeting.api)).toEqual(only("Planned."));
  });

  test("is found behind 250 comments of others, by the links that GitHub gives", async () => {
    const meeting = meet();
    for (let count = 0; count < 250; count += 1) meeting.api.addComment(REPOSITORY, 12, "mona", `Remark ${count}`);
    const id = add(meeting, "Planned.");
    await meeting.write("Applied.");
    const pages = "GET /repositories/599293758/issues/12/comments";
    expect(meeting.asked()).toEqual([LIST, pages, pages, GRAPHQL, edit(id)]);
    expect(meeting.api.comments(REPOSITORY, 12)).toHaveLength(251);
  });

  test.each([
    ["a person", "mona"],
    ["a person who is called as the app", "github-actions"],
    ["another app", "mayfly-preview[bot]"],
  ])("is never taken from %s, whatever it begins with", async (_, author) => {
    const meeting = meet();
    const id = add(meeting, "Planned.", author);
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toEqual([`${author}: ${MARKER}\nPlanned.`, ...only("Applied.")]);
    expect(meeting.asked()).not.toContain(edit(id));
  });

  test("of another marker is another comment", async () => {
    const meeting = meet();
    meeting.api.addComment(REPOSITORY, 12, BOT, "<!-- mayfly:terraform:pr-1 -->\nPlanned.");
    meeting.api.addComment(REPOSITORY, 12, BOT, `See ${MARKER}`);
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toHaveLength(3);
  });

  test("is the same comment for an app of one's own and for a person's token", async () => {
    for (const actor of ["mayfly-preview[bot]", "mona"]) {
      const meeting = meet({ actor });
      add(meeting, "Planned.");
      const own = add(meeting, "Planned.", actor);
      await meeting.write("Applied.");
      expect(inSight(meeting.api)).toEqual([...only("Planned."), `${actor}: ${MARKER}\nApplied.`]);
      expect(meeting.asked()).toContain(edit(own));
    }
  });

  test.each([
    ["calls apps without their ending", { viewerHasSuffix: false }],
    ["gives no id", { viewerHasDatabaseId: false }],
    ["does neither", { viewerHasSuffix: false, viewerHasDatabaseId: false }],
  ])("is known as ours, and a person's is not, where the viewer %s", async (_, settings) => {
    const meeting = meet();
    Object.assign(meeting.api.settings, settings);
    add(meeting, "Planned.", "github-actions");
    const id = add(meeting, "Planned.");
    await meeting.write("Applied.");
    expect(meeting.asked()).toContain(edit(id));
    expect(inSight(meeting.api)).toEqual([`github-actions: ${MARKER}\nPlanned.`, ...only("Applied.")]);
  });
});

describe("several comments of ours", () => {
  test.each([true, false])(
    "become the oldest one, the others hidden once (REST tells of hidden ones: %s)",
    async (tells) => {
      const meeting = meet();
      meeting.api.settings.restTellsMinimized = tells;
      const oldest = add(meeting, "First.");
      add(meeting, "Second.");
      add(meeting, "Third.");
      await meeting.write("Applied.");
      expect(inSight(meeting.api)).toEqual(only("Applied."));
      expect(meeting.api.comments(REPOSITORY, 12).map(({ minimized }) => minimized)).toEqual([
        undefined,
        "outdated",
        "outdated",
      ]);
      expect(meeting.asked()).toContain(edit(oldest));
      await meeting.write("Applied again.");
      const mutations = meeting.azure.traffic
        .find({ path: "/graphql" })
        .filter(({ body }) => body.includes("mutation"));
      expect(mutations).toHaveLength(2);
    },
  );

  test.each([true, false])(
    "of which the oldest is hidden: the oldest in sight counts (REST tells: %s)",
    async (tells) => {
      const meeting = meet();
      meeting.api.settings.restTellsMinimized = tells;
      meeting.api.hideComment(REPOSITORY, add(meeting, "First."), "resolved");
      const second = add(meeting, "Second.");
      await meeting.write("Applied.");
      expect(meeting.asked()).toContain(edit(second));
      expect(inSight(meeting.api)).toEqual(only("Applied."));
    },
  );

  test("that are all hidden: the oldest is shown again", async () => {
    const meeting = meet();
    for (const body of ["First.", "Second."]) meeting.api.hideComment(REPOSITORY, add(meeting, body), "outdated");
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toEqual(only("Applied."));
    expect(meeting.api.comments(REPOSITORY, 12)).toHaveLength(2);
  });

  test("stay in sight where they cannot be hidden, which is told, and the news is there", async () => {
    const meeting = meet();
    add(meeting, "First.");
    add(meeting, "Second.");
    const errors = [
      { type: "FORBIDDEN", path: ["minimizeComment"], message: "Resource not accessible by integration" },
    ];
    const forbidden = { kind: "respond", status: 200, body: { data: { minimizeComment: null }, errors } } as const;
    meeting.azure.faults.add({ name: "no hiding", when: { path: /graphql/ }, after: 1 }, forbidden);
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toEqual([...only("Applied."), ...only("Second.")]);
    expect(meeting.warnings).toEqual([expect.stringContaining("Resource not accessible by integration")]);
  });

  test("of which one is gone when it is to be hidden: that is no fault", async () => {
    const meeting = meet();
    add(meeting, "First.");
    const second = add(meeting, "Second.");
    const run = () => meeting.api.deleteComment(REPOSITORY, second);
    meeting.azure.faults.add(
      { name: "gone", when: { path: /graphql/ }, after: 1, times: 1 },
      { kind: "meanwhile", run },
    );
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toEqual(only("Applied."));
    expect(meeting.warnings).toEqual([]);
  });
});

describe("a comment that is only brought up to date", () => {
  test("is not made, and asks for nothing but the list", async () => {
    const meeting = meet();
    expect(await meeting.write("No changes.", { onlyExisting: true })).toBeUndefined();
    expect(inSight(meeting.api)).toEqual([]);
    expect(meeting.asked()).toEqual([LIST]);
  });

  test("is edited where it is there, and stays hidden where somebody hid it", async () => {
    const meeting = meet();
    const id = add(meeting, "2 to add.");
    meeting.api.hideComment(REPOSITORY, id, "resolved");
    await meeting.write("No changes.", { onlyExisting: true });
    expect(meeting.api.comments(REPOSITORY, 12)).toMatchObject([
      { body: `${MARKER}\nNo changes.`, minimized: "resolved" },
    ]);
  });
});

describe("while others act", () => {
  const meanwhile = (meeting: Meeting, method: string, run: () => void, after = 0) =>
    meeting.azure.faults.add(
      { name: "meanwhile", when: { method, host: "api.github.com" }, times: 1, after },
      { kind: "meanwhile", run },
    );

  test("a comment that is deleted before it is edited is made anew", async () => {
    const meeting = meet();
    const id = add(meeting, "Planned.");
    meanwhile(meeting, "PATCH", () => meeting.api.deleteComment(REPOSITORY, id));
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toEqual(only("Applied."));
  });

  test("a comment that is deleted right after it was made is made anew", async () => {
    const meeting = meet();
    const run = () => meeting.api.deleteComment(REPOSITORY, meeting.api.comments(REPOSITORY, 12)[0]?.id ?? 0);
    meanwhile(meeting, "GET", run, 1);
    await meeting.write("Applied.");
    expect(inSight(meeting.api)).toEqual(only("Applied."));
  });

  test("a list that does not show the new comment yet makes no second one", async () => {
    const meeting = meet();
    meeting.api.settings.listLagMilliseconds = 5_000;
    await meeting.write("Applied.");
    expect(meeting.api.comments(REPOSITORY, 12)).toHaveLength(1);
  });

  test("another job's comment that came first gets our text, and ours goes out of sight", async () => {
    const meeting = meet();
    meanwhile(meeting, "POST", () => void add(meeting, "Theirs."));
    await meeting.write("Ours.");
    expect(inSight(meeting.api)).toEqual(only("Ours."));
    expect(meeting.api.comments(REPOSITORY, 12).map(({ minimized }) => minimized)).toEqual([undefined, "outdated"]);
  });

  test("another job's comment that came second goes out of sight", async () => {
    const meeting = meet();
    meanwhile(meeting, "GET", () => void add(meeting, "Theirs."), 1);
    await meeting.write("Ours.");
    expect(inSight(meeting.api)).toEqual(only("Ours."));
  });

  test("news that another job wrote into the same comment is left there", async () => {
    const meeting = meet();
    const oldest = add(meeting, "First.");
    add(meeting, "Second.");
    const run = () => {
      const comment = meeting.api
        .repository(REPOSITORY)
        .issues.get(12)
        ?.comments.find(({ id }) => id === oldest);
      if (comment) comment.body = `${MARKER}\nNews.`;
    };
    // The look after the duplicate was hidden.
    meanwhile(meeting, "GET", run, 1);
    await meeting.write("Ours.");
    expect(inSight(meeting.api)).toEqual(only("News."));
  });
});

test("a text that GitHub would refuse as too long is refused before anything is sent", async () => {
  const meeting = meet();
  const room = 65_536 - MARKER.length - 1;
  await expect(meeting.write("x".repeat(room + 1))).rejects.toMatchObject({ code: "comment-too-long" });
  expect(meeting.asked()).toEqual([]);
  await meeting.write("x".repeat(room));
  expect(inSight(meeting.api)[0]).toHaveLength(65_536 + `${BOT}: `.length);
});
