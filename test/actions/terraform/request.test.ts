import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import type { Given } from "./inputs.ts";
import { createShop } from "./shop.ts";

const DIGEST = "a".repeat(64);

describe("what makes no sense is refused before anybody is asked", () => {
  const cases: readonly (readonly [string, Given, string])[] = [
    ["a variable given twice", { variables: "a: 1", "secret-variables": "a: 2" }, '"a" is in secret-variables, too'],
    ["secret variables that are none", { "secret-variables": "- a" }, "secret-variables: expected a YAML mapping"],
    ["secret variables that are no YAML", { "secret-variables": "a: [" }, "secret-variables: expected a YAML mapping"],
    ["an output that the action has itself", { outputs: "url\nexpires-at" }, 'got "expires-at"'],
    [
      "a digest without an apply",
      { command: "plan", "plan-digest": DIGEST },
      "plan-digest: expected only with command: apply",
    ],
    [
      "a plan file without an apply",
      { command: "drift", "plan-file": "p" },
      "plan-file: expected only with command: apply",
    ],
    ["a plan file without its digest", { "plan-file": "p" }, "plan-digest: expected the digest"],
    ["a lock id without an unlock", { "lock-id": "x" }, "lock-id: expected only with command: unlock"],
    ["a broken lease without an unlock", { "break-lease": "true" }, "break-lease: expected only with command: unlock"],
    [
      "a life longer than the longest",
      { ttl: "9h", "max-ttl": "8h" },
      "ttl: expected no more than max-ttl (8h), got 9h",
    ],
    ["an end kept that nobody gave", { "keep-expiry": "true" }, "ttl: expected a span beside keep-expiry"],
    ["a life without an environment", { ttl: "8h", environment: "" }, "environment: expected the environment's name"],
    [
      "targets beside an approved plan",
      { "plan-digest": DIGEST, targets: "a.b" },
      "targets: expected nothing beside plan-digest",
    ],
    ["replacements beside an approved plan", { "plan-digest": DIGEST, replace: "a.b" }, "replace: expected nothing"],
  ];

  test.each(cases)("%s", async (_, given, said) => {
    const scene = createShop();

    const { code, message } = await act(scene, given);

    expect([code, message]).toEqual(["bad-input", expect.stringContaining(said)]);
    expect([scene.terraform.calls, scene.store.requests, scene.github.writes]).toEqual([[], [], []]);
  });

  test("all of it at once", async () => {
    const given = {
      command: "plan",
      "plan-digest": DIGEST,
      "lock-id": "x",
      ttl: "9h",
      "max-ttl": "8h",
      outputs: "add",
    };

    const { message } = await act(createShop(), given);

    expect(message.split("\n").map((line) => line.split(":")[0])).toEqual(["outputs", "plan-digest", "lock-id", "ttl"]);
  });

  test("a secret that cannot be read is not quoted", async () => {
    const { message, log } = await act(createShop(), { "secret-variables": "password: [hunter-of-secrets" });

    expect(message + log).not.toContain("hunter-of-secrets");
  });
});

describe("the root module", () => {
  test("that is not there is named, with the step that is missing", async () => {
    const { code, message } = await act(createShop(), { "working-directory": "infra/other" });

    expect([code, message]).toEqual(["configuration-missing", expect.stringContaining("actions/checkout")]);
  });

  test("files of variables that are missing are named, all of them", async () => {
    const { code, message } = await act(createShop(), { "var-files": "one.tfvars\ntwo.tfvars" });

    expect(code).toBe("bad-input");
    expect(message).toContain("one.tfvars");
    expect(message).toContain("two.tfvars");
  });

  test("settings of the backend whose variable is not set are named, all of them", async () => {
    const { code, message } = await act(createShop(), { "backend-config": "storage_account_name=\ncontainer_name=" });

    expect(code).toBe("bad-input");
    expect(message).toMatch(/a value for storage_account_name[\s\S]*a value for container_name[\s\S]*gh variable list/);
  });

  test("without a backend that takes the settings is refused: its state would go with the job", async () => {
    const scene = createShop();
    scene.terraform.backend = "local";
    const put = new Map([["/home/runner/shop/infra/main.tf", 'resource "terraform_data" "app" {}']]);

    const { code, message } = await act(scene, {}, { put });

    expect([code, message]).toEqual(["bad-input", expect.stringContaining('backend "azurerm" {}')]);
    expect(scene.terraform.calls.map(({ parameters }) => parameters[0])).toEqual(["init"]);
  });

  test("the key of the state follows from repository and environment, unless one is given", async () => {
    const scene = createShop();
    const own = await act(scene, { command: "plan" });
    const given = { command: "plan", "backend-config": "storage_account_name=a\ncontainer_name=c\nkey=mine.tfstate" };

    const other = await act(scene, given);

    expect([own.outputs["state-key"], other.outputs["state-key"]]).toEqual([
      "mayfly/4711/pr-12.tfstate",
      "mine.tfstate",
    ]);
  });
});
