import { describe, expect, test } from "@jest/globals";
import { asking } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { RoleActions } from "./roles.ts";
import type { ArmSettings } from "./settings.ts";

const DEFINITIONS = "providers/Microsoft.Authorization/roleDefinitions";
const ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments";
const ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const GUID = "10000000-0000-4000-8000-000000000001";

function setUp(arm: Partial<ArmSettings> = {}) {
  const azure = createAzure({ frozen: true, arm });
  const team = addTeam(azure, { role: "Owner" });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  /** Another identity, with a role at the subscription. */
  const someone = (clientId: string, role: string | RoleActions, condition?: string) => {
    const principal = azure.entra.addManagedIdentity({ tenantId: team.tenantId, clientId, objectId: `${clientId}-o` });
    azure.arm.assignRole(principal.objectId, role, subscription, condition);
    return asking(azure, { principal });
  };
  const role = (roleName: string) => ({
    properties: { roleName, permissions: [{ actions: ["Microsoft.Resources/subscriptions/resourceGroups/delete"] }] },
  });
  const assignment = (definition: string, principalId: string) => ({
    properties: { roleDefinitionId: `${subscription}/${DEFINITIONS}/${definition}`, principalId },
  });
  return { azure, team, subscription, group, ask: asking(azure, team), someone, role, assignment };
}

describe("a custom role", () => {
  test("made at a group is the subscription's, answers 201 each time, and shows when it was changed", async () => {
    const { azure, subscription, group, ask, role } = setUp();
    const made = await ask("PUT", `${group}/${DEFINITIONS}/${GUID}`, role("Reaper"));
    expect(made).toMatchObject({ status: 201, json: { id: `${subscription}/${DEFINITIONS}/${GUID}` } });
    azure.clock.advance(1000);
    const changed = await ask("PUT", `${subscription}/${DEFINITIONS}/${GUID}`, role("Reaper"));
    const { createdOn, updatedOn } = changed.json["properties"] as Record<string, string>;
    expect(changed.status).toBe(201);
    expect(`${updatedOn}` > `${createdOn}`).toBe(true);
    expect((await ask("GET", `${group}/${DEFINITIONS}?$filter=roleName eq 'Reaper'`)).names).toEqual([GUID]);
    expect((await ask("GET", `${group}/${DEFINITIONS}/${GUID}`)).status).toBe(200);
  });

  test("counts once it is assigned, and cannot go while it is", async () => {
    const { azure, team, group, ask, role, assignment } = setUp();
    const principal = azure.entra.addManagedIdentity({ tenantId: team.tenantId, clientId: "c", objectId: "o" });
    const own = asking(azure, { principal });
    expect((await own("DELETE", group)).code).toBe("AuthorizationFailed");
    await ask("PUT", `${group}/${DEFINITIONS}/${GUID}`, role("Reaper"));
    expect((await ask("PUT", `${group}/${ASSIGNMENTS}/${GUID}`, assignment(GUID, "o"))).status).toBe(201);
    expect((await ask("DELETE", `${group}/${DEFINITIONS}/${GUID}`)).code).toBe("RoleDefinitionHasAssignments");
    expect((await own("DELETE", group)).status).toBe(202);
  });

  test("has a name of its own", async () => {
    const { subscription, ask, role } = setUp();
    expect((await ask("PUT", `${subscription}/${DEFINITIONS}/${GUID}`, role("acrpull"))).code).toBe(
      "RoleDefinitionWithSameNameExists",
    );
  });
});

describe("an assignment", () => {
  test("needs a role, and what it is for", async () => {
    const { group, ask, assignment } = setUp();
    expect((await ask("PUT", `${group}/${ASSIGNMENTS}/${GUID}`, assignment(GUID, "o"))).code).toBe(
      "RoleDefinitionDoesNotExist",
    );
    const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/none`;
    expect((await ask("PUT", `${registry}/${ASSIGNMENTS}/${GUID}`, assignment(ACR_PULL, "o"))).code).toBe(
      "ResourceNotFound",
    );
  });

  test("to somebody whom the directory does not know yet is refused where a setting says so", async () => {
    const { team, group, ask, assignment } = setUp({ principalsMustExist: true });
    const put = (body: unknown) => ask("PUT", `${group}/${ASSIGNMENTS}/${GUID}`, body);
    expect(await put(assignment(ACR_PULL, "0b-1"))).toMatchObject({ status: 400, code: "PrincipalNotFound" });
    expect((await put(assignment(ACR_PULL, team.principal.objectId))).status).toBe(201);
  });
});

describe("a condition on whoever gives roles", () => {
  const ONLY_PULL = `(
    (!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))
    OR
    (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${ACR_PULL}})
  ) AND (
    (!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}))
    OR
    (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${ACR_PULL}})
  )`;

  test("lets the roles through that it names, and no other", async () => {
    const { group, someone, assignment } = setUp();
    const ask = someone("giver", "Role Based Access Control Administrator", ONLY_PULL);
    const path = `${group}/${ASSIGNMENTS}/${GUID}`;
    const refused = await ask("PUT", path, assignment(OWNER, "o"));
    expect(refused).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    expect(refused.message).toContain("ABAC condition that is not fulfilled");
    expect((await ask("PUT", path, assignment(ACR_PULL, "o"))).status).toBe(201);
    expect((await ask("DELETE", path)).status).toBe(200);
  });

  test("keeps it from taking others away", async () => {
    const { azure, group, someone } = setUp();
    const other = azure.arm.assignRole("o", "Owner", group);
    const ask = someone("giver", "Role Based Access Control Administrator", ONLY_PULL);
    expect((await ask("DELETE", other)).code).toBe("AuthorizationFailed");
  });
});
