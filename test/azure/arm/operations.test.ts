import { describe, expect, test } from "@jest/globals";
import { asking, pathOf } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { ArmSettings } from "./settings.ts";

function setUp(arm: Partial<ArmSettings> = {}, frozen = true) {
  const azure = createAzure({ frozen, arm });
  const team = addTeam(azure, { role: "Owner" });
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  const address = `${group}/providers/Microsoft.Network/publicIPAddresses/front`;
  return { azure, group, address, ask: asking(azure, team) };
}

const BODY = { location: "eastus" };

describe("a planned operation", () => {
  test("of a PUT fails with the error it was given, and the next one does not", async () => {
    const { azure, address, ask } = setUp();
    azure.arm.planOperation({ of: /front/, verb: "write", seconds: 5, error: { code: "NoAddress", message: "none" } });
    const { headers } = await ask("PUT", address, BODY);
    const operation = pathOf(headers["azure-asyncoperation"]);
    expect((await ask("GET", operation)).json).toMatchObject({ status: "InProgress" });
    azure.clock.advance(5000);
    expect((await ask("GET", operation)).json).toMatchObject({ status: "Failed", error: { code: "NoAddress" } });
    expect((await ask("GET", address)).json).toMatchObject({ properties: { provisioningState: "Failed" } });
    expect((await ask("PUT", address, BODY)).json).toMatchObject({ properties: { provisioningState: "Succeeded" } });
  });

  test("of a DELETE leaves the resource where it fails", async () => {
    const { azure, address, ask } = setUp();
    await ask("PUT", address, BODY);
    azure.arm.planOperation({ of: /front/, verb: "delete", error: { code: "InUse", message: "in use" } });
    expect((await ask("DELETE", address)).status).toBe(202);
    expect((await ask("GET", address)).json).toMatchObject({ properties: { provisioningState: "Failed" } });
    expect((await ask("DELETE", address)).status).toBe(200);
  });

  test("may never end", async () => {
    const { azure, address, ask } = setUp();
    azure.arm.planOperation({ of: /front/, verb: "write", seconds: Infinity });
    const { headers } = await ask("PUT", address, BODY);
    azure.clock.advance(12 * 3_600_000);
    expect((await ask("GET", pathOf(headers["azure-asyncoperation"]))).json).toMatchObject({ status: "InProgress" });
    expect((await ask("GET", address)).json).toMatchObject({ properties: { provisioningState: "Creating" } });
  });
});

describe("an answer that is held", () => {
  test("comes at the end of an operation, and of a deletion", async () => {
    const { address, group, ask } = setUp({ writeSeconds: 0.2, deletionSeconds: 0.2, holdSeconds: 5 }, false);
    const { headers } = await ask("PUT", address, BODY);
    expect((await ask("GET", pathOf(headers["azure-asyncoperation"]))).json).toMatchObject({ status: "Succeeded" });
    await ask("DELETE", address);
    expect((await ask("GET", address)).status).toBe(404);
    const deleting = await ask("DELETE", group);
    const [poll, shown] = await Promise.all([ask("GET", pathOf(deleting.headers["location"])), ask("GET", group)]);
    expect([poll.status, shown.status]).toEqual([200, 404]);
  });

  test("comes when it has been held long enough", async () => {
    const { address, ask } = setUp({ writeSeconds: 3600, holdSeconds: 0.1 }, false);
    const { headers } = await ask("PUT", address, BODY);
    expect((await ask("GET", pathOf(headers["azure-asyncoperation"]))).json).toMatchObject({ status: "InProgress" });
  });
});
