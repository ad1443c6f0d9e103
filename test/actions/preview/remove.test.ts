import { describe, expect, test } from "@jest/globals";
import { type Blob, createStage, group, namespace, play, REPOSITORY_ID, STATE_KEY, type Stage, TAGS } from "./stage.ts";

/** The gate has brought the end forward. */
const OVER = { ...TAGS, "expires-at": "2026-11-22T09:20:00Z" };
const BACKEND = { "backend-config": "storage_account_name=mayflystate\ncontainer_name=tfstate" };
const remove = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  play(stage, { command: "remove", "pull-request": "12", ...inputs });
const namesOf = (stage: Stage): readonly string[] => [...stage.groups, ...stage.namespaces].map(({ name }) => name);
const overdue = (name: string, other: Parameters<typeof group>[1] = {}) => group(name, { tags: OVER, ...other });
const spent = (name: string) => namespace(name, { annotations: { "expires-at": OVER["expires-at"] } });

describe("what a teardown has left", () => {
  test("is deleted and proven gone: exactly the environment's groups and namespaces", async () => {
    const stage = createStage({
      groups: [
        overdue("shop-pr-12"),
        overdue("data-pr-12"),
        overdue("shop-pr-13", { tags: { ...OVER, "mayfly-environment": "pr-13" } }),
        overdue("other-pr-12", { tags: { ...OVER, "mayfly-repository-id": "1" } }),
        group("foundation", { tags: {} }),
      ],
      namespaces: [spent("pr-12-1"), { ...spent("pr-13-1"), labels: { ...TAGS, "mayfly-environment": "pr-13" } }],
    });
    const { result } = await remove(stage);
    expect(result.failure).toBeUndefined();
    expect(namesOf(stage)).toEqual(["shop-pr-13", "other-pr-12", "foundation", "pr-13-1"]);
    const { done } = JSON.parse(String(result.outputs.receipt)) as { done: readonly string[] };
    expect(done).toEqual(
      expect.arrayContaining([
        "Resource group shop-pr-12 gone (ARM answers 404)",
        "Namespace pr-12-1 gone (the cluster answers 404)",
      ]),
    );
  });

  test("is nothing: nothing is asked for", async () => {
    const stage = createStage();
    const { result } = await remove(stage);
    expect(result.failure).toBeUndefined();
    expect(namesOf(stage)).toEqual(["foundation"]);
  });

  test("is waited for where its time comes in a moment", async () => {
    const stage = createStage({
      groups: [overdue("shop-pr-12", { tags: { ...OVER, "expires-at": "2026-11-22T09:20:30Z" } })],
    });
    expect((await remove(stage)).result.failure).toBeUndefined();
    expect(namesOf(stage)).toEqual([]);
  });
});

describe("nothing is deleted", () => {
  const lock = { id: "l", name: "keep", level: "CanNotDelete", scope: group("shop-pr-12").id };
  const kept: readonly (readonly [string, Partial<Stage>, string])[] = [
    ["whose time has not come", { groups: [group("shop-pr-12")] }, "preview-not-gone"],
    [
      "without the mark",
      { groups: [overdue("shop-pr-12", { tags: { ...OVER, "auto-destroy": "" } })] },
      "preview-not-gone",
    ],
    [
      "that says no",
      { groups: [overdue("shop-pr-12", { tags: { ...OVER, "auto-destroy": "false" } })] },
      "preview-not-gone",
    ],
    ["that is locked", { groups: [overdue("shop-pr-12")], locks: [lock] }, "preview-not-gone"],
    [
      "in a cluster, without the label",
      {
        namespaces: [
          { ...spent("pr-12-1"), labels: { "mayfly-environment": "pr-12", "mayfly-repository-id": REPOSITORY_ID } },
        ],
      },
      "preview-not-gone",
    ],
    ["of a cluster itself", { namespaces: [spent("kube-system")] }, "preview-not-gone"],
    ["where nobody can look", { groups: [overdue("shop-pr-12")], login: false }, "preview-unseen"],
    [
      "where a tag must be wrong: there are too many",
      { groups: Array.from({ length: 21 }, (_, index) => overdue(`shop-${index}`)) },
      "fuse-tripped",
    ],
  ];
  test.each(kept)("%s", async (_, other, code) => {
    const stage = createStage({ groups: [], ...other });
    stage.blobs.set(STATE_KEY, { text: "" });
    const before = namesOf(stage);
    const { result } = await remove(stage, BACKEND);
    expect(result.failure?.code).toBe(code);
    expect(namesOf(stage)).toEqual(before);
    expect(stage.blobs.has(STATE_KEY)).toBe(true);
  });

  test("that somebody gives more time between the look and the delete", async () => {
    const stage = createStage({ groups: [overdue("shop-pr-12")] });
    let looks = 0;
    stage.onLook = () => {
      looks += 1;
      if (looks === 3) stage.groups[0] = group("shop-pr-12");
    };
    const { result } = await remove(stage);
    expect(result.failure?.code).toBe("preview-not-gone");
    expect(stage.groups).toHaveLength(1);
    expect(stage.groups[0]?.provisioningState).toBe("Succeeded");
  });

  test("a group that ARM does not let go of is named at the deadline", async () => {
    const stage = createStage({ groups: [overdue("shop-pr-12")], stuck: new Set(["shop-pr-12"]) });
    const { result } = await remove(stage, { deadline: "5m" });
    expect(result.failure?.code).toBe("preview-not-gone");
    expect(result.failure?.message).toContain("ARM is still deleting it");
  });
});

describe("the state", () => {
  const resource = (type: string, id: string): object => ({
    mode: "managed",
    type,
    name: "x",
    instances: [{ attributes: { id } }],
  });
  const inside = `${group("shop-pr-12").id}/providers/Microsoft.Network/virtualNetworks/v`;
  const elsewhere = `${group("foundation").id}/providers/Microsoft.ContainerRegistry/registries/r`;
  const stateOf = (...resources: readonly object[]): string => JSON.stringify({ version: 4, serial: 3, resources });
  const play12 = async (blob: Blob, inputs: Readonly<Record<string, string>> = {}) => {
    const stage = createStage();
    stage.groups.push(overdue("shop-pr-12"));
    stage.blobs.set(STATE_KEY, blob);
    stage.blobs.set(`${STATE_KEY}.plan/abc`, { text: "plan" });
    stage.blobs.set("mayfly/599293758/pr-13.tfstate", { text: "other" });
    const done = await remove(stage, { ...BACKEND, ...inputs });
    return { stage, ...done };
  };

  test.each([
    ["an empty one", stateOf()],
    [
      "what went with the groups",
      stateOf(resource("azurerm_resource_group", group("shop-pr-12").id), resource("azurerm_virtual_network", inside)),
    ],
    ["what is nowhere else", stateOf(resource("random_id", "abc"), resource("helm_release", "shop"))],
    [
      "a role of an identity that is gone",
      stateOf(resource("azurerm_role_assignment", `${elsewhere}/providers/Microsoft.Authorization/roleAssignments/1`)),
    ],
  ])("goes after the proof, with its saved plans: %s", async (_, text) => {
    const { stage, result } = await play12({ text });
    expect(result.failure).toBeUndefined();
    expect([...stage.blobs.keys()]).toEqual(["mayfly/599293758/pr-13.tfstate"]);
    expect(String(result.outputs.receipt)).toContain(`State ${STATE_KEY} removed`);
  });

  test.each<readonly [string, Blob, Readonly<Record<string, string>>, string]>([
    ["it is locked", { text: stateOf(), lease: "leased" }, {}, "it is locked"],
    [
      "it holds something elsewhere",
      { text: stateOf(resource("azurerm_dns_a_record", elsewhere)) },
      {},
      "azurerm_dns_a_record.x",
    ],
    ["nobody can read it", { text: '{"encrypted_data":"x"}' }, {}, "cannot be read"],
    [
      "its key may be another's",
      { text: stateOf() },
      { "backend-config": `${BACKEND["backend-config"]}\nkey=shared.tfstate` },
      "a key of its own",
    ],
    [
      "its place stands in a file",
      { text: stateOf() },
      { "backend-config": "env/preview.tfbackend" },
      "env/preview.tfbackend",
    ],
  ])("stays where %s, and that is said", async (_, blob, inputs, because) => {
    const { stage, result, warnings } = await play12(blob, inputs);
    expect(result.failure).toBeUndefined();
    expect(stage.blobs.has(STATE_KEY)).toBe(true);
    expect(String(result.outputs.receipt)).toContain(because);
    expect(warnings.join()).toContain(because);
  });

  test("stays where another run has noted that it works on it, and not for this run's own note", async () => {
    for (const [runId, stays] of [
      [77, false],
      [78, true],
    ] as const) {
      const stage = createStage();
      stage.blobs.set(STATE_KEY, { text: stateOf() });
      const who = { repository: "octo/shop", repositoryId: REPOSITORY_ID, job: "j", host: "h", runner: "r" };
      const note = { version: 1, ...who, runId, attempt: 1, command: "apply", runnerEnvironment: "github-hosted" };
      stage.blobs.set(`${STATE_KEY}.run`, { text: JSON.stringify({ ...note, startedAt: "2026-11-22T09:00:00.000Z" }) });
      await remove(stage, BACKEND);
      expect([stage.blobs.has(STATE_KEY), stage.blobs.has(`${STATE_KEY}.run`)]).toEqual([stays, stays]);
    }
  });
});
