import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findUserLogin, hasUserLogin } from "../../src/docker/user-login.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "login-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const auth = Buffer.from("octo:pass:word").toString("base64");
const save = (settings: unknown): Promise<void> =>
  writeFile(join(folder, "config.json"), typeof settings === "string" ? settings : JSON.stringify(settings));
const has = (host: string): boolean => hasUserLogin({ DOCKER_CONFIG: folder }, "/nowhere", host);

describe("a login that the user's docker keeps", () => {
  test("is found by its host, and its password is masked before it is given away", async () => {
    await save({ auths: { "a.azurecr.io": { auth }, "https://index.docker.io/v1/": { auth } } });
    for (const host of ["a.azurecr.io", "docker.io"]) {
      const masked: string[] = [];
      const found = findUserLogin({ DOCKER_CONFIG: folder }, "/nowhere", host, (secret) => masked.push(secret));
      expect(found).toEqual({ username: "octo", password: "pass:word" });
      expect(masked).toEqual(["pass:word"]);
    }
  });

  test.each([
    ["in the file", { auths: { "a.azurecr.io": { auth } } }],
    ["in the file, by an address", { auths: { "https://a.azurecr.io": { auth } } }],
    ["with a helper", { credHelpers: { "a.azurecr.io": "acr-env" } }],
    ["perhaps in a store for all", { credsStore: "desktop" }],
  ])("is there when it is %s", async (_, settings) => {
    await save(settings);
    expect(has("a.azurecr.io")).toBe(true);
  });

  test.each([
    ["another host's", { auths: { "b.azurecr.io": { auth } }, credHelpers: { "c.azurecr.io": "x" } }],
    ["none at all", {}],
    ["in a file that is no JSON", "auths: yes"],
    ["in a file of another form", []],
  ])("is not there when it is %s", async (_, settings) => {
    await save(settings);
    expect(has("a.azurecr.io")).toBe(false);
    expect(findUserLogin({ DOCKER_CONFIG: folder }, "/nowhere", "a.azurecr.io", () => {})).toBeUndefined();
  });
});
