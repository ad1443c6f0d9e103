import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { createShop, GROUP, SHOP } from "./shop.ts";

describe("a plan", () => {
  test("counts what it would do", async () => {
    const scene = createShop();
    await act(scene, { variables: "password: first-password" });
    scene.terraform.drifted.set("terraform_data.app", { input: "by hand" });

    const { outputs } = await act(scene, { command: "plan", variables: "password: other-password", tags: "a=b" });

    expect(outputs).toMatchObject({
      "has-changes": true,
      add: 1,
      change: 1,
      destroy: 1,
      replace: 1,
      "has-drift": true,
    });
  });

  test("of a configuration that is as it should be has no changes", async () => {
    const scene = createShop();
    await act(scene, {});

    const { outputs, code } = await act(scene, { command: "plan" });

    expect([code, outputs["has-changes"], outputs["has-drift"]]).toEqual(["", false, false]);
    expect([outputs.add, outputs.change, outputs.destroy]).toEqual([0, 0, 0]);
  });

  test("whose only change is the end of life has none that count", async () => {
    const scene = createShop({
      resources: (variables) => SHOP.resources(variables).map(({ ignoresExpiry: _, ...one }) => one),
    });
    await act(scene, { ttl: "8h" });
    // Another group of the environment lives longer, and its end is then that of all.
    scene.groups.add("rg-pr-12-data", { ...scene.groups.tagsOf(GROUP), "expires-at": "2026-11-22T12:00:00Z" });

    const { outputs, comment } = await act(scene, { command: "plan", ttl: "8h" });

    expect([outputs["has-changes"], outputs.change]).toEqual([false, 1]);
    expect(comment).toContain("apply");
  });

  test("that fails says why, and is not kept", async () => {
    const scene = createShop();
    scene.terraform.fail("plan", { summary: "Invalid reference", range: { filename: "main.tf", line: 7 } });

    const { code, outputs, world, summary } = await act(scene, { command: "plan" });

    expect([code, outputs["failure-reason"], outputs["plan-digest"]]).toEqual([
      "plan-failed",
      "plan-failed",
      undefined,
    ]);
    expect(world.annotations).toContainEqual({
      level: "error",
      message: expect.stringContaining("Invalid reference"),
      place: expect.objectContaining({ file: "infra/main.tf", line: 7 }),
    });
    expect(summary).toContain("Invalid reference");
    expect([...scene.store.blobs.keys()].filter((name) => name.includes(".plan/"))).toEqual([]);
  });

  test("that lacks a variable says which", async () => {
    const scene = createShop({ variables: { needed: {} } });

    const { code, message } = await act(scene, { command: "plan" });

    expect([code, message]).toEqual(["plan-failed", expect.stringContaining("No value for required variable")]);
  });

  test("with a warning goes well", async () => {
    const scene = createShop();
    scene.terraform.fail("plan", { severity: "warning", summary: "Deprecated" });

    const { code, world } = await act(scene, { command: "plan" });

    expect([code, world.annotations.map(({ level }) => level)]).toEqual(["", ["warning"]]);
  });

  test("gets targets, replacements and parallelism as they were given, and no shell", async () => {
    const scene = createShop();
    const given = { command: "plan", targets: "terraform_data.app", replace: "a.b; rm -rf /", parallelism: "3" };

    await act(scene, given);

    const { parameters } = scene.terraform.calls.find((call) => call.parameters[0] === "plan") ?? { parameters: [] };
    expect(parameters).toEqual(
      expect.arrayContaining(["-target=terraform_data.app", "-replace=a.b; rm -rf /", "-parallelism=3"]),
    );
  });
});

describe("drift", () => {
  test("is told, and nothing is kept for an apply", async () => {
    const scene = createShop();
    await act(scene, {});
    scene.terraform.drifted.set("terraform_data.app", { input: "by hand" });

    const { outputs, code, summary, log } = await act(scene, { command: "drift" });

    expect([code, outputs["has-drift"], outputs["plan-digest"]]).toEqual(["", true, undefined]);
    expect(log).toContain("terraform_data.app: changed outside of terraform");
    expect(summary).toContain("changed outside of terraform");
    expect([...scene.store.blobs.keys()].filter((name) => name.includes(".plan/"))).toEqual([]);
  });

  test("is none where nobody touched anything", async () => {
    const scene = createShop();
    await act(scene, {});

    const { outputs } = await act(scene, { command: "drift" });

    expect([outputs["has-drift"], outputs["has-changes"]]).toEqual([false, false]);
  });
});

describe("an apply", () => {
  test("without changes asks for no apply, and tells the outputs", async () => {
    const scene = createShop();
    await act(scene, {});
    scene.terraform.calls.length = 0;

    const { code, outputs, named } = await act(scene, { outputs: "url" });

    expect([code, outputs["has-changes"], named]).toEqual(["", false, { url: "https://pr-12.example.com" }]);
    expect(scene.terraform.calls.map(({ parameters }) => parameters[0])).not.toContain("apply");
  });

  test("that destroys more than max-destroy is not begun, and says what would allow it", async () => {
    const scene = createShop();
    await act(scene, { variables: "password: first-password" });
    scene.terraform.calls.length = 0;

    const { code, message, outputs } = await act(scene, { variables: "password: other-password", "max-destroy": "0" });

    expect([code, outputs["failure-reason"]]).toEqual(["policy-denied", "policy-denied"]);
    expect(message).toContain("max-destroy: 1");
    expect(scene.terraform.calls.map(({ parameters }) => parameters[0])).not.toContain("apply");
  });

  test("that destroys as many as max-destroy goes on", async () => {
    const scene = createShop();
    await act(scene, { variables: "password: first-password" });

    const { code, outputs } = await act(scene, { variables: "password: other-password", "max-destroy": "1" });

    expect([code, outputs.add, outputs.destroy]).toEqual(["", 1, 1]);
  });

  test("of an approved plan obeys max-destroy, too", async () => {
    const scene = createShop();
    await act(scene, { variables: "password: first-password" });
    const plan = await act(scene, { command: "plan", variables: "password: other-password" });
    const given = { "plan-digest": `${plan.outputs["plan-digest"]}`, variables: "password: other-password" };

    const { code } = await act(scene, { ...given, "max-destroy": "0" });

    expect(code).toBe("policy-denied");
  });

  test("that fails half-way stores what was done, and says how far it came", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.terraform_data.app", { summary: "SkuNotAvailable" });

    const { code, outputs, message, comment } = await act(scene, {});

    expect([code, outputs["failure-reason"]]).toEqual(["apply-failed", "apply-failed"]);
    expect(message).toContain("apply failed after 1 of 2 changes");
    expect(comment).toContain("1 of 2 changes done");
    const again = await act(scene, {});
    expect([again.code, again.outputs.add]).toEqual(["", 1]);
  });

  test("ends with no note and no lease", async () => {
    const scene = createShop();

    await act(scene, {});

    expect([...scene.store.blobs].map(([name, { lease }]) => [name, lease])).toEqual([
      ["mayfly/4711/pr-12.tfstate", undefined],
    ]);
  });
});

describe("terraform's environment", () => {
  const environment = {
    PATH: "/usr/bin",
    TF_WORKSPACE: "typo",
    TF_CLI_ARGS_plan: "-destroy",
    ARM_CLIENT_SECRET: "a-client-secret",
    ARM_OIDC_TOKEN: "a-token-of-five-minutes",
    ACTIONS_RUNTIME_TOKEN: "the-token-of-the-runner",
    "INPUT_GITHUB-TOKEN": "ghs_x",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example",
  };

  test("has ids and switches, and no credential", async () => {
    const scene = createShop();

    await act(scene, { command: "plan" }, { job: { environment } });

    for (const call of scene.terraform.calls) {
      expect(call.environment).toMatchObject({
        ARM_USE_OIDC: "true",
        ARM_USE_AZUREAD: "true",
        TF_INPUT: "0",
        PATH: "/usr/bin",
      });
      const taken = Object.keys(environment).filter((name) => /TF_W|TF_CLI|SECRET|OIDC_TOKEN|RUNTIME|INPUT/.test(name));
      for (const name of taken) expect([name, call.environment[name]]).toEqual([name, undefined]);
    }
  });

  test("leads to the relay while it is switched on", async () => {
    const scene = createShop();

    const on = await act(scene, { command: "plan" }, { job: { environment } });
    const off = await act(scene, { command: "plan", "token-relay": "false" }, { job: { environment } });

    expect([on.world.relay, off.world.relay]).toEqual([
      { started: 1, stopped: 1 },
      { started: 0, stopped: 0 },
    ]);
    const urls = scene.terraform.calls.map((call) => call.environment["ACTIONS_ID_TOKEN_REQUEST_URL"]);
    expect(new Set(urls)).toEqual(new Set(["http://127.0.0.1:4242/token", "https://token.example"]));
  });
});

describe("a workspace", () => {
  test("is made by an apply, and has a state of its own", async () => {
    const scene = createShop();

    const { code, outputs } = await act(scene, { workspace: "blue" });

    expect([code, outputs["state-key"]]).toEqual(["", "mayfly/4711/pr-12.tfstateenv:blue"]);
  });

  test("that is not there is not made by a destroy", async () => {
    const scene = createShop();

    const { code, message } = await act(scene, { command: "destroy", workspace: "typo" });

    expect([code, message]).toEqual(["init-failed", expect.stringContaining('no workspace "typo"')]);
    expect(scene.store.blobs.size).toBe(0);
  });
});
