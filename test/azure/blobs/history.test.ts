import { describe, expect, test } from "@jest/globals";
import { setUpAccount } from "./wire-on-account.ts";

const PATH = "/tfstate/a";
const LIST = "/tfstate?restype=container&comp=list&include=snapshots,versions,deleted";

describe("a snapshot", () => {
  test("keeps what was, and stands in the way of a delete that does not name it", async () => {
    const { put, ask } = setUpAccount();
    await put(PATH, "one", { "x-ms-meta-n": "1" });
    const at = (await ask("PUT", `${PATH}?comp=snapshot`, {})).headers["x-ms-snapshot"] ?? "";
    await put(PATH, "two");
    const read = await ask("GET", `${PATH}?snapshot=${at}`, {});
    expect([read.text, read.headers["x-ms-meta-n"]]).toEqual(["one", "1"]);
    expect((await ask("GET", PATH, {})).text).toBe("two");
    expect((await ask("GET", LIST, {})).text).toContain(`<Snapshot>${at}</Snapshot>`);
    expect(await ask("DELETE", PATH, {})).toMatchObject({ status: 409, code: "SnapshotsPresent" });
    await ask("DELETE", PATH, { "x-ms-delete-snapshots": "only" });
    expect((await ask("GET", `${PATH}?snapshot=${at}`, {})).status).toBe(404);
    await ask("PUT", `${PATH}?comp=snapshot`, {});
    expect((await ask("DELETE", PATH, { "x-ms-delete-snapshots": "include" })).status).toBe(202);
    expect((await ask("GET", LIST, {})).text).toContain("<Blobs></Blobs>");
  });
});

describe("an account that keeps what was deleted", () => {
  const blobService = { deleteRetentionPolicy: { enabled: true, days: 7 } };

  test("gives it back for some days", async () => {
    const { azure, put, ask } = setUpAccount({ blobService });
    await put(PATH, "one");
    await ask("PUT", `${PATH}?comp=snapshot`, {});
    await ask("DELETE", PATH, { "x-ms-delete-snapshots": "include" });
    expect((await ask("GET", PATH, {})).code).toBe("BlobNotFound");
    expect((await ask("GET", LIST, {})).text.match(/<Deleted>true/g)).toHaveLength(2);
    expect((await ask("GET", "/tfstate?restype=container&comp=list", {})).text).toContain("<Blobs></Blobs>");
    azure.clock.advance(6 * 24 * 3_600_000);
    expect((await ask("PUT", `${PATH}?comp=undelete`, {})).status).toBe(200);
    expect((await ask("GET", PATH, {})).text).toBe("one");
    expect((await ask("GET", LIST, {})).text).not.toContain("<Deleted>");
    await ask("DELETE", PATH, { "x-ms-delete-snapshots": "include" });
    azure.clock.advance(7 * 24 * 3_600_000);
    expect((await ask("PUT", `${PATH}?comp=undelete`, {})).code).toBe("BlobNotFound");
  });
});

test("An account without it deletes for good", async () => {
  const { put, ask } = setUpAccount();
  await put(PATH, "one");
  await ask("DELETE", PATH, {});
  expect((await ask("PUT", `${PATH}?comp=undelete`, {})).code).toBe("BlobNotFound");
  expect((await ask("GET", LIST, {})).text).toContain("<Blobs></Blobs>");
});

describe("an account with versions", () => {
  const blobService = { isVersioningEnabled: true };

  test("keeps every state, also of what was deleted", async () => {
    const { put, ask } = setUpAccount({ blobService });
    await put(PATH, "one");
    const one = (await ask("HEAD", PATH, {})).headers["x-ms-version-id"] ?? "";
    await put(PATH, "two");
    await ask("DELETE", PATH, {});
    expect((await ask("GET", PATH, {})).status).toBe(404);
    expect((await ask("GET", `${PATH}?versionid=${one}`, {})).text).toBe("one");
    expect((await ask("GET", LIST, {})).text.match(/<VersionId>/g)).toHaveLength(2);
  });

  test("lets only an owner delete one of them", async () => {
    const { azure, team, storage, put, ask } = setUpAccount({ blobService }, "Storage Blob Data Contributor");
    await put(PATH, "one");
    const one = (await ask("HEAD", PATH, {})).headers["x-ms-version-id"] ?? "";
    await put(PATH, "two");
    expect((await ask("DELETE", `${PATH}?versionid=${one}`, {})).status).toBe(403);
    azure.arm.assignRole(team.principal.objectId, "Storage Blob Data Owner", storage.id);
    expect((await ask("DELETE", `${PATH}?versionid=${one}`, {})).status).toBe(202);
    expect((await ask("GET", `${PATH}?versionid=${one}`, {})).status).toBe(404);
    expect((await ask("GET", PATH, {})).text).toBe("two");
  });
});
