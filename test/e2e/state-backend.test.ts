import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { readLockInfoText } from "../../src/terraform/read-lock-info.ts";
import { createTerraformFolder, type TerraformFolder } from "../terraform/terraform-folder.ts";
import { ACCOUNT, CONTAINER, openStateStorage, type StateStorage, type StorageKind } from "./state-storage.ts";

jest.setTimeout(120_000);

/** A resource that is there at once, or when a file is: it says that it waits by another. */
const CONFIGURATION = `
terraform {
  backend "azurerm" {
    storage_account_name = "${ACCOUNT}"
    container_name       = "${CONTAINER}"
  }
}
variable "gate" {
  default = "/"
}
resource "terraform_data" "one" {
  input            = "one"
  triggers_replace = var.gate
  provisioner "local-exec" {
    command = "touch begun; until [ -e \${self.triggers_replace} ]; do sleep 0.05; done"
  }
}
output "one" {
  value = terraform_data.one.output
}
`;
const WRONG = "11111111-2222-3333-4444-555555555555";

/** What storage was asked and answered in each test, by what keeps the blobs. */
const wires = new Map<StorageKind, string[]>();

describe.each<StorageKind>(["the emulator", "Azurite"])("terraform's state on %s", (kind) => {
  let storage: StateStorage;
  const folders: TerraformFolder[] = [];
  let keys = 0;
  beforeAll(async () => {
    storage = await openStateStorage(kind);
    wires.set(kind, []);
  });
  afterEach(async () => {
    wires.get(kind)?.push(`-- ${expect.getState().currentTestName?.replace(kind, "")}`, ...storage.takeWire());
    for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await storage[Symbol.asyncDispose]();
  });

  const nextKey = () => `mayfly/599293758/pr-${++keys}.tfstate`;
  const open = async (key: string) => {
    const { proxy, team } = storage;
    const env = { ARM_USE_AZUREAD: "true" };
    const folder = await createTerraformFolder({ proxy, team, files: { "main.tf": CONFIGURATION }, env });
    folders.push(folder);
    await folder.must("init", `-backend-config=key=${key}`);
    return folder;
  };
  const find = async (key: string) => {
    const facts = await storage.container.find(key);
    if (facts === undefined) throw new Error(`There is no blob ${key}`);
    return facts;
  };
  const state = async (key: string) => JSON.parse(`${await storage.container.read(key)}`) as Record<string, unknown>;
  const note = async (key: string): Promise<Record<string, string>> =>
    JSON.parse(Buffer.from((await find(key)).metadata["terraformlockid"] ?? "", "base64").toString());
  /** An apply that holds the lock until it is killed, or until its gate is opened. */
  const hold = async (folder: TerraformFolder) => {
    const gate = join(folder.path, "gate");
    const apply = folder.start("apply", "-auto-approve", `-var=gate=${gate}`);
    while (!existsSync(join(folder.path, "begun"))) await sleep(20);
    return { ...apply, open: () => writeFile(gate, "") };
  };
  const kill = async (apply: Awaited<ReturnType<typeof hold>>) => {
    apply.kill("SIGKILL");
    await apply.over;
    // Its local-exec has no parent any more.
    await apply.open();
  };
  const FREE = { state: "available", infinite: false };

  test("is made by init where it is missing: empty, and not locked", async () => {
    const key = nextKey();
    await open(key);
    expect(await state(key)).toMatchObject({ version: 4, serial: 1, resources: [], outputs: {} });
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
  });

  test("is made by plan, too, where it was deleted since", async () => {
    const key = nextKey();
    const folder = await open(key);
    expect(await storage.container.delete(key)).toBe("deleted");
    expect((await folder.run("plan", "-detailed-exitcode")).code).toBe(2);
    expect(await state(key)).toMatchObject({ serial: 1, resources: [] });
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
  });

  test("is stored by apply and emptied by destroy, and the lock is given back", async () => {
    const key = nextKey();
    const folder = await open(key);
    await folder.must("apply", "-auto-approve");
    expect(await state(key)).toMatchObject({ outputs: { one: { value: "one" } }, resources: [{ name: "one" }] });
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
    await folder.must("destroy", "-auto-approve");
    expect(await state(key)).toMatchObject({ outputs: {}, resources: [] });
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
  });

  test("is held by a lease for ever while an apply goes on, and others are told by whom", async () => {
    const key = nextKey();
    const [folder, other] = [await open(key), await open(key)];
    const apply = await hold(folder);
    const held = await find(key);
    expect(held.lease).toEqual({ state: "leased", infinite: true });
    const { ID: id = "", ...info } = await note(key);
    expect(info).toMatchObject({ Operation: "OperationTypeApply", Info: "", Path: `${CONTAINER}/${key}` });
    const refused = await other.run("apply", "-auto-approve");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Error message: state blob is already locked");
    expect(readLockInfoText(refused.stderr)).toEqual({
      id,
      path: info["Path"],
      operation: info["Operation"],
      who: info["Who"],
      version: info["Version"],
      created: new Date(`${info["Created"]}`),
    });
    expect(await storage.container.delete(key)).toBe("leased");
    expect(await find(key)).toEqual(held);
    await apply.open();
    expect((await apply.over).code).toBe(0);
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
  });

  test("cannot be pushed while it is leased, with or without a lock, and can be once it is unlocked by its id", async () => {
    const key = nextKey();
    const [folder, other] = [await open(key), await open(key)];
    const before = await state(key);
    const [pushed, file] = [{ value: "x", type: "string" }, join(other.path, "errored.tfstate")];
    await writeFile(file, JSON.stringify({ ...before, serial: 7, outputs: { pushed } }));
    await kill(await hold(folder));
    expect((await find(key)).lease).toEqual({ state: "leased", infinite: true });
    const locked = await other.run("state", "push", file);
    expect([locked.code, locked.stderr.includes("state blob is already locked")]).toEqual([1, true]);
    const unlocked = await other.run("state", "push", "-lock=false", file);
    expect([unlocked.code, unlocked.stderr]).toEqual([1, expect.stringMatching(/status 412 .*LeaseIdMissing/)]);
    expect(await state(key)).toMatchObject({ serial: before["serial"] });
    const wrong = await other.run("force-unlock", "-force", WRONG);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringContaining(`lock id "${WRONG}" does not match existing lock`),
    ]);
    expect((await find(key)).lease.state).toBe("leased");
    await other.must("force-unlock", "-force", (await note(key))["ID"] ?? "");
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
    await other.must("state", "push", file);
    expect(await state(key)).toMatchObject({ outputs: { pushed } });
  });

  test("whose lease was left without a note can be unlocked by nobody but us", async () => {
    const key = nextKey();
    const [folder, other] = [await open(key), await open(key)];
    const { faults } = storage.azure;
    // Killed between the lease and the note of it.
    const when = { method: "PUT", query: /comp=metadata/ };
    const planned: { run?: ReturnType<TerraformFolder["start"]> } = {};
    faults.add({ name: "kill", when, times: 1 }, { kind: "meanwhile", run: () => planned.run?.kill("SIGKILL") });
    faults.add({ name: "lost", when, times: 1 }, { kind: "reset" });
    planned.run = folder.start("plan");
    await planned.run.over;
    const left = await find(key);
    expect(left).toMatchObject({ metadata: {}, lease: { state: "leased", infinite: true } });
    const refused = await other.run("plan");
    expect(refused.code).toBe(1);
    expect(readLockInfoText(refused.stderr)).toBeUndefined();
    const unlock = await other.run("force-unlock", "-force", WRONG);
    expect([unlock.code, unlock.stderr]).toEqual([1, expect.stringContaining('"terraformlockid" was empty')]);
    expect(await storage.container.breakLease(key, { etag: left.etag })).toBe("broken");
    expect((await find(key)).lease.state).toBe("broken");
    await other.must("apply", "-auto-approve");
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
  });

  test("whose lock was broken with its note is free for the next run, and not for the one that held it", async () => {
    const key = nextKey();
    const [folder, other] = [await open(key), await open(key)];
    const apply = await hold(folder);
    const seen = await find(key);
    expect(await storage.container.breakLease(key, { etag: seen.etag })).toBe("broken");
    expect(await find(key)).toMatchObject({ metadata: {}, lease: FREE });
    await other.must("apply", "-auto-approve");
    const stored = await find(key);
    await apply.open();
    const late = await apply.over;
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining("Failed to save state")]);
    expect(existsSync(join(folder.path, "errored.tfstate"))).toBe(true);
    expect(await find(key)).toEqual(stored);
  });

  test("of another workspace is a blob beside it, which goes with the workspace", async () => {
    const key = nextKey();
    const folder = await open(key);
    await folder.must("workspace", "new", "w2");
    await folder.must("apply", "-auto-approve");
    expect(await storage.container.list(key)).toEqual([key, `${key}env:w2`]);
    expect((await state(`${key}env:w2`))["resources"]).toHaveLength(1);
    expect((await state(key))["resources"]).toEqual([]);
    await folder.must("destroy", "-auto-approve");
    await folder.must("workspace", "select", "default");
    await folder.must("workspace", "delete", "w2");
    expect(await storage.container.list(key)).toEqual([key]);
  });

  test("keeps what we write beside it, once", async () => {
    const { container } = storage;
    const name = `${nextKey()}.run`;
    const first = Buffer.from('{"run":1}');
    expect(await container.write(name, first, { onlyNew: true, metadata: { run: "1" } })).toBe("written");
    expect(await container.write(name, Buffer.from("{}"), { onlyNew: true })).toBe("exists");
    expect(await container.read(name)).toEqual(first);
    const { etag, metadata } = await find(name);
    expect(metadata).toEqual({ run: "1" });
    expect(await container.write(name, Buffer.alloc(0))).toBe("written");
    expect(await container.delete(name, { etag })).toBe("changed");
    expect(await container.delete(name, { etag: (await find(name)).etag })).toBe("deleted");
    expect(await container.delete(name)).toBe("absent");
    expect(await container.find(name)).toBeUndefined();
    expect(await container.breakLease(name)).toBe("absent");
  });

  test("is refused to a login without a role, in words that terraform shows", async () => {
    const { azure, team, proxy } = storage;
    const stranger = azure.entra.addManagedIdentity({
      tenantId: team.tenantId,
      clientId: "c11e0000-0000-4000-8000-000000000002",
      objectId: "0b1ec700-0000-4000-8000-000000000002",
      name: "stranger",
      federatedCredentials: team.principal.federatedCredentials,
    });
    const env = { ARM_USE_AZUREAD: "true", ARM_CLIENT_ID: stranger.clientId };
    const folder = await createTerraformFolder({ proxy, team, files: { "main.tf": CONFIGURATION }, env });
    folders.push(folder);
    const { code, stderr } = await folder.run("init", `-backend-config=key=${nextKey()}`);
    expect(code).toBe(1);
    expect(stderr).toContain("AuthorizationPermissionMismatch");
  });
});

test("Both storages were asked the same by terraform, and answered the same", () => {
  const [emulated = [], real] = [wires.get("the emulator"), wires.get("Azurite")];
  expect(emulated.length).toBeGreaterThan(100);
  expect(emulated).toEqual(real);
});
