import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createAzure } from "../../azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../../azure/proxy.ts";
import { addTeam } from "../../azure/team.ts";
import type { Attachment } from "./attachments.ts";
import { answerCredentials } from "./credentials.ts";

const azure = createAzure();
const team = addTeam(azure);
const registry = azure.acr.addRegistry({ name: "mayfly", subscriptionId: team.subscriptionId });
const node = azure.entra.addManagedIdentity({
  tenantId: team.tenantId,
  clientId: "node",
  objectId: "0b1ec700-0000-4000-8000-00000000000a",
});
let proxy: EmulatorProxy;
let attached: Attachment;

beforeAll(async () => {
  proxy = await startProxy(azure);
  attached = {
    owner: "1@1",
    at: 1,
    proxy: { url: proxy.url, ca: readFileSync(proxy.caFile, "utf8") },
    kubelet: { tenantId: team.tenantId, accessToken: azure.entra.accessToken(node) },
  };
}, 60_000);

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
});

const ask = (all: readonly Attachment[]) =>
  answerCredentials(
    all,
    JSON.stringify({
      apiVersion: "credentialprovider.kubelet.k8s.io/v1",
      kind: "CredentialProviderRequest",
      image: `${registry.loginServer}/team/app`,
    }),
  );

test("without a role on the registry there are no credentials, and with AcrPull there are, for this registry", async () => {
  expect(await ask([attached])).toMatchObject({
    status: 403,
    body: { error: expect.stringContaining("refused the exchange") },
  });
  azure.arm.assignRole(node.objectId, "AcrPull", registry.id);
  const { status, body } = await ask([attached]);
  expect(status).toBe(200);
  expect(body).toEqual({
    apiVersion: "credentialprovider.kubelet.k8s.io/v1",
    kind: "CredentialProviderResponse",
    cacheKeyType: "Registry",
    cacheDuration: "0s",
    auth: {
      "mayfly.azurecr.io": { username: "00000000-0000-0000-0000-000000000000", password: expect.stringMatching(/^ey/) },
    },
  });
});

test("an emulator that is not there, or was given no identity, says which", async () => {
  expect((await ask([])).body).toEqual({ error: "No emulator is attached for mayfly.azurecr.io" });
  const { kubelet: _, ...nobody } = attached;
  expect((await ask([nobody])).body).toEqual({
    error: "The emulator of mayfly.azurecr.io was attached without an identity of the kubelet",
  });
});
