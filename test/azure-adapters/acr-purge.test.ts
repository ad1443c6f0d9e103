import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { connect } from "../../src/actions/acr-purge/connect.ts";
import { run } from "../../src/actions/acr-purge/run.ts";
import { inputs } from "../actions/acr-purge/inputs.ts";
import type { AcrRegistry, AddRegistryOptions } from "../azure/acr/acr.ts";
import { addRegistry } from "../azure/acr/add-registry.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../azure/acr/oci.ts";
import { type RunnerStage, stageRunner } from "./runner-on-emulator.ts";

const APP = "team/app";

interface Scene extends RunnerStage {
  readonly registry: AcrRegistry;
  purge(given?: Readonly<Record<string, string>>): ReturnType<typeof run>;
  tags(): Promise<readonly string[]>;
  digests(): Promise<readonly string[]>;
  /** DELETEs that reached the registry: a tag's name, or a digest. */
  deletes(): readonly string[];
}

/** A registry in which two pull requests and a release have images. */
function scene(options: Partial<AddRegistryOptions> & { readonly teamRoles?: readonly string[] } = {}): Scene {
  const { teamRoles = ["AcrPull", "AcrDelete"], ...given } = options;
  const stage = stageRunner();
  const { azure, team, runner } = stage;
  const registry = addRegistry(azure, { name: "mayfly", subscriptionId: team.subscriptionId, ...given });
  for (const role of teamRoles) team.assign(role, registry);
  return {
    ...stage,
    registry,
    purge: (wanted = {}) => {
      const ids = { "client-id": team.clientId, "tenant-id": team.tenantId, "subscription-id": team.subscriptionId };
      const settings = inputs({ ...ids, registry: registry.loginServer, ...wanted });
      return run(settings, connect(runner, settings, azure.httpClient()));
    },
    tags: async () => Object.keys((await registry.contents())[APP]?.tags ?? {}).sort(),
    digests: async () => Object.keys((await registry.contents())[APP]?.manifests ?? {}).sort(),
    deletes: () => azure.traffic.find({ method: "DELETE" }).map(({ path }) => path.split("/").at(-1) ?? ""),
  };
}

/** An index of parts with this content, under tags. */
async function seedIndex(registry: AcrRegistry, tags: readonly string[], ...parts: readonly string[]) {
  const digests: string[] = [];
  for (const part of parts) digests.push(await registry.seed(APP, [], part));
  const manifests = digests.map((digest) => ({ mediaType: OCI_MANIFEST, digest, size: 100 }));
  const content = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
  let index = "";
  for (const tag of tags) index = await registry.seedManifest(APP, tag, OCI_INDEX, content);
  return { index, parts: digests };
}

describe("a purge on the registry's wire", () => {
  test.each([
    ["of the older mode", { teamRoles: ["AcrPull", "AcrDelete"] }],
    ["with ABAC", { mode: "abac" as const, teamRoles: ["Container Registry Repository Contributor"] }],
  ])("%s takes the tags and images of one pull request, an index before its parts", async (_, options) => {
    const { azure, registry, purge, tags, digests, deletes } = scene(options);
    const mine = await seedIndex(registry, ["pr-12", "pr-12-abcdef0"], "amd64", "arm64");
    const release = await registry.seed(APP, ["v1", "pr-123"], "release");
    const { outputs, failure } = await purge();
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 2, "manifests-deleted": 3, kept: 0, locked: 0, failed: 0 });
    expect(await tags()).toEqual(["pr-123", "v1"]);
    expect(await digests()).toEqual([release]);
    expect([...deletes()].slice(0, 2).sort()).toEqual(["pr-12", "pr-12-abcdef0"]);
    expect(deletes()[2]).toBe(mine.index);
    expect(azure.traffic.refused()).toEqual([]);
    const report = JSON.parse(readFileSync(String(outputs.report), "utf8"));
    expect(report).toMatchObject({ schema: "mayfly/purge-report/v1", counts: { deleted: 3 } });
    expect(report.longestWindowMs).toBeLessThan(1_000);
  });

  test("needs no right in ARM where the login server is given, and finds a name there", async () => {
    const { azure, registry, team, purge } = scene();
    await registry.seed(APP, ["pr-12"]);
    await purge({ "dry-run": "true" });
    expect(azure.traffic.find({ host: "management.azure.com" })).toEqual([]);
    team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
    const { outputs } = await purge({ registry: "mayfly" });
    expect(outputs).toMatchObject({ untagged: 1, "manifests-deleted": 1 });
    await expect(purge({ registry: "mayfli" })).rejects.toMatchObject({
      code: "registry-not-found",
      message: expect.stringContaining("Did you mean mayfly?"),
    });
  });

  test("keeps parts that another index has, and what another tag is on", async () => {
    const { registry, purge, digests, summaries } = scene();
    const mine = await seedIndex(registry, ["pr-12"], "shared", "own");
    const theirs = await seedIndex(registry, ["v1"], "shared", "other");
    const promoted = await registry.seed(APP, ["pr-12-abcdef0", "v2"], "promoted");
    const { outputs } = await purge();
    expect(outputs).toMatchObject({ untagged: 2, "manifests-deleted": 2, kept: 2 });
    expect(await digests()).toEqual([theirs.index, ...theirs.parts, promoted].sort());
    expect(mine.parts[0]).toBe(theirs.parts[0]);
    expect(summaries.join()).toContain("the tag v2 stays on it");
  });

  test("takes signatures along, and keeps an image that somebody signed meanwhile", async () => {
    const { azure, registry, purge, digests } = scene();
    const digest = await registry.seed(APP, ["pr-12"], "image");
    const sign = (of: string): Promise<string> =>
      registry.seedManifest(APP, undefined, OCI_INDEX, {
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [],
        subject: { mediaType: OCI_MANIFEST, digest: of, size: 1 },
      });
    let late = "";
    azure.faults.add(
      { name: "late", when: { method: "DELETE", path: /_tags/ }, times: 1 },
      {
        kind: "meanwhile",
        run: async () => {
          late = await sign(digest);
        },
      },
    );
    const { outputs } = await purge();
    expect(outputs).toMatchObject({ untagged: 1, "manifests-deleted": 0, kept: 1 });
    expect(await digests()).toEqual([digest, late].sort());
  });

  test("an image that a build tags between the look and its turn stays", async () => {
    const { azure, registry, purge, digests, tags } = scene();
    const digest = await registry.seed(APP, ["pr-12"], "image");
    azure.faults.add(
      { name: "tagged", when: { method: "DELETE", path: /_tags/ }, times: 1 },
      { kind: "meanwhile", run: async () => void (await registry.seed(APP, ["pr-45"], "image")) },
    );
    const { outputs, failure } = await purge();
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 1, "manifests-deleted": 0, kept: 1 });
    expect(await tags()).toEqual(["pr-45"]);
    expect(await digests()).toEqual([digest]);
  });

  test("reads all pages of a large repository", async () => {
    const { registry, purge, tags } = scene({ settings: { pageSize: 3 } });
    for (let n = 0; n < 10; n += 1) await registry.seed(APP, [`pr-12-abcdef${n}`, `sha-${n}`], `image ${n}`);
    const { outputs } = await purge();
    expect(outputs).toMatchObject({ untagged: 10, "manifests-deleted": 0, kept: 10 });
    expect((await tags()).length).toBe(10);
  });
});

describe("what stands in the way", () => {
  test("a missing right is told with the line that gives it, once", async () => {
    const { registry, purge, deletes, tags } = scene({ teamRoles: ["AcrPull"] });
    await registry.seed(APP, ["pr-12", "pr-12-abcdef0"]);
    const { outputs, failure } = await purge({ concurrency: "1" });
    expect(failure?.code).toBe("registry-denied");
    expect(failure?.message).toContain("AcrDelete");
    expect(failure?.message).toContain("az role assignment create");
    expect(outputs).toMatchObject({ untagged: 0, failed: 1, skipped: 2 });
    expect(deletes().length).toBeLessThanOrEqual(1);
    expect(await tags()).toEqual(["pr-12", "pr-12-abcdef0"]);
  });

  test("an identity without any right sees nothing and removes nothing", async () => {
    const { registry, purge } = scene({ teamRoles: [] });
    await registry.seed(APP, ["pr-12"]);
    const { failure } = await purge();
    expect(failure).toMatchObject({ code: "registry-denied", message: expect.stringContaining("AcrPull") });
  });

  test.each([
    ["a tag", (registry: AcrRegistry) => registry.lock(APP, "pr-12"), { locked: 1, untagged: 1 }],
    ["a repository", (registry: AcrRegistry) => registry.lock(APP), { locked: 2, untagged: 0 }],
  ])("a lock on %s is reported, and holds", async (_, lock, counts) => {
    const { registry, purge, digests, summaries, warnings } = scene();
    await registry.seed(APP, ["pr-12"], "locked");
    await registry.seed(APP, ["pr-12-abcdef0"], "open");
    lock(registry);
    const { outputs, failure } = await purge();
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject(counts);
    expect((await digests()).length).toBe(counts.untagged === 0 ? 2 : 1);
    expect(summaries.join()).toContain("az acr repository show --name mayfly --image team/app:pr-12");
    expect(warnings.join()).toContain("are locked and stay");
  });

  test("a lock that only the DELETE meets (405) is reported as well", async () => {
    const { azure, registry, purge, digests } = scene();
    await registry.seed(APP, ["pr-12"]);
    const lock = { kind: "meanwhile", run: () => registry.lock(APP) } as const;
    azure.faults.add({ name: "lock", when: { method: "DELETE", path: /manifests/ }, times: 1 }, lock);
    const { outputs, failure } = await purge();
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 1, locked: 1, "manifests-deleted": 0 });
    expect((await digests()).length).toBe(1);
  });

  test.each([
    ["429 at a DELETE", { method: "DELETE" }, { kind: "throttle", seconds: 2 }],
    ["a reset after a DELETE", { method: "DELETE" }, { kind: "reset", carriedOut: true }],
    ["a reset before a DELETE", { method: "DELETE" }, { kind: "reset" }],
    ["503 at a DELETE", { method: "DELETE" }, { kind: "respond", status: 503, body: "busy" }],
    ["503 at a list", { path: /_manifests$/ }, { kind: "respond", status: 503, body: "busy" }],
    ["a list that no registry wrote", { path: /_tags$/ }, { kind: "respond", status: 502, body: "<html>" }],
  ] as const)("%s is got over", async (_, when, effect) => {
    const { azure, registry, purge, digests } = scene();
    await registry.seed(APP, ["pr-12"]);
    azure.faults.add({ name: "fault", when: { host: registry.loginServer, ...when }, times: 1 }, effect);
    const { outputs, failure } = await purge();
    expect(azure.faults.struck.get("fault")).toBe(1);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 1, "manifests-deleted": 1 });
    expect(await digests()).toEqual([]);
  });

  test("a proxy's 404 is no proof that a repository is gone, or a tag", async () => {
    const { azure, registry, purge } = scene();
    await registry.seed(APP, ["pr-12"]);
    const lie = { kind: "respond", status: 404, body: "<html>not here</html>" } as const;
    azure.faults.add({ name: "lie", when: { path: /_tags$/ } }, lie);
    const { outputs, failure } = await purge();
    expect(failure?.message).toContain("Cannot read team/app");
    expect(outputs).toMatchObject({ missing: 0, failed: 1 });
  });

  test("a cancel lets the request on its way be answered, and sends no other", async () => {
    const { azure, registry, purge, deletes, cancel, tags } = scene();
    await registry.seed(APP, ["pr-12", "pr-12-abcdef0"]);
    azure.faults.add({ name: "cancel", when: { method: "DELETE" }, times: 1 }, { kind: "meanwhile", run: cancel });
    const { outputs } = await purge({ concurrency: "1" });
    expect(deletes().length).toBe(1);
    expect(outputs).toMatchObject({ untagged: 1, skipped: 2 });
    expect((await tags()).length).toBe(1);
  });
});
