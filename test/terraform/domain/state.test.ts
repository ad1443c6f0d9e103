import { describe, expect, test } from "@jest/globals";
import { isEmptyState, readState } from "../../../src/terraform/state-file.ts";
import { readStatePlace } from "../../../src/terraform/state-place.ts";
import { messageOf, readFixture, readValue } from "./parsed.ts";

describe("a state", () => {
  test("tells what it keeps", () => {
    const state = readValue(readState(readFixture("change.tfstate")));
    expect(state).toMatchObject({ terraformVersion: "1.11.4", outputs: ["gone", "moves", "secret"] });
    expect(state.lineage).toMatch(/^[0-9a-f-]{36}$/);
    expect(state.serial).toBeGreaterThan(0);
    expect(state.managed).toHaveLength(9);
    expect(state.managed).toContain("terraform_data.updated");
    expect(isEmptyState(state)).toBe(false);
  });

  test.each([
    ["after a destroy", readFixture("destroyed.tfstate")],
    ["without a byte, as a plan leaves a blob", ""],
    [
      "with data sources only",
      JSON.stringify({ version: 4, serial: 1, resources: [{ mode: "data", instances: [{}] }] }),
    ],
  ])("is empty %s", (_name, text) => {
    expect(isEmptyState(readValue(readState(text)))).toBe(true);
  });

  test("names instances, and those of modules", () => {
    const resources = [
      {
        module: "module.a",
        mode: "managed",
        type: "t",
        name: "n",
        instances: [{ index_key: 0 }, { index_key: 'x"y' }],
      },
      { mode: "managed", type: "t", name: "gone", instances: [] },
      { mode: "managed", type: "t", name: "old", instances: [{ deposed: "abc" }] },
      { mode: "odd", type: "t", name: "odd" },
    ];
    const state = readValue(readState(JSON.stringify({ version: 4, serial: 1, resources })));
    expect(state.managed).toEqual(["module.a.t.n[0]", 'module.a.t.n["x\\"y"]', "t.old", "t.odd"]);
  });

  test.each([
    [
      "encrypted",
      JSON.stringify({ serial: 1, lineage: "x", meta: {}, encrypted_data: "x", encryption_version: "v0" }),
      "encrypted by tofu",
    ],
    ["of another format", JSON.stringify({ version: 3, serial: 1, modules: [] }), "has version 3, expected 4"],
    ["without resources", JSON.stringify({ version: 4, serial: 1 }), "with a serial and resources"],
    ["cut off", readFixture("change.tfstate").slice(0, 100), "no JSON object"],
  ])("is never taken for empty when it is %s", (_name, text, words) => {
    expect(messageOf(readState(text), "state-unreadable")).toContain(words);
  });
});

describe("the place of a state", () => {
  const place = (type: string, config: Readonly<Record<string, unknown>>, workspace = "default") =>
    readValue(readStatePlace(JSON.stringify({ version: 3, backend: { type, config, hash: 1 } }), workspace));
  const azure = {
    storage_account_name: "acc",
    container_name: "tfstate",
    key: "mayfly/1/pr-2.tfstate",
    access_key: "c2VjcmV0",
  };

  test("of azurerm is account, container and key, and the blob of the workspace", () => {
    expect(place("azurerm", azure)).toEqual({
      type: "azurerm",
      backend: "azurerm/acc/tfstate/mayfly/1/pr-2.tfstate",
      azure: { account: "acc", container: "tfstate", key: azure.key, blob: azure.key },
    });
    expect(place("azurerm", azure, "w2").azure?.blob).toBe("mayfly/1/pr-2.tfstateenv:w2");
  });

  test("without a backend is the file", () => {
    expect(readValue(readStatePlace("", "default"))).toMatchObject({
      type: "local",
      backend: "local/terraform.tfstate",
    });
    expect(place("local", { path: "x/y.tfstate" }).backend).toBe("local/x/y.tfstate");
  });

  test("holds no credentials", () => {
    expect(place("http", { address: "https://user:pw@host/state" }).backend).toBe("http/https://host/state");
    const query = (text: string) => place("http", { address: `https://host/state?${text}` }).backend;
    expect(query("token=abc&name=1")).not.toContain("abc");
    expect(query("name=1")).not.toBe(query("name=2"));
  });

  test("of another backend stands for its settings, and not for its secrets", () => {
    const one = { bucket: "b", key: "k", secret_key: "one", region: null };
    expect(place("s3", { ...one, secret_key: "two" }).backend).toBe(place("s3", one).backend);
    expect(place("s3", { ...one, key: "other" }).backend).not.toBe(place("s3", one).backend);
    const database = (text: string) => place("pg", { conn_str: `postgres://u:pw@host/${text}` }).backend;
    expect(database("a")).not.toBe(database("b"));
    expect(place("s3", one).backend).toMatch(/^s3\/[0-9a-f]{16}$/);
  });

  test("cannot be told from what is no JSON", () => {
    expect(messageOf(readStatePlace("{", "default"), "state-unreadable")).toContain('Run "init" again');
  });
});
