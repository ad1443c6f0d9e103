import { describe, expect, test } from "@jest/globals";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import { parseCondition } from "./conditions.ts";

const REPOSITORIES = "Microsoft.ContainerRegistry/registries/repositories";
const NAME = `${REPOSITORIES}:name`.toLowerCase();
const ACTIONS = ["content/read", "content/write", "metadata/read", "metadata/write"]
  .map((action) => `!(ActionMatches{'${REPOSITORIES}/${action}'})`)
  .join(" AND ");
/** As Azure's portal writes it. */
const scopedTo = (test: string) => `((${ACTIONS}) OR (@Request[${REPOSITORIES}:name] ${test}))`;

describe("a condition of a role assignment", () => {
  test.each([
    {
      name: "StringStartsWithIgnoreCase 'team/'",
      lets: ["team/app", "Team/app"],
      not: ["teams", "team", "other/team/"],
    },
    { name: "StringStartsWith 'team/'", lets: ["team/app"], not: ["Team/app"] },
    { name: "StringEquals 'app'", lets: ["app"], not: ["App", "app2"] },
    { name: "StringEqualsIgnoreCase 'App'", lets: ["app"], not: ["app2"] },
    { name: "StringNotEquals 'app'", lets: ["app2"], not: ["app"] },
    { name: "StringLike 'team/*-api'", lets: ["team/a-api"], not: ["team/api", "x/team/a-api"] },
    { name: "ForAnyOfAnyValues:StringEquals {'a', 'b'}", lets: ["a", "b"], not: ["c"] },
    { name: "NumericEquals 'a'", lets: [], not: ["a"] },
  ])("with $name lets in those repositories alone", ({ name, lets, not }) => {
    const holds = parseCondition(scopedTo(name));
    const asked = (repository: string) =>
      holds({ action: `${REPOSITORIES}/content/write`, request: { [NAME]: repository } });
    expect(lets.filter(asked)).toEqual(lets);
    expect(not.filter(asked)).toEqual([]);
  });

  test("says nothing of an action that it does not name", () => {
    const holds = parseCondition(scopedTo("StringEquals 'app'"));
    expect(holds({ action: `${REPOSITORIES}/content/delete`, request: { [NAME]: "other" } })).toBe(true);
  });

  test.each(["", "(", "ActionMatches{'a'", "@Request[a] StringEquals 'a') ", "a b c", "'"])("%j is none", (text) => {
    expect(() => parseCondition(text)).toThrow();
  });

  test("that cannot be read grants no data action", () => {
    const azure = createAzure();
    const team = addTeam(azure);
    const scope = `/subscriptions/${team.subscriptionId}`;
    const { authorization } = azure.arm.world;
    const may = () => authorization.allowedData(team.principal, `${REPOSITORIES}/content/read`, scope, { [NAME]: "a" });
    azure.arm.assignRole(team.principal.objectId, "Container Registry Repository Reader", scope, "((");
    expect(may()).toBe(false);
    azure.arm.assignRole(team.principal.objectId, "Container Registry Repository Reader", scope);
    expect(may()).toBe(true);
  });
});
