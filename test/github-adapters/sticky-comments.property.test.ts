import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { createFetch } from "../github/fetch.ts";
import { BOT, MARKER, type Meeting, meet, REPOSITORY } from "./on-github.ts";

/** What somebody else does under the pull request. Numbers pick a comment that is there. */
type Act =
  | { readonly kind: "add"; readonly author: string; readonly marked: boolean; readonly hidden: boolean }
  | { readonly kind: "delete"; readonly which: number }
  | { readonly kind: "hide"; readonly which: number };

const author = fc.constantFrom(BOT, BOT, "mona", "github-actions", "another-app[bot]");
const add = fc.record({ kind: fc.constant("add" as const), author, marked: fc.boolean(), hidden: fc.boolean() });
const remove = fc.record({ kind: fc.constant("delete" as const), which: fc.nat(50) });
const hide = fc.record({ kind: fc.constant("hide" as const), which: fc.nat(50) });
const act: fc.Arbitrary<Act> = fc.oneof({ weight: 3, arbitrary: add }, remove, hide);
const settings = fc.record({
  restTellsMinimized: fc.boolean(),
  viewerHasSuffix: fc.boolean(),
  viewerHasDatabaseId: fc.constant(true),
  contentPerMinute: fc.constant(Number.POSITIVE_INFINITY),
});

function perform({ api }: Meeting, given: Act): void {
  const comments = api.comments(REPOSITORY, 12);
  if (given.kind === "add") {
    const comment = api.addComment(
      REPOSITORY,
      12,
      given.author,
      given.marked ? `${MARKER}\nAn older one.` : "A remark.",
    );
    if (given.hidden) api.hideComment(REPOSITORY, comment.id, "resolved");
    return;
  }
  const chosen = comments[given.which % Math.max(1, comments.length)];
  if (chosen === undefined) return;
  if (given.kind === "delete") api.deleteComment(REPOSITORY, chosen.id);
  else api.hideComment(REPOSITORY, chosen.id, "off-topic");
}

const ours = ({ api }: Meeting) =>
  api.comments(REPOSITORY, 12).filter(({ author, body }) => author === BOT && body.startsWith(MARKER));
const shown = (meeting: Meeting) => ours(meeting).filter(({ minimized }) => minimized === undefined);
/** Everything that is not ours, as it stands. */
const others = (meeting: Meeting) => {
  const own = new Set(ours(meeting).map(({ id }) => id));
  return meeting.api.comments(REPOSITORY, 12).filter(({ id }) => !own.has(id));
};

test("after any history a write leaves exactly one comment of ours in sight, with its text, and nobody else's changed", async () => {
  const histories = fc.array(fc.tuple(fc.array(act, { maxLength: 6 }), fc.string({ maxLength: 8 })), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(settings, histories, async (set, history) => {
      const meeting = meet();
      Object.assign(meeting.api.settings, set);
      for (const [acts, body] of history) {
        for (const each of acts) perform(meeting, each);
        const before = others(meeting);
        const url = await meeting.write(body);
        // White space at the end is no news.
        expect(shown(meeting).map((each) => [each.body.trim(), each.url])).toEqual([
          [`${MARKER}\n${body}`.trim(), url],
        ]);
        expect(others(meeting)).toEqual(before);
      }
      expect(meeting.warnings).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("writers who do not know of each other leave exactly one in sight, with the text of one of them, in whatever order their requests arrive", async () => {
  const bodies = fc.uniqueArray(fc.constantFrom("first", "second", "third"), { minLength: 2, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      settings,
      fc.array(add, { maxLength: 4 }),
      bodies,
      async (turns, set, acts, texts) => {
        const meeting = meet();
        Object.assign(meeting.api.settings, set);
        for (const each of acts) perform(meeting, each);
        const before = others(meeting);
        const near = createFetch(meeting.azure);
        // Each writer is a process of its own; the scheduler says whose request is next.
        const writes = texts.map((text) => {
          const { comments } = meeting.connect({
            fetch: (input, init) => turns.schedule(Promise.resolve(), text).then(() => near(input, init)),
          });
          return comments.write({ repository: REPOSITORY, issue: 12, marker: MARKER, body: text });
        });
        await turns.waitFor(Promise.all(writes));
        const [left, ...more] = shown(meeting);
        expect(more).toEqual([]);
        expect(texts.map((text) => `${MARKER}\n${text}`)).toContain(left?.body);
        // An address that was told stays the one that is read.
        expect(new Set(await Promise.all(writes))).toEqual(new Set([left?.url]));
        expect(others(meeting)).toEqual(before);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test("when comments are also deleted and hidden in the middle, the next write finds its way", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), settings, fc.array(act, { maxLength: 6 }), async (turns, set, acts) => {
      const meeting = meet();
      Object.assign(meeting.api.settings, set);
      const near = createFetch(meeting.azure);
      const writes = ["first", "second"].map((text) => {
        const { comments } = meeting.connect({
          fetch: (input, init) => turns.schedule(Promise.resolve(), text).then(() => near(input, init)),
        });
        return comments.write({ repository: REPOSITORY, issue: 12, marker: MARKER, body: text });
      });
      const deeds = acts.map((each) => turns.schedule(Promise.resolve(), each.kind).then(() => perform(meeting, each)));
      await turns.waitFor(Promise.all([...writes, ...deeds]));
      const before = others(meeting);
      await meeting.write("last");
      expect(shown(meeting).map(({ body }) => body)).toEqual([`${MARKER}\nlast`]);
      expect(others(meeting)).toEqual(before);
    }),
    { numRuns: 40 },
  );
}, 60_000);
