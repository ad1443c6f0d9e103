import { describe, expect, test } from "@jest/globals";
import { open } from "./asking.ts";
import { parseDocument } from "./graphql-document.ts";
import type { TokenOptions } from "./tokens.ts";

const HIDE =
  "mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized minimizedReason } } }";
const SHOW =
  "mutation ($id: ID!) { unminimizeComment(input: { subjectId: $id }) { unminimizedComment { isMinimized } } }";

function setUp(options: Partial<TokenOptions> = {}) {
  const { api, as } = open();
  const asking = as(options);
  const graphql = async (query: string, variables: object = {}) =>
    (await asking("POST", "/graphql", { query, variables })).json;
  const { nodeId, id } = api.addComment("octo/shop", 12, "mona", "Hello");
  return { api, graphql, nodeId, id };
}

test.each([
  ["github-actions[bot]", { login: "github-actions[bot]", databaseId: 41_898_282 }],
  ["mona", { login: "mona", databaseId: expect.any(Number) }],
])("the viewer of a token of %s is its owner", async (actor, viewer) => {
  expect(await setUp({ actor }).graphql("{ viewer { login databaseId } }")).toEqual({ data: { viewer } });
});

test("an author's login has no ending, unlike REST's", async () => {
  const { api, graphql } = setUp();
  const { nodeId } = api.addComment("octo/shop", 12, "my-app[bot]", "Hello");
  const query =
    'query { node(id: "ID") { __typename ... on IssueComment { who: author { login } } ... on User { login } } }';
  const answer = await graphql(query.replace("ID", nodeId));
  expect(answer).toEqual({ data: { node: { __typename: "IssueComment", who: { login: "my-app" } } } });
});

describe("a comment", () => {
  test("is hidden for a reason and shown again, which REST tells, too", async () => {
    const { api, graphql, nodeId } = setUp();
    expect(await graphql(HIDE, { id: nodeId })).toEqual({
      data: { minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: "outdated" } } },
    });
    expect(api.comments("octo/shop", 12)[0]?.minimized).toBe("outdated");
    expect(await graphql(SHOW, { id: nodeId })).toEqual({
      data: { unminimizeComment: { unminimizedComment: { isMinimized: false } } },
    });
  });

  test("is not hidden without the permission, and whoever asks is told so with 200", async () => {
    const { api, graphql, nodeId } = setUp({ permissions: { "pull-requests": "read" } });
    expect(await graphql(HIDE, { id: nodeId })).toMatchObject({
      data: { minimizeComment: null },
      errors: [{ type: "FORBIDDEN", path: ["minimizeComment"], message: "Resource not accessible by integration" }],
    });
    expect(api.comments("octo/shop", 12)[0]?.minimized).toBeUndefined();
  });

  test("that is gone is an error beside those that are there", async () => {
    const { api, graphql, nodeId } = setUp();
    const gone = api.addComment("octo/shop", 12, "mona", "Bye");
    api.deleteComment("octo/shop", gone.id);
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { id isMinimized } } }";
    expect(await graphql(query, { ids: [gone.nodeId, nodeId] })).toMatchObject({
      data: { nodes: [null, { id: nodeId, isMinimized: false }] },
      errors: [{ type: "NOT_FOUND", path: ["nodes", 0] }],
    });
  });

  test("takes no reason that GitHub does not know, and no more than 100 are looked at together", async () => {
    const { graphql, nodeId } = setUp();
    expect(await graphql(HIDE.replace("OUTDATED", "OLD"), { id: nodeId })).toMatchObject({
      data: { minimizeComment: null },
    });
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { id } } }";
    expect(await graphql(query, { ids: Array.from({ length: 101 }, () => nodeId) })).toMatchObject({
      errors: [{ type: "ARGUMENT_LIMIT" }],
    });
  });
});

describe("a document", () => {
  test("that names an unknown field is refused as a whole", async () => {
    expect(await setUp().graphql("{ viewer { login nickname } }")).toMatchObject({
      errors: [{ message: "Field 'nickname' doesn't exist on type 'User'", extensions: { code: "undefinedField" } }],
    });
  });

  test.each([
    ["an open bracket", "{ viewer { login }", 'Expected "}", actual: end of text'],
    [
      "an undeclared variable",
      "query { node(id: $id) { id } }",
      "Variable $id is used by anonymous query but not declared",
    ],
    ["nothing", "", 'Expected "{", actual: "end of text"'],
  ])("with %s is refused", (_, query, message) => {
    expect(() => parseDocument(query, {})).toThrow(message);
  });
});

test("the limit of GraphQL is told with 200", async () => {
  const { api, azure } = open();
  const token = api.createToken({ repository: "octo/shop" });
  api.rates.leave(token, 0, "graphql");
  const headers = { authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: "{ viewer { login } }" });
  const answer = await azure.answer({ method: "POST", url: "https://api.github.com/graphql", headers, body });
  expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
    200,
    { errors: [{ type: "RATE_LIMITED" }] },
  ]);
});
