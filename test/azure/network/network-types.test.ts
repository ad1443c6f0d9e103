import { expect, test } from "@jest/globals";
import { asking } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";

function setUp() {
  const azure = createAzure({ frozen: true });
  const team = addTeam(azure, { role: "Owner" });
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  const network = `${group}/providers/Microsoft.Network/virtualNetworks/net`;
  const ask = asking(azure, team);
  const subnet = (name: string) => ({ name, properties: { addressPrefix: "10.0.0.0/24" } });
  const put = (...names: readonly string[]) =>
    ask("PUT", network, { location: "eastus", properties: { subnets: names.map(subnet) } });
  return { azure, group, network, ask, put };
}

test("subnets named in a network's PUT are documents, and those that it leaves out go", async () => {
  const { network, ask, put } = setUp();
  await put("a", "b");
  expect((await ask("GET", `${network}/subnets`)).names).toEqual(["a", "b"]);
  await ask("PUT", `${network}/subnets/c`, { properties: { addressPrefix: "10.0.2.0/24" } });
  expect((await ask("GET", network)).json).toMatchObject({
    properties: { subnets: [{ name: "a" }, { name: "b" }, { name: "c" }] },
  });
  await put("c");
  expect((await ask("GET", `${network}/subnets`)).names).toEqual(["c"]);
  await ask("PATCH", network, { tags: { a: "1" } });
  expect((await ask("GET", `${network}/subnets`)).names).toEqual(["c"]);
});

test("a subnet in which a pool runs stays until that is gone", async () => {
  const { azure, group, network, ask, put } = setUp();
  await put("nodes");
  const pool = `${group}/providers/Microsoft.ContainerService/managedClusters/k/agentPools/p`;
  azure.arm.add(pool, { properties: { vnetSubnetID: `${network}/subnets/nodes` } });
  for (const path of [network, `${network}/subnets/nodes`])
    expect((await ask("DELETE", path)).code).toBe("InUseSubnetCannotBeDeleted");
  expect((await put()).code).toBe("InUseSubnetCannotBeDeleted");
  azure.arm.remove(pool);
  expect((await ask("DELETE", network)).status).toBe(200);
});
