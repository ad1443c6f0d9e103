import { describe, expect, test } from "@jest/globals";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import { connectSubscriptions } from "../../src/azure/subscriptions.ts";
import { readIdentity } from "../../src/oidc/identity-kind.ts";
import { createAzure } from "../azure/azure.ts";
import { addTeam, type TeamOptions } from "../azure/team.ts";

const AUDIENCE = "api://AzureADTokenExchange";

/** A job of a repository, the tenant that trusts it, and our adapters between them. */
function setUp(options: TeamOptions = {}, change: { readonly clientId?: string; readonly tenantId?: string } = {}) {
  const azure = createAzure();
  const team = addTeam(azure, options);
  const waits: number[] = [];
  let minted = 0;
  const world = {
    cloud: chooseCloud({ cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined }),
    now: () => azure.clock.now(),
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
    },
    random: () => 0,
    httpClient: azure.httpClient(),
  };
  const credential = connectCredential({
    ...world,
    tenantId: change.tenantId ?? team.tenantId,
    clientId: change.clientId ?? team.clientId,
    idToken: async (audience) => {
      minted += 1;
      return azure.github.idToken(team.job, audience);
    },
    mask: () => {},
  });
  const getToken = () => credential.getToken(world.cloud.armScope);
  const subscriptions = connectSubscriptions({ ...world, credential });
  return { azure, team, getToken, subscriptions, waits, minted: () => minted };
}

describe("a login through the real SDK pipeline", () => {
  test.each([
    ["managedIdentity", "managed-identity"],
    ["application", "application"],
  ] as const)("as %s is told to be a %s, with its object id", async (kind, expected) => {
    const { getToken, team } = setUp({ kind });
    const token = await getToken();
    expect(readIdentity(token?.token ?? "")).toMatchObject({
      kind: expected,
      objectId: team.principal.objectId,
      tenantId: team.tenantId,
    });
  });

  test("costs one request to Entra and one to ARM, with one ID token", async () => {
    const { getToken, subscriptions, team, azure, minted } = setUp();
    await getToken();
    const found = await subscriptions.find(team.subscriptionId.toUpperCase());
    expect(found).toMatchObject({ kind: "found", subscription: { name: "Octo sandbox", state: "Enabled" } });
    expect(azure.traffic.requests.map(({ method, host }) => `${method} ${host}`)).toEqual([
      "POST login.microsoftonline.com",
      "GET management.azure.com",
    ]);
    expect(minted()).toBe(1);
  });

  test("follows every page of subscriptions, and stops at the one that it looks for", async () => {
    const { subscriptions, team, azure } = setUp();
    const ids = [2, 3, 4, 5].map((number) => `5ab00000-0000-4000-8000-00000000000${number}`);
    for (const id of ids) {
      azure.arm.addSubscription({ id, tenantId: team.tenantId, name: `Sandbox ${id.at(-1)}` });
      azure.arm.assignRole(team.principal.objectId, "Reader", `/subscriptions/${id}`);
    }
    azure.arm.settings.pageSize = 2;
    expect((await subscriptions.list()).map(({ id }) => id)).toEqual([team.subscriptionId, ...ids]);
    const before = azure.traffic.requests.length;
    await subscriptions.find(ids[1] ?? "");
    expect(azure.traffic.requests.length - before).toBe(2);
  });

  test("says why a subscription cannot be seen, and which can", async () => {
    const { subscriptions, azure, team } = setUp();
    const id = "5ab00000-0000-4000-8000-0000000000ff";
    azure.arm.addSubscription({ id, tenantId: team.tenantId, name: "Production" });
    const found = await subscriptions.find(id);
    expect(found).toMatchObject({ kind: "hidden", because: expect.stringMatching(/^40[34] /) });
    expect(found).toMatchObject({ visible: [{ id: team.subscriptionId }] });
  });

  test("asks ARM again after a throttle and a broken connection, and waits as it is told", async () => {
    const { subscriptions, azure, waits } = setUp();
    const when = { host: "management.azure.com" };
    azure.faults.add({ name: "throttled", when, times: 1 }, { kind: "throttle", seconds: 7 });
    azure.faults.add({ name: "cut", when, after: 1, times: 1 }, { kind: "reset" });
    expect(await subscriptions.list()).toHaveLength(1);
    expect(waits).toEqual([7000, 0]);
  });
});

describe("a refusal by the emulated Entra", () => {
  const nobody = "99999999-9999-4999-8999-999999999999";
  const classic = { ownerId: "1844662", repository: "octo/shop", repositoryId: "599293758" };

  test.each<[string, TeamOptions, Parameters<typeof setUp>[1]]>([
    ["client-not-found", {}, { clientId: nobody }],
    ["tenant-not-found", {}, { tenantId: nobody }],
  ])("is %s for a wrong id", async (code, options, change) => {
    const { getToken } = setUp(options, change);
    await expect(getToken()).rejects.toMatchObject({ code });
  });

  test.each([
    ["subject-mismatch", { subject: "repo:octo/shop:ref:refs/heads/other" }, 700213],
    ["issuer-mismatch", { issuer: "https://token.actions.githubusercontent.com/" }, 700211],
    ["audience-mismatch", { audience: "api://AzureADTokenExchangeUSGov" }, 700212],
  ])("is %s when the credential differs in that", async (code, difference, aadsts) => {
    const { getToken, team } = setUp({ job: classic });
    const [credential] = team.principal.federatedCredentials;
    if (credential === undefined) throw new Error("the team has no credential");
    team.principal.federatedCredentials.splice(0, 1, { ...credential, audience: AUDIENCE, ...difference });
    await expect(getToken()).rejects.toMatchObject({ code, refusal: { answer: { aadsts } } });
  });

  test("is subject-case-mismatch when only the case differs", async () => {
    const { getToken, team } = setUp();
    const [credential] = team.principal.federatedCredentials;
    if (credential === undefined) throw new Error("the team has no credential");
    const subject = team.job.subject.toUpperCase();
    team.principal.federatedCredentials.splice(0, 1, { ...credential, subject });
    await expect(getToken()).rejects.toMatchObject({ code: "subject-case-mismatch" });
  });

  test("is assertion-expired, with the clocks compared, for an old ID token", async () => {
    const { azure, team } = setUp();
    const old = azure.github.idToken(team.job, AUDIENCE);
    azure.clock.advance(20 * 60_000);
    const credential = connectCredential({
      cloud: chooseCloud({
        cloud: "public",
        authorityHost: undefined,
        resourceManager: undefined,
        audience: undefined,
      }),
      tenantId: team.tenantId,
      clientId: team.clientId,
      idToken: async () => old,
      mask: () => {},
      now: () => azure.clock.now(),
      sleep: async () => {},
      random: () => 0,
      httpClient: azure.httpClient(),
    });
    const message = expect.stringMatching(/expired 9\d\d s before Entra saw it/);
    await expect(credential.getToken("https://management.azure.com/.default")).rejects.toMatchObject({
      code: "assertion-expired",
      message,
    });
  });
});
