import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { GitFacts } from "../../src/image/git-facts.ts";
import { parseReleaseVersion } from "../../src/image/release-version.ts";
import { DEFAULT_TAGS, decideTags } from "../../src/image/tag-template.ts";
import { anyCharacter } from "../any-character.ts";
import { makeFacts, makeRelease, pullRequest } from "./facts.ts";
import { messageOf, readValue } from "./parsed.ts";

const VALID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const namesOf = (templates: readonly string[], facts: GitFacts) =>
  readValue(decideTags(templates, facts)).tags.map(({ name }) => name);

describe("the default tags", () => {
  test.each([
    ["a pull request", pullRequest, ["pr-12", "pr-12-abcdef0"]],
    ["a branch", makeFacts(), ["main", "main-abcdef0"]],
    ["a release", makeRelease("v1.2.3"), ["1.2.3", "1.2", "1"]],
    ["a release of a part", makeRelease("api/v1.2.3"), ["1.2.3", "1.2", "1"]],
    ["a 0.x release", makeRelease("v0.3.1"), ["0.3.1", "0.3"]],
    ["a pre-release", makeRelease("v1.2.3-rc.1"), ["1.2.3-rc.1"]],
    ["a build of a version", makeRelease("1.2.3+b.7"), ["1.2.3_b.7", "1.2", "1"]],
    ["a release marked as a pre-release", makeRelease("v1.2.3", { markedPrerelease: true }), ["1.2.3"]],
  ])("of %s", (_, facts, names) => {
    expect(namesOf(DEFAULT_TAGS, facts)).toEqual(names);
  });

  test("of a pull request are only those that a purge takes away again", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.string({ unit: anyCharacter, minLength: 1 }),
        fc.boolean(),
        (number, branch, fromFork) => {
          const facts = { ...pullRequest, pullRequest: number, branch, fromFork };
          for (const name of namesOf(DEFAULT_TAGS, facts)) expect(name).toMatch(/^pr-\d+(?:-[0-9a-f]{7})?$/);
        },
      ),
    );
  });
});

describe("a line of tags", () => {
  test.each([
    ["{sha}", makeFacts().headSha],
    ["sha-{short-sha}", "sha-abcdef0"],
    ["v{branch}", "vmain"],
    ["Raw_Text-1.0", "Raw_Text-1.0"],
  ])("%s is filled", (template, name) => {
    expect(namesOf([template], makeFacts())).toEqual([name]);
  });

  test("keeps the order, and each tag once", () => {
    expect(namesOf(["b", "{branch}", "main", "b", "a"], makeFacts())).toEqual(["b", "main", "a"]);
  });

  test.each([
    ["{branch}", pullRequest, "a pull request is no branch"],
    ["{branch}", makeFacts({ fromFork: undefined }), "not known to be one of this repository"],
    ["{branch}", makeRelease("v1"), "a git tag is built"],
    ["{head-branch}", { ...pullRequest, fromFork: true }, "may come from a fork"],
    ["{head-branch}", { ...pullRequest, fromFork: undefined }, "may come from a fork"],
    ["{head-branch}", makeFacts(), "no pull request"],
    ["{number}", makeFacts(), "this is no pull request"],
    ["{number}", { ...pullRequest, pullRequest: undefined }, "does not give the pull request's number"],
    ["{sha}", makeFacts({ headSha: undefined }), "does not say which commit"],
    ["{short-sha}", makeFacts({ headSha: undefined }), "does not say which commit"],
    ["{tag}", makeFacts(), "no git tag was pushed"],
    ["{version}", makeRelease("nightly"), 'the git tag "nightly" holds no version'],
    ["v{major}", makeRelease("v0.1.0"), "0.x versions"],
    ["{major}.{minor}", makeRelease("v1.0.0-rc.1"), "1.0.0-rc.1 is a pre-release"],
    ["{patch}", makeRelease("v1.0"), "holds no version"],
  ])("%s is left out with the reason where it does not fit", (template, facts, because) => {
    const plan = readValue(decideTags([template, "raw"], facts));
    expect(plan.tags.map(({ name }) => name)).toEqual(["raw"]);
    expect(plan.skipped).toEqual([{ template, because: expect.stringContaining(because) }]);
  });

  test.each([
    ["{branch}", makeFacts({ branch: "latest" }), 'by the input "latest" only'],
    ["{head-branch}", { ...pullRequest, branch: "latest" }, 'by the input "latest" only'],
    ["{tag}", makeRelease("latest"), 'by the input "latest" only'],
    ["{branch}", makeFacts({ branch: "pr-12" }), "go with that pull request"],
    ["{branch}-{short-sha}", makeFacts({ branch: "pr-12" }), "go with that pull request"],
    ["{branch}", makeFacts({ branch: "ctx-0123456789abcdef" }), "name of a build's content"],
  ])("%s of a ref that is called like something else is left out", (template, facts, because) => {
    const plan = readValue(decideTags([template, "raw"], facts));
    expect(plan.tags.map(({ name }) => name)).toEqual(["raw"]);
    expect(plan.skipped).toEqual([{ template, because: expect.stringContaining(because) }]);
  });

  test.each(["1", "1.2", "1.2.3"])("the branch %s does not move the tag of a release", (branch) => {
    const facts = makeFacts({ branch });
    const short = facts.headSha?.slice(0, 7);
    expect(namesOf(DEFAULT_TAGS, facts)).toEqual([`${branch}-${short}`]);
    expect(namesOf(["{branch}"], facts)).toEqual([branch]);
    expect(namesOf(["{branch}", "{version}", "raw"], facts)).toEqual(["raw"]);
  });

  test("a branch that only begins like something else keeps its name", () => {
    for (const branch of ["latest-x", "pr-12x", "pr-0", "1.2.x", "1.2.3.4", "ctx-1"])
      expect(namesOf(["{branch}", "{version}"], makeFacts({ branch }))).toEqual([branch]);
  });

  test("names the branch of a pull request of our own", () => {
    expect(namesOf(["{head-branch}"], pullRequest)).toEqual(["feature-x"]);
  });

  test.each([
    ["{brunch}", "unknown variable {brunch}: known are {sha}, {short-sha}"],
    ["{}", "empty braces"],
    ["{sha", "a brace without its partner"],
    ["sha}", "a brace without its partner"],
    ["{{sha}}", "a brace without its partner"],
  ])("%s is a mistake", (template, words) => {
    expect(messageOf(decideTags([template], makeFacts()), "tag-template-invalid")).toContain(words);
  });

  test.each([
    ["feature/{branch}", 'The tag "feature/{branch}" holds "/"'],
    [".{sha}", 'begins with "."'],
    ["release/1", 'The tag "release/1" holds "/"'],
    ["", "is empty"],
  ])("%s would never be a tag", (template, words) => {
    expect(messageOf(decideTags([template], pullRequest), "tag-invalid")).toContain(words);
  });

  test("is one of many whose mistakes are told together", () => {
    const parsed = decideTags(["{a}", "ok", "{b}{c}"], makeFacts());
    expect("problems" in parsed && parsed.problems).toHaveLength(3);
  });

  test("must leave a tag, or says for each one why not", () => {
    const message = messageOf(decideTags(["{number}", "{version}"], makeFacts()), "no-tags");
    expect(message).toContain("{number}: this is no pull request");
    expect(message).toContain("{version}: no git tag was pushed");
    expect(messageOf(decideTags([], makeFacts()), "no-tags")).toContain("a run of push");
  });
});

describe("whatever a branch is called", () => {
  const odd = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 300 });
  const usual = fc.string({
    unit: fc.constantFrom("a", "B", "/", "-", ".", "_", "ä", "木"),
    minLength: 1,
    maxLength: 300,
  });

  test("every tag made of it is one", () => {
    fc.assert(
      fc.property(
        fc.oneof(odd, usual),
        fc.constantFrom("{branch}", "x-{branch}", "{branch}-{sha}", "_{branch}."),
        (branch, template) => {
          for (const name of namesOf([template], makeFacts({ branch }))) expect(name).toMatch(VALID);
        },
      ),
    );
  });

  test("two that differ in their letters never share a tag", () => {
    const letters = fc.string({ unit: fc.constantFrom("木", "林", "森", "a", "b"), minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        const [first, second] = [one, other].map((branch) => namesOf(["{branch}"], makeFacts({ branch }))[0]);
        expect(first === second).toBe(one === other);
      }),
    );
  });

  test.each([
    ["feature/x", "feature-x"],
    ["Größe/Été", "Grosse-Ete"],
    ["-dots.", "dots"],
    ["renovate/npm @types/node", "renovate-npm-types-node"],
  ])("%s becomes %s", (branch, name) => {
    expect(namesOf(["{branch}"], makeFacts({ branch }))).toEqual([name]);
  });
});

describe("the version in a git tag", () => {
  test.each([
    ["v1.2.3", "1.2.3", ""],
    ["1.2.3-rc.1+build", "1.2.3-rc.1+build", ""],
    ["api/v1.2.3", "1.2.3", "api/"],
    ["api-v1.2.3-rc.1", "1.2.3-rc.1", "api-"],
    ["@octo/api@1.2.3", "1.2.3", "@octo/api@"],
    ["release-2026-1.2.3", "1.2.3", "release-2026-"],
    ["1.2.3-4.5.6", "1.2.3-4.5.6", ""],
  ])("%s is %s", (tag, text, prefix) => {
    expect(parseReleaseVersion(tag)).toMatchObject({ text, prefix });
  });

  test.each(["v1", "1.2", "nightly", "v01.2.3", "release/", "=1.2.3"])("%s has none", (tag) => {
    expect(parseReleaseVersion(tag)).toBeUndefined();
  });
});
