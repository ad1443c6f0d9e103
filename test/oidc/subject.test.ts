import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseSubject, renderSubject, type Subject } from "../../src/oidc/subject.ts";
import { compareSubjects } from "../../src/oidc/subject-difference.ts";

const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/);
const id = fc.integer({ min: 1, max: 10 ** 9 }).map(String);
const context = fc.oneof(
  fc.record({ kind: fc.constant("environment" as const), name: fc.string({ minLength: 1 }) }),
  fc.record({
    kind: fc.constant("ref" as const),
    ref: fc.string({ minLength: 1 }).map((text) => `refs/heads/${text}`),
  }),
  fc.record({ kind: fc.constant("pull_request" as const) }),
);
const more = fc.constantFrom("", ":job_workflow_ref:o/r/.github/workflows/x.yml@refs/heads/main");
const classic = fc.record({
  owner: name,
  ownerId: fc.constant(undefined),
  repository: name,
  repositoryId: fc.constant(undefined),
  context,
  more,
});
const immutable = fc.record({ owner: name, ownerId: id, repository: name, repositoryId: id, context, more });
const subject: fc.Arbitrary<Subject> = fc.oneof(classic, immutable);

describe("a subject", () => {
  test("is taken apart and put together again without a change", () => {
    fc.assert(
      fc.property(subject, (given) => {
        const text = renderSubject(given);
        const parsed = parseSubject(text);
        expect(parsed && renderSubject(parsed)).toBe(text);
        expect(parsed).toMatchObject({ owner: given.owner, repositoryId: given.repositoryId });
        expect(parsed?.context.kind).toBe(given.context.kind);
      }),
    );
  });

  test("whatever the text is, reading it neither throws nor changes it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `repo:${text}`),
        ),
        (text) => {
          const parsed = parseSubject(text);
          if (parsed !== undefined) expect(renderSubject(parsed)).toBe(text);
        },
      ),
    );
  });

  test("keeps a colon in an environment's name encoded, as GitHub presents it", () => {
    expect(parseSubject("repo:o/r:environment:Production%3AV1")?.context).toEqual({
      kind: "environment",
      name: "Production:V1",
    });
  });

  test.each(["repo:o/r", "repo:o@1/r:pull_request", "environment:prod", "job_workflow_ref:o/r/x.yml@main:repo:o/r"])(
    "%s is of no default template",
    (text) => expect(parseSubject(text)).toBeUndefined(),
  );
});

describe("the difference of two subjects", () => {
  const words = (presented: string, needed: string) =>
    compareSubjects(presented, needed)
      .map((one) => one.words)
      .join("; ");

  test("is never silent, and is 'same' only for equal texts", () => {
    fc.assert(
      fc.property(subject.map(renderSubject), subject.map(renderSubject), (presented, needed) => {
        const found = compareSubjects(presented, needed);
        expect(found.length).toBeGreaterThan(0);
        expect(found.some(({ kind }) => kind === "same")).toBe(presented === needed);
      }),
    );
  });

  test("names the character where only the case differs", () => {
    expect(compareSubjects("repo:Octo/app:pull_request", "repo:octo/app:pull_request")).toEqual([
      { kind: "case", words: 'only in upper and lower case, first at character 6: "O" presented, "o" needed' },
    ]);
  });

  test("tells the immutable from the classic form", () => {
    expect(words("repo:o@1/r@2:environment:prod", "repo:o/r:environment:prod")).toBe(
      "presented is immutable (with ids), needed is classic (without ids)",
    );
  });

  test("tells environment, branch and pull request apart", () => {
    expect(words("repo:o/r:environment:prod", "repo:o/r:ref:refs/heads/main")).toBe(
      'presented is of environment "prod", needed is of ref refs/heads/main',
    );
    expect(words("repo:o/r:pull_request", "repo:o/r:environment:prod")).toContain("presented is of any pull request");
  });

  test("says all that differs at once", () => {
    const found = compareSubjects("repo:o@1/r@2:environment:prod", "repo:o/q:pull_request");
    expect(found.map(({ kind }) => kind)).toEqual(["form", "repository", "context"]);
  });

  test("finds a recreated repository by its ids, and spaces around a credential's subject", () => {
    expect(words("repo:o@1/r@3:pull_request", "repo:o@1/r@2:pull_request")).toBe("ids: presented 1/3, needed 1/2");
    expect(words("repo:o/r:pull_request", " repo:o/r:pull_request\n")).toContain("spaces");
  });

  test("points at the character where a misspelt kind begins", () => {
    expect(words("repo:o/r:pull_request", "repo:o/r:pull-request")).toBe(
      'from character 14 on: presented "_request", needed "-request"',
    );
  });
});
