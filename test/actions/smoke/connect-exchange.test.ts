import { describe, expect, jest, test } from "@jest/globals";
import { connectExchange } from "../../../src/actions/smoke/connect-exchange.ts";
import type { ExchangeOrder } from "../../../src/actions/smoke/world.ts";
import { addCluster } from "../../azure/aks/add-cluster.ts";
import { asking } from "../../azure/ask.ts";
import { stageRunner } from "../../azure-adapters/runner-on-emulator.ts";

// The SDK of Azure takes its time to load on a busy machine.
jest.setTimeout(30_000);

const SUBJECT = "system:serviceaccount:shop:worker";
const CLOUD = { cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined } as const;

/** An AKS cluster that issues tokens, and an identity that takes those of a service account. */
async function setUp(credential: { readonly issuer?: string; readonly subject?: string } = {}) {
  const stage = stageRunner();
  const { azure, team, runner } = stage;
  const { subscriptionId, tenantId } = team;
  const properties = { oidcIssuerProfile: { enabled: true } };
  const cluster = addCluster(azure, { subscriptionId, name: "shop", properties });
  const owner = azure.entra.addManagedIdentity({
    ...{ tenantId, clientId: "c11e0000-0000-4000-8000-00000000000a", objectId: "0b1ec700-0000-4000-8000-00000000000a" },
  });
  azure.arm.assignRole(owner.objectId, "Owner", `/subscriptions/${subscriptionId}`);
  const ask = asking(azure, { principal: owner });
  const id = `/subscriptions/${subscriptionId}/resourceGroups/shared/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker`;
  const made = await ask("PUT", id, { location: "westeurope" });
  const { clientId } = made.json["properties"] as { readonly clientId: string };
  const taken = { issuer: cluster.issuer, subject: SUBJECT, audiences: ["api://AzureADTokenExchange"], ...credential };
  await ask("PUT", `${id}/federatedIdentityCredentials/kube`, { properties: taken });
  // What was made just now is on its way for some seconds.
  azure.clock.advance(10 * 60_000);
  const token = azure.aks.workloadToken({ cluster: cluster.id, namespace: "shop", serviceAccount: "worker" });
  const exchange = (given: Partial<ExchangeOrder> = {}, job: { readonly clientId?: string | undefined } = team) =>
    connectExchange(
      runner,
      { ...CLOUD, clientId: job.clientId, tenantId, subscriptionId },
      { httpClient: azure.httpClient() },
    )({
      ...{ token, clientId, tenantId: undefined, scope: "https://management.azure.com/.default" },
      until: new AbortController().signal,
      ...given,
    });
  return { ...stage, cluster, clientId, exchange, token };
}

describe("a service account's token", () => {
  test("is traded at Entra, and what comes of it is masked", async () => {
    const { exchange, masked, azure } = await setUp();
    await exchange();
    expect(masked.filter((secret) => secret.split(".").length === 3)).toHaveLength(1);
    expect(azure.traffic.find({ host: "login.microsoftonline.com" })).toHaveLength(1);
  });

  test.each([
    [
      "subject-case-mismatch",
      { subject: "system:serviceaccount:shop:Worker" },
      /differs .* in subject\.[\s\S]*upper and lower case/,
    ],
    [
      "issuer-mismatch",
      { issuer: "https://other.example/" },
      /differs .* in issuer\.[\s\S]*the credential https:\/\/other\.example\//,
    ],
  ])("is refused with the claim that differs: %s", async (code, credential, message) => {
    const { exchange, team, token } = await setUp(credential);
    team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
    const refused = await exchange().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(refused)).not.toContain(token);
  });

  test("is refused with what it says where the job may not see the identity, or has no login", async () => {
    const { exchange } = await setUp({ subject: "other" });
    await expect(exchange()).rejects.toMatchObject({ message: expect.stringContaining(`subject ${SUBJECT}`) });
    await expect(exchange({}, {})).rejects.toMatchObject({
      code: "subject-mismatch",
      message: expect.stringContaining("the job has no login in Azure"),
    });
  });

  test("is for nobody in a tenant that has no such identity", async () => {
    const { exchange } = await setUp();
    await expect(exchange({ clientId: "c11e0000-0000-4000-8000-0000000000ff" })).rejects.toMatchObject({
      code: "client-not-found",
    });
  });
});
