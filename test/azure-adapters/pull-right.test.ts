import { describe, expect, test } from "@jest/globals";
import { listFederatedSubjects } from "../../src/azure/federated-credentials.ts";
import { readPullRight } from "../../src/azure/pull-right.ts";
import { addCluster } from "../azure/aks/add-cluster.ts";
import { asking } from "../azure/ask.ts";
import { stage } from "./registry-on-emulator.ts";

const READER = "Reader";
const REPOSITORY_READER = "Container Registry Repository Reader";
const GROUP = "6r0up000-0000-4000-8000-000000000001";

function setUp(mode: "rbac" | "abac" = "rbac", reader = READER) {
  const scene = stage({ teamRoles: [], group: "shared", ...(mode === "abac" ? { mode: "abac" } : {}) });
  const { azure, team, acr, arm } = scene;
  const { kubelet } = addCluster(azure, { subscriptionId: team.subscriptionId, name: "shop" });
  if (reader !== "") team.assign(reader, `/subscriptions/${team.subscriptionId}`);
  const give = (role: string | { actions: string[] }, scope = acr.id, condition?: string, to = kubelet.objectId) =>
    azure.arm.assignRole(to, role, scope, condition);
  const ask = (throughGroups = false) =>
    readPullRight(arm, { registryId: acr.id, kubeletObjectId: kubelet.objectId, throughGroups });
  return { ...scene, kubelet, give, ask, subscription: `/subscriptions/${team.subscriptionId}` };
}

describe("the right of a cluster's nodes to pull", () => {
  test.each([
    ["AcrPull on the registry", "AcrPull", "registry"],
    ["AcrPush on the registry", "AcrPush", "registry"],
    ["AcrPull on the subscription", "AcrPull", "subscription"],
    ["Contributor on the subscription", "Contributor", "subscription"],
    ["Reader on the registry, which includes it", READER, "registry"],
    ["a role of its own with that action", { actions: ["Microsoft.ContainerRegistry/registries/pull/*"] }, "registry"],
  ] as const)("is granted by %s", async (_, role, scope) => {
    const { acr, give, ask, subscription } = setUp();
    give(
      typeof role === "string" ? role : { actions: [...role.actions] },
      scope === "registry" ? acr.id : subscription,
    );
    expect(await ask()).toMatchObject({ kind: "granted" });
  });

  test("is missing without a role, and the line that gives it is told", async () => {
    const { ask, acr, kubelet, give } = setUp();
    const command = `az role assignment create --assignee-object-id ${kubelet.objectId} --assignee-principal-type ServicePrincipal --role AcrPull --scope ${acr.id}`;
    expect(await ask()).toEqual({ kind: "missing", because: expect.stringContaining("has no role"), command });
    give("Tag Contributor");
    expect(await ask()).toMatchObject({ kind: "missing", because: expect.stringContaining('only "Tag Contributor"') });
  });

  test.each(["AcrPull", "Contributor", "Owner"])(
    "is not given by %s in a registry with repository permissions",
    async (role) => {
      const { ask, give } = setUp("abac");
      give(role);
      expect(await ask()).toMatchObject({
        kind: "missing",
        because: expect.stringContaining("repository permissions"),
        command: expect.stringContaining(`--role '${REPOSITORY_READER}'`),
      });
    },
  );

  test("is given there by the role for repositories, and not known where a condition limits it", async () => {
    const whole = setUp("abac");
    whole.give(REPOSITORY_READER);
    expect(await whole.ask()).toMatchObject({ kind: "granted", because: expect.stringContaining(REPOSITORY_READER) });
    const limited = setUp("abac");
    const condition =
      "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEquals 'app'))";
    limited.give(REPOSITORY_READER, limited.acr.id, condition);
    expect(await limited.ask()).toMatchObject({ kind: "unknown", because: expect.stringContaining("condition") });
  });

  test("through a group is seen where groups are asked for", async () => {
    const { azure, ask, give, acr, kubelet } = setUp();
    azure.entra.principalByObject(kubelet.objectId)?.groups.push(GROUP);
    give("AcrPull", acr.id, undefined, GROUP);
    expect(await ask()).toMatchObject({ kind: "missing" });
    expect(await ask(true)).toMatchObject({ kind: "granted" });
  });

  test("needs no role where everybody may pull", async () => {
    const { acr, ask } = setUp();
    acr.configure({ anonymousPullEnabled: true });
    expect(await ask()).toMatchObject({ kind: "granted" });
  });

  test("is unknown where the job may not look, which is no failure", async () => {
    const { ask } = setUp("rbac", "");
    expect(await ask()).toMatchObject({ kind: "unknown", because: expect.stringContaining("AuthorizationFailed") });
  });

  test("cannot be told when ARM does not answer", async () => {
    const { azure, ask } = setUp();
    azure.faults.add({ name: "down", when: { path: /roleAssignments/ } }, { kind: "respond", status: 500 });
    await expect(ask()).rejects.toMatchObject({ code: "arm-unavailable" });
  });

  test("is what the registry goes by, in both modes", async () => {
    for (const [mode, role] of [
      ["rbac", "AcrPull"],
      ["abac", REPOSITORY_READER],
      ["abac", "AcrPull"],
    ] as const) {
      const { azure, give, ask, acr, kubelet, team } = setUp(mode);
      give(role);
      const principal = azure.entra.principalByObject(kubelet.objectId);
      if (principal === undefined) throw new Error("no kubelet");
      const body = new URLSearchParams({
        grant_type: "access_token",
        service: acr.loginServer,
        tenant: team.tenantId,
        access_token: azure.entra.accessToken(principal),
      });
      const url = `https://${acr.loginServer}/oauth2/exchange`;
      const { status } = await azure.answer({ method: "POST", url, headers: {}, body: body.toString() });
      expect(status === 200).toBe((await ask()).kind === "granted");
    }
  });
});

describe("whose tokens an identity takes", () => {
  const credential = { issuer: "https://oidc.example/i/", subject: "system:serviceaccount:shop:api" };

  async function withIdentity(reader = READER) {
    const scene = setUp("rbac", reader);
    const { azure, team, subscription } = scene;
    const owner = azure.entra.addManagedIdentity({
      tenantId: team.tenantId,
      clientId: "c11e0000-0000-4000-8000-00000000000a",
      objectId: "0b1ec700-0000-4000-8000-00000000000a",
    });
    azure.arm.assignRole(owner.objectId, "Owner", subscription);
    const ask = asking(azure, { principal: owner });
    const id = `${subscription}/resourceGroups/shared/providers/Microsoft.ManagedIdentity/userAssignedIdentities/api`;
    const made = await ask("PUT", id, { location: "westeurope" });
    const { clientId } = made.json["properties"] as { readonly clientId: string };
    const properties = { ...credential, audiences: ["api://AzureADTokenExchange"] };
    await ask("PUT", `${id}/federatedIdentityCredentials/shop`, { properties });
    return { ...scene, id, clientId };
  }
  const found = (id: string) => ({
    kind: "found",
    identityId: id,
    subjects: [{ name: "shop", ...credential, audiences: ["api://AzureADTokenExchange"] }],
  });

  test("is read by its client id, and by its resource id", async () => {
    const { arm, id, clientId, team } = await withIdentity();
    const { subscriptionId } = team;
    expect(await listFederatedSubjects(arm, { identity: clientId.toUpperCase(), subscriptionId })).toEqual(found(id));
    expect(await listFederatedSubjects(arm, { identity: id, subscriptionId })).toEqual(found(id));
  });

  test("is read where the job may see that identity and no other", async () => {
    const { arm, id, clientId, team } = await withIdentity("");
    team.assign(READER, id);
    const { subscriptionId } = team;
    expect(await listFederatedSubjects(arm, { identity: clientId, subscriptionId })).toEqual(found(id));
  });

  test.each([
    ["an app registration", "c11e0000-0000-4000-8000-0000000000ff", /app registration/],
    ["one that is hidden", undefined, /AuthorizationFailed/],
  ])("of %s is not known, and no failure", async (_, identity, because) => {
    const { arm, id, team } = await withIdentity(identity === undefined ? "" : READER);
    const question = { identity: identity ?? id, subscriptionId: team.subscriptionId };
    expect(await listFederatedSubjects(arm, question)).toEqual({
      kind: "unknown",
      because: expect.stringMatching(because),
    });
  });
});
