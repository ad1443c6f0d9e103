import { describe, expect, test } from "@jest/globals";
import { asking, pathOf } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { ArmSettings } from "./settings.ts";

function setUp(arm: Partial<ArmSettings> = {}) {
  const azure = createAzure({ frozen: true, arm });
  const team = addTeam(azure, { role: "Owner" });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  const add = (name: string, tags: Record<string, string> = {}) =>
    azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name, tags });
  return { azure, team, subscription, add, ask: asking(azure, team) };
}

describe("the list of groups", () => {
  test("comes in pages that a next link joins", async () => {
    const { subscription, add, ask } = setUp();
    for (const name of ["c", "a", "d", "b", "e"]) add(name);
    const first = await ask("GET", `${subscription}/resourcegroups?$top=2&$filter=`);
    const second = await ask("GET", pathOf(`${first.json["nextLink"]}`));
    const third = await ask("GET", pathOf(`${second.json["nextLink"]}`));
    expect([first, second, third].map(({ names }) => names)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    expect(third.json).not.toHaveProperty("nextLink");
  });

  test("shows each group once although some vanish between two pages", async () => {
    const { azure, subscription, add, ask } = setUp();
    for (const name of ["a", "b", "c", "d"]) add(name);
    const first = await ask("GET", `${subscription}/resourcegroups?$top=2`);
    azure.arm.remove(`${subscription}/resourceGroups/a`);
    azure.arm.remove(`${subscription}/resourceGroups/b`);
    expect((await ask("GET", pathOf(`${first.json["nextLink"]}`))).names).toEqual(["c", "d"]);
  });

  test("has switches for an empty first page, another api-version in the link, mixed casing and no groups at all", async () => {
    const { azure, subscription, add, ask } = setUp({
      emptyFirstPage: true,
      nextLinkApiVersion: "2021-04-01",
      mixedCaseIds: true,
    });
    for (const name of ["a", "b"]) add(name);
    const first = await ask("GET", `${subscription}/resourcegroups`);
    expect(first.names).toEqual([]);
    expect(first.json["nextLink"]).toContain("api-version=2021-04-01");
    const { json } = await ask("GET", pathOf(`${first.json["nextLink"]}`));
    expect((json["value"] as { id: string }[]).map(({ id }) => id.split("/")[3])).toEqual([
      "resourceGroups",
      "resourcegroups",
    ]);
    azure.arm.settings.emptyLists = true;
    expect((await ask("GET", `${subscription}/resourcegroups`)).json).toEqual({ value: [] });
  });

  test.each([
    { filter: "tagName eq 'auto-destroy' and tagValue eq 'true'", names: ["plain"] },
    { filter: "tagname eq 'auto-destroy' and tagvalue eq 'true'", names: ["plain"] },
    { filter: "tagName eq 'AUTO-destroy'", names: ["loud", "plain"] },
    { filter: "tagName eq 'it''s'", names: ["quoted"] },
  ])("filtered by $filter folds the case of names, not of values", async ({ filter, names }) => {
    const { subscription, add, ask } = setUp();
    add("plain", { "auto-destroy": "true" });
    add("loud", { "Auto-Destroy": "True" });
    add("quoted", { "it's": "x" });
    expect((await ask("GET", `${subscription}/resourcegroups?%24filter=${encodeURIComponent(filter)}`)).names).toEqual(
      names,
    );
  });

  test("refuses a filter that it does not know", async () => {
    const { subscription, ask } = setUp();
    expect(await ask("GET", `${subscription}/resourcegroups?$filter=name eq 'x'`)).toMatchObject({
      status: 400,
      code: "InvalidFilterInQueryString",
    });
  });
});

describe("one group", () => {
  test("is created, found in any casing, and keeps its first casing", async () => {
    const { subscription, ask } = setUp();
    const created = await ask("PUT", `${subscription}/resourcegroups/Rg-Pr-7`, {
      location: "West Europe",
      tags: { Owner: "mona" },
    });
    expect(created).toMatchObject({
      status: 201,
      json: { name: "Rg-Pr-7", location: "westeurope", properties: { provisioningState: "Succeeded" } },
    });
    expect((await ask("PUT", `${subscription}/resourceGroups/rg-pr-7`, { location: "westeurope" })).status).toBe(200);
    expect((await ask("GET", `${subscription}/RESOURCEGROUPS/RG-PR-7`)).json).toMatchObject({
      id: `${subscription}/resourceGroups/Rg-Pr-7`,
    });
    expect((await ask("HEAD", `${subscription}/resourcegroups/rg-pr-7`)).status).toBe(204);
    expect((await ask("HEAD", `${subscription}/resourcegroups/none`)).status).toBe(404);
  });

  test.each([
    { name: "without a location", group: "g", body: {}, code: "LocationRequired" },
    { name: "somewhere else", group: "there", body: { location: "northeurope" }, code: "InvalidResourceGroupLocation" },
    { name: "with a dot at the end", group: "g.", body: { location: "eastus" }, code: "InvalidResourceGroupName" },
    {
      name: "with 51 tags",
      group: "g",
      body: { location: "eastus", tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, ""])) },
      code: "InvalidTagCount",
    },
  ])("is not created $name", async ({ group, body, code }) => {
    const { subscription, add, ask } = setUp();
    add("there");
    expect((await ask("PUT", `${subscription}/resourcegroups/${group}`, body)).code).toBe(code);
  });

  test("PATCH replaces all tags", async () => {
    const { subscription, add, ask } = setUp();
    add("g", { a: "1", b: "2" });
    expect((await ask("PATCH", `${subscription}/resourcegroups/g`, { tags: { c: "3" } })).json["tags"]).toEqual({
      c: "3",
    });
  });

  test("takes no writes while it is being deleted", async () => {
    const { subscription, add, ask } = setUp();
    const path = `${subscription}/resourcegroups/g`;
    add("g");
    await ask("DELETE", path);
    const writes = [
      await ask("PATCH", path, { tags: {} }),
      await ask("PUT", path, { location: "eastus" }),
      await ask("PATCH", `${path}/providers/Microsoft.Resources/tags/default`, {
        operation: "Merge",
        properties: { tags: { a: "b" } },
      }),
      await ask("PUT", `${path}/providers/Microsoft.Authorization/locks/keep`, {
        properties: { level: "CanNotDelete" },
      }),
      await ask("PUT", `${path}/providers/Microsoft.Storage/storageAccounts/data`, { location: "eastus" }),
    ];
    expect(writes.map(({ status, code }) => `${status} ${code}`)).toEqual(
      Array(5).fill("409 ResourceGroupBeingDeleted"),
    );
  });
});

describe("the Tags API", () => {
  const path = (subscription: string) => `${subscription}/resourcegroups/g/providers/Microsoft.Resources/tags/default`;
  test.each([
    {
      operation: "Merge",
      tags: { OWNER: "hubot", "expires-at": "later" },
      left: { Owner: "hubot", keep: "1", "expires-at": "later" },
    },
    { operation: "Replace", tags: { only: "this" }, left: { only: "this" } },
    { operation: "Delete", tags: { owner: "mona", keep: "another" }, left: { keep: "1" } },
  ])("$operation keeps the casing of names that are there", async ({ operation, tags, left }) => {
    const { subscription, add, ask } = setUp();
    add("g", { Owner: "mona", keep: "1" });
    expect((await ask("PATCH", path(subscription), { operation, properties: { tags } })).status).toBe(200);
    expect((await ask("GET", path(subscription))).json).toMatchObject({ name: "default", properties: { tags: left } });
    expect((await ask("GET", `${subscription}/resourcegroups/g`)).json["tags"]).toEqual(left);
  });

  test("DELETE removes all tags", async () => {
    const { subscription, add, ask } = setUp();
    add("g", { a: "1" });
    await ask("DELETE", path(subscription));
    expect((await ask("GET", `${subscription}/resourcegroups/g`)).json["tags"]).toEqual({});
  });

  test("tells an absent group, a wrong operation and a read-only lock apart", async () => {
    const { azure, subscription, add, ask } = setUp();
    const patch = (operation: string) =>
      ask("PATCH", path(subscription), { operation, properties: { tags: { a: "1" } } });
    expect((await patch("Merge")).code).toBe("ResourceGroupNotFound");
    add("g");
    expect((await patch("Add")).code).toBe("InvalidTagPatchOperation");
    azure.arm.addLock(`${subscription}/resourceGroups/g`, { name: "frozen", level: "ReadOnly" });
    expect(await patch("Merge")).toMatchObject({
      status: 409,
      code: "ScopeLocked",
      message: expect.stringContaining("cannot perform write operation"),
    });
  });
});
