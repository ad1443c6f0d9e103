import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientAssertionCredential } from "@azure/identity";

/** What an action does, as a process of its own with public-cloud defaults: its only way to Azure is the environment. */
const { env } = process;
const needed = (name: string): string => {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
const assertion = async () => {
  const url = `${needed("ACTIONS_ID_TOKEN_REQUEST_URL")}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`;
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${needed("ACTIONS_ID_TOKEN_REQUEST_TOKEN")}` },
  });
  return ((await response.json()) as { value: string }).value;
};
const credential = new ClientAssertionCredential(needed("AZURE_TENANT_ID"), needed("AZURE_CLIENT_ID"), assertion);
const client = new ResourceManagementClient(credential, needed("AZURE_SUBSCRIPTION_ID"));
const names: string[] = [];
for await (const group of client.resourceGroups.list()) names.push(`${group.name}`);
const [first = ""] = names;
await client.resourceGroups.delete(first);
console.log(JSON.stringify({ names, left: (await client.resourceGroups.checkExistence(first)).body }));
