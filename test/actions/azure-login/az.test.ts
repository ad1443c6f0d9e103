import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type AzLogin, loginAz, removeAzFolder } from "../../../src/actions/azure-login/az.ts";
import { cleanUp } from "../../../src/actions/azure-login/clean-up.ts";
import { chooseCloud } from "../../../src/azure/cloud.ts";
import { connectCommands } from "../../../src/kit/command.ts";
import { CLIENT, OTHER, SUBSCRIPTION, TENANT } from "./fake-world.ts";

const TOKEN = "header.payload.signature";
let temp: string;
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), "az-test-"));
});
afterEach(() => rm(temp, { recursive: true, force: true }));

/** A program named az that writes down its arguments and the token file, as `ps` and a neighbour would see them. */
async function installAz(body = "") {
  const script = `#!/bin/sh
printf '%s ' "$@" >> '${temp}/calls'; echo >> '${temp}/calls'
for word in "$@"; do case "$word" in @*)
  stat -c '%a' "\${word#@}" > '${temp}/mode'; cat "\${word#@}" > '${temp}/token';; esac; done
stat -c '%a' "$AZURE_CONFIG_DIR" > '${temp}/folder-mode'
${body}
echo '[{"id":"${OTHER}","isDefault":false},{"id":"${SUBSCRIPTION}","isDefault":true}]'
`;
  await mkdir(join(temp, "bin"));
  await writeFile(join(temp, "bin", "az"), script, { mode: 0o755 });
}

async function login(change: Partial<AzLogin> = {}) {
  const folders: string[] = [];
  const az = join(temp, "bin", "az");
  const commands = connectCommands({ PATH: process.env["PATH"] });
  const found = await stat(az).then(
    () => az,
    () => undefined,
  );
  const outcome = await loginAz({
    tenantId: TENANT,
    clientId: CLIENT,
    cloud: chooseCloud({ cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined }),
    subscriptionId: SUBSCRIPTION,
    commands: { ...commands, find: async () => found },
    tempFolder: temp,
    idToken: async () => TOKEN,
    onFolder: (folder) => folders.push(folder),
    ...change,
  });
  const calls = await readFile(join(temp, "calls"), "utf8").catch(() => "");
  return { outcome, folders, calls: calls.split("\n").filter((line) => line !== "") };
}

describe("the az login", () => {
  test("hands the token over in a file for this user only, never on the command line, and removes it", async () => {
    await installAz();
    const { outcome, folders, calls } = await login();
    expect(outcome).toEqual({ kind: "in", configFolder: folders[0] });
    expect(await readFile(join(temp, "token"), "utf8")).toBe(TOKEN);
    expect(await readFile(join(temp, "mode"), "utf8")).toBe("600\n");
    expect(await readFile(join(temp, "folder-mode"), "utf8")).toBe("700\n");
    expect(calls).toHaveLength(1);
    expect(calls[0]).toContain(`login --service-principal --username ${CLIENT} --tenant ${TENANT} --federated-token @`);
    expect(calls.join()).not.toContain(TOKEN);
    expect(await readdir(folders[0] ?? "")).toEqual([]);
  });

  test("chooses the subscription where az chose another", async () => {
    await installAz();
    const { calls } = await login({ subscriptionId: OTHER });
    expect(calls[1]).toContain(`account set --subscription ${OTHER}`);
  });

  test("sets a sovereign cloud first, and registers a custom one", async () => {
    await installAz();
    const endpoints = {
      authorityHost: "login.example.com",
      resourceManager: "arm.example.com",
      audience: "api://ours",
    };
    const gov = chooseCloud({
      cloud: "usgov",
      authorityHost: undefined,
      resourceManager: undefined,
      audience: undefined,
    });
    expect((await login({ cloud: gov })).calls[0]).toContain("cloud set --name AzureUSGovernment");
    await rm(join(temp, "calls"));
    const { calls } = await login({ cloud: chooseCloud({ cloud: "custom", ...endpoints }) });
    expect(calls[0]).toContain("cloud register --name Mayfly --endpoint-active-directory https://login.example.com");
    expect(calls[1]).toContain("cloud set --name Mayfly");
  });

  test("allows a login without a subscription", async () => {
    await installAz();
    expect((await login({ subscriptionId: undefined })).calls[0]).toContain("--allow-no-subscriptions");
  });

  test("says what az said when it fails, and leaves no token behind", async () => {
    await installAz("echo 'ERROR: no luck' >&2; exit 1");
    const { outcome, folders } = await login();
    expect(outcome).toEqual({ kind: "failed", step: "az login", said: "ERROR: no luck" });
    expect(await readdir(folders[0] ?? "")).toEqual([]);
  });

  test("without az makes nothing", async () => {
    expect(await login()).toEqual({ outcome: undefined, folders: [], calls: [] });
    expect(await readdir(temp)).toEqual([]);
  });
});

describe("the clean-up", () => {
  const make = async (...path: readonly string[]) => {
    const folder = join(temp, ...path);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "msal_token_cache.json"), "{}");
    return folder;
  };

  test("removes the folder that main made, and only that", async () => {
    const folder = await make("mayfly-az-abc");
    const neighbour = await make("mayfly-az-other");
    expect(await removeAzFolder(folder, temp)).toBeUndefined();
    expect(await readdir(temp)).toEqual(["mayfly-az-other"]);
    expect(await removeAzFolder(folder, temp)).toBeUndefined();
    expect(neighbour).toContain("other");
  });

  test("leaves a folder that is not its own", async () => {
    await make("mayfly-docker-abc");
    expect(await removeAzFolder(join(temp, "mayfly-docker-abc"), temp)).toContain("azure-login");
    expect(await readdir(temp)).toEqual(["mayfly-docker-abc"]);
  });

  test("does nothing without state", async () => {
    await make("mayfly-az-abc");
    const log = {} as Parameters<typeof cleanUp>[0]["log"];
    await cleanUp({ state: () => "", tempFolder: temp, log });
    expect(await readdir(temp)).toEqual(["mayfly-az-abc"]);
  });
});
