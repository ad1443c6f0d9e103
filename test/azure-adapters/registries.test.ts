import { describe, expect, test } from "@jest/globals";
import { connectImports, type ImportAnswer } from "../../src/azure/imports.ts";
import { connectRegistries } from "../../src/azure/registries.ts";
import { eachSideBySide } from "../../src/kit/side-by-side.ts";
import { addForeignRegistry, addRegistry, DOCKER_HUB, GHCR } from "../azure/acr/add-registry.ts";
import { stage } from "./registry-on-emulator.ts";

const READER = "Reader";
const IMPORTER = "Container Registry Data Importer and Data Reader";
const OTHER_SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000002";

function setUp(options: Parameters<typeof stage>[0] = {}) {
  const scene = stage({ teamRoles: [], group: "shared", location: "westeurope", ...options });
  scene.azure.arm.assignRole(scene.team.principal.objectId, READER, `/subscriptions/${scene.team.subscriptionId}`);
  return { ...scene, registries: connectRegistries(scene.arm), subscriptions: [scene.team.subscriptionId] };
}

describe("a registry in ARM", () => {
  test("is found by its name, its login server and its id, in any case, with its facts", async () => {
    const { acr, registries, subscriptions } = setUp({
      mode: "abac",
      properties: { publicNetworkAccess: "Disabled", networkRuleSet: { defaultAction: "Deny", ipRules: [] } },
    });
    const facts = {
      id: acr.id,
      name: "mayfly",
      subscriptionId: subscriptions[0],
      resourceGroup: "shared",
      loginServer: "mayfly.azurecr.io",
      location: "westeurope",
      sku: "Premium",
      abac: true,
      publicAccess: false,
      openToAll: false,
      trustedServices: true,
      tasksPassFirewall: false,
      provisioningState: "Succeeded",
      adminUser: false,
      anonymousPull: false,
    };
    expect(await registries.find("MayFly", subscriptions)).toEqual(facts);
    expect(await registries.find("MAYFLY.azurecr.io", subscriptions)).toEqual(facts);
    expect(await registries.find(acr.id, [])).toEqual(facts);
  });

  test("has the login server that ARM says, whatever its name is", async () => {
    const { acr, azure, team, registries, subscriptions } = setUp();
    azure.acr.settings.loginServers = "name-hash";
    const other = addRegistry(azure, { name: "hashed", subscriptionId: team.subscriptionId });
    expect(other.loginServer).not.toBe("hashed.azurecr.io");
    expect((await registries.require("hashed", subscriptions)).loginServer).toBe(other.loginServer);
    expect((await registries.find(other.loginServer, subscriptions))?.id).toBe(other.id);
    expect((await registries.list(team.subscriptionId)).map(({ id }) => id).sort()).toEqual([other.id, acr.id].sort());
  });

  test("is looked for in each subscription, page by page", async () => {
    const { azure, team, registries } = setUp();
    azure.arm.settings.pageSize = 2;
    azure.arm.addSubscription({ id: OTHER_SUBSCRIPTION, tenantId: team.tenantId, name: "Other" });
    azure.arm.assignRole(team.principal.objectId, READER, `/subscriptions/${OTHER_SUBSCRIPTION}`);
    for (const name of ["alpha1", "beta22", "gamma3", "delta4"])
      addRegistry(azure, { name, subscriptionId: OTHER_SUBSCRIPTION });
    const found = await registries.find("delta4", [team.subscriptionId, OTHER_SUBSCRIPTION]);
    expect(found?.subscriptionId).toBe(OTHER_SUBSCRIPTION);
  });

  test("that is not there is told with where was looked, what is near, and the way without ARM", async () => {
    const { registries, subscriptions } = setUp();
    expect(await registries.find("mayfli", subscriptions)).toBeUndefined();
    await expect(registries.require("mayfli", subscriptions)).rejects.toMatchObject({
      code: "registry-not-found",
      message: expect.stringMatching(
        new RegExp(`"mayfli"[\\s\\S]*${subscriptions[0]}[\\s\\S]*Did you mean mayfly\\?[\\s\\S]*login server`),
      ),
    });
  });

  test.each([
    "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/shared/providers/Microsoft.ContainerRegistry/registries/nothere",
    "/subscriptions/5ab00000-0000-4000-8000-000000000001/resourceGroups/none/providers/Microsoft.ContainerRegistry/registries/nothere",
  ])("of an id that is nobody's is not found: %s", async (id) => {
    const { registries } = setUp();
    expect(await registries.find(id, [])).toBeUndefined();
  });

  test.each(["/subscriptions/x/mayfly", "/"])("of the id %j is refused with the form of one", async (id) => {
    await expect(setUp().registries.find(id, [])).rejects.toMatchObject({ code: "registry-not-found" });
  });

  test("that the identity may read, and not the subscription, is found all the same", async () => {
    const { arm, azure, team } = stage({ teamRoles: [READER] });
    azure.acr.addRegistry({ name: "hidden", subscriptionId: team.subscriptionId });
    const registries = connectRegistries(arm);
    expect((await registries.require("mayfly", [team.subscriptionId])).loginServer).toBe("mayfly.azurecr.io");
    expect(await registries.find("hidden", [team.subscriptionId])).toBeUndefined();
  });

  test("in a subscription where the identity sees nothing is told with the ways around it", async () => {
    const { arm, team } = stage({ teamRoles: [] });
    await expect(connectRegistries(arm).require("mayfly", [team.subscriptionId])).rejects.toMatchObject({
      code: "arm-denied",
      message: expect.stringMatching(/login server[\s\S]*--role Reader --scope \/subscriptions\//),
    });
  });

  test("is asked for again where ARM is busy", async () => {
    const { azure, registries, subscriptions, waits } = setUp();
    azure.faults.add({ name: "busy", when: { path: /\/registries$/ }, times: 2 }, { kind: "throttle", seconds: 3 });
    expect(await registries.find("mayfly", subscriptions)).toBeDefined();
    expect(waits).toEqual([3_000, 3_000]);
  });

  test("tells how full it is", async () => {
    const { acr, registries } = setUp();
    const usages = await registries.listUsages(acr);
    expect(usages).toContainEqual(expect.objectContaining({ name: "Size", unit: "Bytes" }));
  });
});

describe("an import", () => {
  const order = (source: Parameters<ReturnType<typeof connectImports>["start"]>[1]["source"], digest: string) => ({
    source,
    name: "team/app",
    digest,
    to: { name: "shop/app", tag: "1.2" },
    force: false,
  });

  async function setUpImport() {
    const scene = setUp({ teamRoles: [IMPORTER, "AcrPull"] });
    const from = addRegistry(scene.azure, { name: "source", subscriptionId: scene.team.subscriptionId });
    scene.team.assign(IMPORTER, from);
    const digest = await from.seed("team/app", ["1"]);
    return { ...scene, from, digest, imports: connectImports(scene.arm) };
  }

  const follow = async ({ imports, time }: Awaited<ReturnType<typeof setUpImport>>, answer: ImportAnswer) => {
    let now = answer;
    while (now.kind === "running") {
      await time.sleep(now.retryAfterMs ?? 1_000);
      now = await imports.find(now.operation);
    }
    return now;
  };

  test("from a registry of our tenant is asked for by its id, followed, and keeps the digest", async () => {
    const scene = await setUpImport();
    const { imports, acr, from, digest, registry } = scene;
    const answer = await imports.start(acr.id, order({ kind: "acr", resourceId: from.id }, digest));
    expect(answer).toMatchObject({ kind: "running", retryAfterMs: 10_000 });
    expect(await follow(scene, answer)).toEqual({ kind: "done" });
    expect(await registry.findManifest("shop/app", "1.2")).toMatchObject({ digest });
  });

  test("of a tag that exists ends in ARM's conflict, with its words", async () => {
    const scene = await setUpImport();
    const { imports, acr, from, digest } = scene;
    await acr.seed("shop/app", ["1.2"]);
    const answer = await imports.start(acr.id, order({ kind: "acr", resourceId: from.id }, digest));
    expect(await follow(scene, answer)).toMatchObject({
      kind: "failed",
      status: 409,
      fault: { message: expect.stringContaining("already exists") },
    });
  });

  test("by force moves the tag, and one without a tag has none", async () => {
    const scene = await setUpImport();
    const { imports, acr, from, digest, registry } = scene;
    await acr.seed("shop/app", ["1.2"]);
    const forced = { ...order({ kind: "acr", resourceId: from.id }, digest), force: true };
    expect(await follow(scene, await imports.start(acr.id, forced))).toEqual({ kind: "done" });
    expect(await registry.findManifest("shop/app", "1.2")).toMatchObject({ digest });
    const untagged = { ...forced, to: { name: "shop/copy", tag: undefined } };
    expect(await follow(scene, await imports.start(acr.id, untagged))).toEqual({ kind: "done" });
    expect(await registry.findManifest("shop/copy", digest)).toMatchObject({ digest });
    expect(await registry.listTags("shop/copy")).toEqual([]);
  });

  test("from anybody's registry needs no login", async () => {
    const scene = await setUpImport();
    const hub = addForeignRegistry(scene.azure, DOCKER_HUB);
    const digest = await hub.seed("library/busybox", ["1"]);
    const wanted = { ...order({ kind: "anonymous", host: "docker.io" }, digest), name: "library/busybox" };
    expect(await follow(scene, await scene.imports.start(scene.acr.id, wanted))).toEqual({ kind: "done" });
  });

  test("with a user's password is let in where nobody else is", async () => {
    const scene = await setUpImport();
    const account = { username: "octo", password: "ghs_job", actions: ["pull"] };
    const ghcr = addForeignRegistry(scene.azure, { ...GHCR, anonymous: [], accounts: [account] });
    const digest = await ghcr.seed("octo/app", ["1"]);
    const source = { kind: "credentials", host: "ghcr.io", username: "octo", token: "ghs_job" } as const;
    const wanted = { ...order(source, digest), name: "octo/app" };
    expect(await follow(scene, await scene.imports.start(scene.acr.id, wanted))).toEqual({ kind: "done" });
    const nobody = { ...wanted, source: { kind: "anonymous", host: "ghcr.io" } as const };
    expect(await follow(scene, await scene.imports.start(scene.acr.id, nobody))).toMatchObject({ kind: "failed" });
  });

  test("with a token alone names no user, as another tenant's registry wants it", async () => {
    const { azure, acr, imports, digest } = await setUpImport();
    const source = { kind: "credentials", host: "source.azurecr.io", username: undefined, token: "s3cret" } as const;
    await imports.start(acr.id, order(source, digest));
    const [asked] = azure.traffic.find({ path: /\/importImage$/ });
    expect(Object.keys(JSON.parse(asked?.body ?? "").source.credentials)).toEqual(["password"]);
  });

  test.each([
    ["throttled", { kind: "throttle", seconds: 9 }, { kind: "again", retryAfterMs: 9_000 }],
    [
      "asked with a token that has ended",
      { kind: "respond", status: 401, body: { error: { code: "ExpiredAuthenticationToken", message: "ended" } } },
      { kind: "again" },
    ],
    ["cut off", { kind: "reset", carriedOut: true }, { kind: "unanswered" }],
    ["answered with 500", { kind: "respond", status: 500, body: "<html>oops</html>" }, { kind: "unanswered" }],
    [
      "refused",
      { kind: "respond", status: 403, body: { error: { code: "AuthorizationFailed", message: "no" } } },
      { kind: "failed", status: 403, fault: { code: "AuthorizationFailed" } },
    ],
  ] as const)("that is %s is sent once, and told", async (_, effect, expected) => {
    const { azure, acr, imports, from, digest, waits } = await setUpImport();
    azure.faults.add({ name: "fault", when: { path: /\/importImage$/ } }, effect);
    expect(await imports.start(acr.id, order({ kind: "acr", resourceId: from.id }, digest))).toMatchObject(expected);
    expect(azure.traffic.find({ path: /\/importImage$/ })).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test("whose poll goes wrong is not called failed", async () => {
    const { azure, acr, imports, from, digest } = await setUpImport();
    const answer = await imports.start(acr.id, order({ kind: "acr", resourceId: from.id }, digest));
    if (answer.kind !== "running") throw new Error("not accepted");
    azure.faults.add(
      { name: "gone", when: { path: /\/operationResults\// }, times: 1 },
      { kind: "respond", status: 404, body: "<html>no</html>" },
    );
    expect(await imports.find(answer.operation)).toMatchObject({ kind: "again" });
    expect(await imports.find("https://evil.example.com/operation")).toMatchObject({ kind: "unanswered" });
    expect(azure.traffic.find({ host: "evil.example.com" })).toEqual([]);
  });

  test("of three hundred images keeps to ARM's pace: not one is throttled", async () => {
    const { azure, acr, imports, from, digest } = await setUpImport();
    const answers: ImportAnswer[] = [];
    const tags = Array.from({ length: 300 }, (_, n) => `t${n}`);
    await eachSideBySide(tags, 10, async (tag) => {
      const wanted = { ...order({ kind: "acr", resourceId: from.id }, digest), to: { name: "shop/app", tag } };
      answers.push(await imports.start(acr.id, wanted));
    });
    expect(answers).toHaveLength(300);
    expect(answers.filter(({ kind }) => kind !== "running")).toEqual([]);
    expect(azure.traffic.requests.filter(({ status }) => status === 429)).toEqual([]);
  });
});
