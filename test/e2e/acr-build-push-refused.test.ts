import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { type ExistingImage, LAYOUT, writeContext, writeLayout } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";
import { inLanes } from "./lanes.ts";

jest.setTimeout(180_000);

// Nothing here builds: a refusal that came after the choice of a builder would say that there is none.
let scene: ImageScene;
let workspace: string;
let image: ExistingImage;
beforeAll(async () => {
  scene = await openImageScene({ builder: "none" });
  workspace = await writeContext(scene, { Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
  image = await writeLayout(scene, ["amd64"]);
});
afterAll(async () => scene[Symbol.asyncDispose]());
afterEach(() => scene.azure.faults.clear());

/** A registry in memory, with a role of the team's identity or none. */
function addRegistry(name: string, mode: "legacy" | "abac", role?: string, condition?: string): AcrRegistry {
  const registry = scene.azure.acr.addRegistry({ name, mode, subscriptionId: scene.team.subscriptionId });
  if (role !== undefined) scene.team.assign(role, registry, condition);
  return registry;
}

const ONLY_TEAM =
  "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'}) AND !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/write'}) AND !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/read'}) AND !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/write'})) OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team/'))";

interface Refusal {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly arrange?: () => void;
  readonly code: string;
  /** All in the one message. */
  readonly says: readonly string[];
}

const ASSIGN = "az role assignment create --assignee-object-id 0b1ec700-0000-4000-8000-000000000001";

const REFUSALS: readonly Refusal[] = [
  {
    name: "a registry of another subscription",
    inputs: { registry: "elsewhere" },
    arrange: () => {
      const subscriptionId = "5ab00000-0000-4000-8000-00000000000b";
      scene.azure.arm.addSubscription({ id: subscriptionId, tenantId: scene.team.tenantId, name: "Other" });
      scene.azure.acr.addRegistry({ name: "elsewhere", subscriptionId });
    },
    code: "registry-not-found",
    says: ['There is no registry "elsewhere"', "Looked in subscription 5ab00000-0000-4000-8000-000000000001"],
  },
  {
    name: "a registry that is misspelt",
    inputs: { registry: "mayfli" },
    code: "registry-not-found",
    says: ["Did you mean mayfly?"],
  },
  {
    name: "an identity that may only read",
    inputs: { registry: "readonly" },
    arrange: () => void addRegistry("readonly", "legacy"),
    code: "registry-denied",
    says: [ASSIGN, "8311e382-0749-4cb8-b61a-304f252e45ec", "/registries/readonly", "only pull"],
  },
  {
    name: "an identity without any right, in a registry with conditions",
    inputs: { registry: "norights" },
    arrange: () => void addRegistry("norights", "abac", "AcrPush"),
    code: "registry-denied",
    says: [
      ASSIGN,
      "2a1e307c-b015-4ebd-883e-5b7698a07328",
      "StringStartsWithIgnoreCase",
      "--condition-version 2.0",
      "AcrPush",
      "count for nothing there",
    ],
  },
  {
    name: "a repository that the condition leaves out",
    inputs: { registry: "teamonly", images: "other/app" },
    arrange: () => void addRegistry("teamonly", "abac", "Container Registry Repository Writer", ONLY_TEAM),
    code: "registry-denied",
    says: [ASSIGN, "StringStartsWithIgnoreCase", "other/"],
  },
  {
    name: "a firewall",
    inputs: { registry: "walled" },
    arrange: () =>
      addRegistry("walled", "legacy", "AcrPush").configure({ networkRuleSet: { defaultAction: "Deny", ipRules: [] } }),
    code: "registry-firewall",
    says: ["203.0.113.10", "az acr network-rule add --name walled --ip-address 203.0.113.10"],
  },
  {
    name: "an exchange that is forbidden",
    inputs: { registry: "forbidden" },
    arrange: () => addRegistry("forbidden", "legacy", "AcrPush").fault("exchange-forbidden", { times: 9 }),
    code: "registry-firewall",
    says: ["az acr network-rule add"],
  },
];

describe("a push that would be refused is refused before the build begins", () => {
  const published = new Map<string, Published>();
  beforeAll(async () => {
    for (const { arrange } of REFUSALS) arrange?.();
    await inLanes(REFUSALS, 2, async ({ name, inputs }) => {
      published.set(name, await scene.publish(inputs, { workspace }));
    });
  });

  test.each(REFUSALS)("for $name", ({ name, code, says }) => {
    const { outputs, errors = [] } = published.get(name) ?? {};
    expect(outputs?.["error-code"]).toBe(code);
    expect(errors).toHaveLength(1);
    for (const text of says) expect(errors[0]?.message).toContain(text);
  });

  test("and nothing was uploaded", () => {
    expect(scene.azure.traffic.find({ method: "POST", path: /\/blobs\/uploads\// })).toEqual([]);
  });
});

test("the role that the refusal names is the one that was missing", async () => {
  const registry = addRegistry("roleful", "abac", "Container Registry Repository Writer", ONLY_TEAM);
  const published = await scene.publish({ registry: "roleful", from: LAYOUT }, { workspace: image.workspace });
  expect(published.errors).toEqual([]);
  expect((await registry.contents())["team/app"]?.tags).toMatchObject({ main: image.digest });
});

test("everything that is wrong with the inputs is told at once, and no registry is asked", async () => {
  const before = scene.azure.traffic.requests.length;
  const published = await scene.publish(
    {
      images: "Team/App\nteam/app:tagged",
      tags: "{nothing}\n-bad",
      file: "docker/Dockerfile",
      platforms: "amd64",
      secrets: "id=token,env=NOT_SET\nnpm_the_secret_itself",
    },
    { workspace },
  );
  expect(published.outputs["error-code"]).toBe("bad-input");
  expect(published.errors).toHaveLength(1);
  const [{ message } = { message: "" }] = published.errors;
  for (const text of ["Team/App", "team/app:tagged", "{nothing}", "-bad", "docker/Dockerfile", '"amd64"', "NOT_SET"])
    expect(message).toContain(text);
  // Whoever got the form wrong may have written the secret there.
  expect(message).toContain("secrets: line 2:");
  expect(message).not.toContain("npm_the_secret_itself");
  const asked = scene.azure.traffic.requests.slice(before).map(({ host }) => host);
  expect(asked.filter((host) => /azurecr|management/.test(host))).toEqual([]);
});

test("an ID token that Entra takes for too old is told with what to do", async () => {
  scene.azure.entra.refuse(scene.team.clientId, 700024, 20);
  const published = await scene.publish({}, { workspace });
  expect(published.outputs["error-code"]).toBe("assertion-expired");
  expect(published.errors[0]?.message).toContain("AADSTS700024");
});
