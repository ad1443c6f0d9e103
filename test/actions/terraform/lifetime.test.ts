import { describe, expect, test } from "@jest/globals";
import { renderExpiry } from "../../../src/ttl/expiry.ts";
import { act } from "./act.ts";
import { START } from "./fake/clock.ts";
import type { Scene } from "./fake-world.ts";
import { createShop, GROUP, group } from "./shop.ts";

const HOUR = 3_600_000;
/** So many hours from the beginning. */
const at = (hours: number): string => renderExpiry(new Date(START.getTime() + hours * HOUR));

const TAGS = { "mayfly-environment": "pr-12", "mayfly-repository-id": "4711", "auto-destroy": "true" };

/** A shop that was deployed at the beginning, to live eight hours. */
async function deployed(scene = createShop()): Promise<Scene> {
  const first = await act(scene, { ttl: "8h" });
  expect(first.code).toBe("");
  scene.groups.patches.length = 0;
  return scene;
}

describe("the end of an environment", () => {
  test("a new one gets its span, in tags and variables, and no PATCH", async () => {
    const scene = createShop();

    const { outputs } = await act(scene, { ttl: "8h" });

    expect(outputs["expires-at"]).toBe(at(8));
    expect(scene.groups.tagsOf(GROUP)).toMatchObject({ ...TAGS, "expires-at": at(8), owner: "octocat" });
    expect(scene.groups.patches).toEqual([]);
  });

  test("one that lives is extended before terraform plans", async () => {
    const scene = await deployed();
    scene.clock.pass(2 * HOUR);
    const ends: unknown[] = [];
    scene.terraform.at("plan.begin", () => void ends.push(scene.groups.tagsOf(GROUP)["expires-at"]));

    const { outputs } = await act(scene, { ttl: "8h", variables: "version: v2" });

    expect([ends, outputs["expires-at"]]).toEqual([[at(10)], at(10)]);
    expect(scene.groups.patches).toEqual([{ name: GROUP, tags: { "expires-at": at(10) } }]);
  });

  test("is never brought forward", async () => {
    const scene = await deployed();

    const { outputs } = await act(scene, { ttl: "2h" });

    expect(outputs["expires-at"]).toBe(at(8));
    expect(scene.groups.patches).toEqual([]);
  });

  test("max-ttl caps what a run gives, and takes nothing away", async () => {
    const scene = await deployed();
    scene.groups.add("rg-pr-12-far", { ...TAGS, "expires-at": at(48) });

    const { outputs, code } = await act(scene, { ttl: "8h", "max-ttl": "8h" });

    expect([code, outputs["expires-at"]]).toEqual(["", at(48)]);
  });

  test("keep-expiry leaves the end alone, and gives a new environment one all the same", async () => {
    const fresh = await act(createShop(), { ttl: "8h", "keep-expiry": "true" });
    const scene = await deployed();
    scene.clock.pass(2 * HOUR);

    const kept = await act(scene, { ttl: "8h", "keep-expiry": "true", variables: "version: v2" });

    expect([fresh.outputs["expires-at"], kept.outputs["expires-at"]]).toEqual([at(8), at(8)]);
    expect(scene.groups.patches).toEqual([]);
  });

  test("a plan tells the live end and changes nothing", async () => {
    const scene = await deployed();
    scene.clock.pass(2 * HOUR);

    const { outputs } = await act(scene, { command: "plan", ttl: "8h" });

    expect(outputs["expires-at"]).toBe(at(8));
    expect(outputs["has-changes"]).toBe(false);
    expect(scene.groups.patches).toEqual([]);
  });

  test("only groups of this repository and environment that may be reaped are touched", async () => {
    const scene = await deployed();
    scene.clock.pass(2 * HOUR);
    scene.groups.add("of-another-repository", { ...TAGS, "mayfly-repository-id": "1", "expires-at": at(1) });
    scene.groups.add("of-another-environment", { ...TAGS, "mayfly-environment": "pr-1", "expires-at": at(1) });
    const { "auto-destroy": _, ...unmarked } = TAGS;
    scene.groups.add("that-lives-for-ever", unmarked);

    await act(scene, { ttl: "8h" });

    expect(scene.groups.patches.map(({ name }) => name)).toEqual([GROUP]);
  });

  test("an environment that is being deleted is not deployed to", async () => {
    const scene = await deployed();
    scene.groups.add(GROUP, scene.groups.tagsOf(GROUP), { provisioningState: "Deleting" });
    const before = scene.terraform.calls.length;

    const { code, message } = await act(scene, { ttl: "8h" });

    expect([code, message]).toEqual(["environment-deleting", expect.stringContaining(GROUP)]);
    const later = scene.terraform.calls.slice(before).map(({ parameters }) => parameters[0]);
    expect(later).toEqual(["init"]);
  });

  test("is set again after an apply of an older plan, which wrote the end of its own time", async () => {
    const scene = await deployed();
    const plan = await act(scene, { command: "plan", ttl: "8h", tags: "team=shop" });
    scene.clock.pass(2 * HOUR);
    const ends: unknown[] = [];
    scene.terraform.at("apply.persist", () => void ends.push(scene.groups.tagsOf(GROUP)["expires-at"]));

    const { code } = await act(scene, {
      ttl: "8h",
      tags: "team=shop",
      "plan-digest": `${plan.outputs["plan-digest"]}`,
    });

    expect([code, ends]).toEqual(["", [at(8)]]);
    expect(scene.groups.patches.map(({ tags }) => tags["expires-at"])).toEqual([at(10), at(10)]);
    expect(scene.groups.tagsOf(GROUP)).toMatchObject({ team: "shop", "expires-at": at(10) });
  });

  test("without a ttl nobody asks Azure about groups", async () => {
    const scene = createShop();

    const { outputs } = await act(scene, { command: "apply" });

    expect([outputs["expires-at"], scene.groups.lists]).toEqual([undefined, []]);
  });
});

describe("what is handed to the configuration", () => {
  test("only variables that it declares", async () => {
    const scene = createShop({ variables: { expires_at: {} }, resources: () => [] });
    const { world } = await act(scene, { command: "plan", ttl: "8h" });

    const handed = world.files.all.get("/temp/mayfly/mayfly.tfvars.json")?.toString("utf8") ?? "";

    expect(JSON.parse(handed)).toEqual({ expires_at: at(8) });
  });

  test("nothing at all where it declares none", async () => {
    const scene = createShop({ variables: {}, resources: () => [], outputs: () => ({}) });
    const { world, code } = await act(scene, { command: "plan", ttl: "8h" });

    expect(code).toBe("");
    expect([...world.files.all.keys()].some((path) => path.endsWith("mayfly.tfvars.json"))).toBe(false);
  });

  test("the user's own values win over ours", async () => {
    const scene = createShop();

    await act(scene, { variables: "tags: { mine: alone }" });

    expect(scene.groups.tagsOf(GROUP)).toEqual({ mine: "alone" });
  });

  test("tags of the input stand beside ours", async () => {
    const scene = createShop();

    await act(scene, { ttl: "8h", tags: "team=shop\nowner=somebody" });

    expect(scene.groups.tagsOf(GROUP)).toMatchObject({ ...TAGS, team: "shop", owner: "somebody" });
  });
});

describe("a group that would not die on time is not made", () => {
  test("one without the tags", async () => {
    const scene = createShop({ resources: () => [group] });

    const { code, message } = await act(scene, { ttl: "8h" });

    expect([code, message]).toEqual([
      "policy-denied",
      expect.stringContaining("azurerm_resource_group.this has no tag"),
    ]);
    expect(scene.groups.all.size).toBe(0);
  });

  test("one that an approved plan would let be born expired", async () => {
    const scene = createShop();
    const plan = await act(scene, { command: "plan", ttl: "8h" });
    scene.clock.pass(8 * HOUR - 10 * 60_000);
    const given = { ttl: "8h", "plan-digest": String(plan.outputs["plan-digest"]) };

    const { code, outputs, message } = await act(scene, given);

    expect([code, outputs["failure-reason"]]).toEqual(["policy-denied", "policy-denied"]);
    expect(message).toContain("less than 15 minutes from now");
    expect(scene.groups.all.size).toBe(0);
  });
});
