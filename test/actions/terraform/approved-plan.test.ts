import { describe, expect, test } from "@jest/globals";
import { act, type Outcome } from "./act.ts";
import type { Scene, WorldOptions } from "./fake-world.ts";
import { STATE } from "./fake-world.ts";
import type { Given } from "./inputs.ts";
import { createShop, GROUP, PASSWORD, SHOP } from "./shop.ts";

/** A plan that somebody approved, and its digest. */
async function planned(scene: Scene, given: Given = {}, options: WorldOptions = {}): Promise<string> {
  const { outputs, code } = await act(scene, { command: "plan", ...given }, options);
  expect(code).toBe("");
  return `${outputs["plan-digest"]}`;
}

const applied = ({ terraform }: Scene): number =>
  terraform.calls.filter(({ parameters }) => parameters[0] === "apply").length;

describe("an approved plan", () => {
  test("lies beside the state, and nowhere where others can read it", async () => {
    const scene = createShop();

    const digest = await planned(scene);

    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(scene.store.blobs.has(`${STATE}.plan/${digest}`)).toBe(true);
  });

  test("is applied by another job without another plan", async () => {
    const scene = createShop();
    const digest = await planned(scene);
    scene.terraform.calls.length = 0;

    const { code, outputs } = await act(scene, { "plan-digest": digest }, { job: { runId: 101, host: "fv-az101" } });

    expect([code, outputs.add, outputs["plan-digest"]]).toEqual(["", 2, digest]);
    expect(scene.terraform.calls.map(({ parameters }) => parameters[0])).not.toContain("plan");
    expect(scene.groups.all.has(GROUP)).toBe(true);
  });

  test("is applied from its file in the same job", async () => {
    const scene = createShop();
    const plan = await act(scene, { command: "plan" });
    const { outputs, world } = plan;
    scene.store.blobs.delete(`${STATE}.plan/${outputs["plan-digest"]}`);
    const given = { "plan-file": `${outputs["plan-file"]}`, "plan-digest": `${outputs["plan-digest"]}` };

    const { code } = await act(scene, given, { disk: world.files });

    expect([code, scene.groups.all.has(GROUP)]).toEqual(["", true]);
  });

  test("needs no login, where its file is given", async () => {
    const scene = createShop();
    scene.terraform.backend = "local";
    const plan = await act(scene, { command: "plan" }, { noAzure: true });
    const given = { "plan-file": `${plan.outputs["plan-file"]}`, "plan-digest": `${plan.outputs["plan-digest"]}` };

    const { code, outputs } = await act(scene, given, { noAzure: true, disk: plan.world.files });
    const without = await act(scene, { "plan-digest": given["plan-digest"] }, { noAzure: true });

    expect([code, outputs.add]).toEqual(["", 2]);
    expect([without.code, without.message]).toEqual([
      "plan-mismatch",
      expect.stringContaining("plan-file was not given"),
    ]);
  });

  test("that nobody made is not applied", async () => {
    const scene = createShop();

    const { code, outputs } = await act(scene, { "plan-digest": "a".repeat(64) });

    expect([code, outputs["failure-reason"], applied(scene)]).toEqual(["plan-mismatch", "plan-mismatch", 0]);
  });

  test("that takes its variables along is not asked for other ones by terraform", async () => {
    const scene = createShop();
    const digest = await planned(scene, { variables: "version: v7" });

    const { code } = await act(scene, { "plan-digest": digest, variables: "version: v7" });

    expect(code).toBe("");
    const apply = scene.terraform.calls.findLast(({ parameters }) => parameters[0] === "apply");
    expect(apply?.parameters.filter((one) => one.startsWith("-var"))).toEqual([]);
  });
});

describe("a plan for something else is not applied, and what differs is named", () => {
  const sha = "f".repeat(40);
  const lock = new Map([["/home/runner/shop/infra/.terraform.lock.hcl", "provider {}"]]);
  const cases: readonly (readonly [string, Given, WorldOptions])[] = [
    ["commit", {}, { job: { headSha: sha } }],
    [
      "repository",
      { "backend-config": "storage_account_name=a\ncontainer_name=c\nkey=k" },
      { job: { repositoryId: "9" } },
    ],
    ["variables", { variables: "version: v2" }, {}],
    [".terraform.lock.hcl", {}, { put: lock }],
    ["tool", { tool: "tofu" }, {}],
  ];

  test.each(cases)("%s", async (field, given, options) => {
    const scene = createShop();
    const place = given["backend-config"];
    const digest = await planned(scene, place === undefined ? {} : { "backend-config": place });

    const { code, message } = await act(scene, { ...given, "plan-digest": digest }, options);

    expect([code, applied(scene), scene.groups.all.size]).toEqual(["plan-mismatch", 0, 0]);
    expect(message).toMatch(new RegExp(`^${field}: approved .+, here .+$`, "m"));
    expect(message.match(/: approved /g)).toHaveLength(1);
  });

  test("directory", async () => {
    const scene = createShop();
    const { world, outputs } = await act(scene, { command: "plan" });
    const other = new Map([["/home/runner/shop/other/main.tf", 'terraform {\n  backend "azurerm" {}\n}\n']]);
    const given = { "working-directory": "other", "plan-digest": `${outputs["plan-digest"]}` };

    const { message } = await act(scene, given, { disk: world.files, put: other });

    expect(message).toContain("directory: approved infra, here other");
  });

  test("the environment, since its plans lie beside its own state", async () => {
    const scene = createShop();
    const digest = await planned(scene);

    const { code, message } = await act(scene, { environment: "pr-13", "plan-digest": digest });

    expect([code, message]).toEqual(["plan-mismatch", expect.stringContaining("There is no plan")]);
  });

  test("one that was copied beside another environment's state", async () => {
    const scene = createShop();
    const digest = await planned(scene);
    const blob = scene.store.blobs.get(`${STATE}.plan/${digest}`);
    if (blob !== undefined) scene.store.blobs.set(`mayfly/4711/pr-13.tfstate.plan/${digest}`, blob);

    const { message } = await act(scene, { environment: "pr-13", "plan-digest": digest });

    expect(message).toContain("place of the state: approved azurerm/mayflystate/tfstate/mayfly/4711/pr-12.tfstate");
    expect(applied(scene)).toBe(0);
  });
});

describe("a plan that was tampered with is not applied", () => {
  test.each(["the bytes", "what it was made for", "both"])("%s", async (what) => {
    const scene = createShop();
    const mine = await planned(scene, { variables: "version: mine" });
    const theirs = await planned(scene, { variables: "version: theirs" }, { job: { headSha: "e".repeat(40) } });
    const [own, other] = [mine, theirs].map((digest) => scene.store.blobs.get(`${STATE}.plan/${digest}`));
    if (own === undefined || other === undefined) throw new Error("no plans");
    if (what !== "what it was made for") own.bytes = other.bytes;
    if (what !== "the bytes") own.metadata = other.metadata;

    const { code, message } = await act(scene, { "plan-digest": mine, variables: "version: mine" });

    expect([code, applied(scene)]).toEqual(["plan-mismatch", 0]);
    expect(message).toContain("somebody has changed it");
  });

  test("a note that cannot be read", async () => {
    const scene = createShop();
    const digest = await planned(scene);
    const blob = scene.store.blobs.get(`${STATE}.plan/${digest}`);
    if (blob !== undefined) blob.metadata = {};

    const { code } = await act(scene, { "plan-digest": digest });

    expect([code, applied(scene)]).toEqual(["plan-binding-unreadable", 0]);
  });
});

describe("a plan that is stale", () => {
  /** Something is applied between plan and apply: the same thing twice would be stale, too. */
  async function overtaken(scene: Scene, given: Given = {}): Promise<string> {
    await act(scene, {});
    const digest = await planned(scene, { variables: "version: v2", ...given });
    await act(scene, { variables: "tags: { seen: twice }" });
    return digest;
  }

  test("is refused where exactly that one was approved", async () => {
    const scene = createShop();
    const digest = await overtaken(scene);

    const { code, outputs } = await act(scene, { "plan-digest": digest, variables: "version: v2" });

    expect([code, outputs["failure-reason"]]).toEqual(["plan-stale", "plan-stale"]);
  });

  test("gives way to a new one that does the same", async () => {
    const scene = createShop({
      resources: SHOP.resources,
      variables: { ...SHOP.variables, tags: { default: { a: "b" } } },
    });
    await act(scene, { variables: "tags: { a: b }" });
    const digest = await planned(scene, { variables: "{ version: v2, tags: { a: b } }" });
    const blob = scene.store.blobs.get(STATE);
    const state = JSON.parse(blob?.bytes.toString("utf8") ?? "");
    if (blob !== undefined) blob.bytes = Buffer.from(JSON.stringify({ ...state, serial: state.serial + 5 }));
    const given = { "plan-digest": digest, approve: "equivalent", variables: "{ version: v2, tags: { a: b } }" };

    const outcome = await act(scene, given);

    expect([outcome.code, outcome.outputs.change]).toEqual(["", 1]);
    expect(outcome.comment).toContain("a new one that does the same takes its place");
    expect(outcome.world.annotations.filter(({ level }) => level === "error")).toEqual([]);
    expect(outcome.summary).not.toContain("stale");
  });

  test("is not replaced by one that does something else", async () => {
    const scene = createShop();
    const digest = await overtaken(scene);
    scene.groups.add(GROUP, { changed: "by hand" });
    const given = { "plan-digest": digest, approve: "equivalent", variables: "version: v2" };
    const before = applied(scene);

    const { code, message } = await act(scene, given);

    expect([code, message]).toEqual(["plan-mismatch", expect.stringContaining("azurerm_resource_group.this")]);
    // The one try with the approved plan, which terraform refused.
    expect(applied(scene) - before).toBe(1);
    expect(scene.groups.tagsOf(GROUP)).toEqual({ changed: "by hand" });
  });
});

describe("a plan of another commit", () => {
  const options = { job: { headSha: "f".repeat(40) } };

  test("gives way to a new one that does the same, where that will do", async () => {
    const scene = createShop({ variables: { ...SHOP.variables, tags: { default: {} } }, resources: SHOP.resources });
    const digest = await planned(scene, { variables: "tags: {}" });
    const given = { "plan-digest": digest, approve: "equivalent", variables: "tags: {}" };

    const { code } = await act(scene, given, options);

    expect([code, scene.groups.all.has(GROUP)]).toEqual(["", true]);
  });

  test("is not replaced by one that does something else, and nothing is applied", async () => {
    const scene = createShop();
    const digest = await planned(scene, { variables: "tags: {}" });
    const given = { "plan-digest": digest, approve: "equivalent", variables: "{ tags: {}, version: v2 }" };

    const { code, message } = await act(scene, given, options);

    expect([code, applied(scene)]).toEqual(["plan-mismatch", 0]);
    expect(message).toContain("terraform_data.app");
  });

  test("never stands in for one of another repository", async () => {
    const scene = createShop();
    const place = "storage_account_name=a\ncontainer_name=c\nkey=k";
    const digest = await planned(scene, { "backend-config": place });
    const given = { "plan-digest": digest, approve: "equivalent", "backend-config": place };

    const { code } = await act(scene, given, { job: { repositoryId: "9" } });

    expect([code, applied(scene)]).toEqual(["plan-mismatch", 0]);
  });

  test("whose difference is a secret does not show it", async () => {
    const scene = createShop();
    const digest = await planned(scene, { variables: `{ tags: {}, password: ${PASSWORD} }` });
    const other = "another-password-that-nobody-sees";
    const given = { "plan-digest": digest, approve: "equivalent", variables: `{ tags: {}, password: ${other} }` };

    const { code, message, log }: Outcome = await act(scene, given, options);

    expect(code).toBe("plan-mismatch");
    expect(message + log).not.toContain(PASSWORD);
    expect(message + log).not.toContain(other);
  });
});
