import { randomUUID } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { setUpAccount } from "./wire-on-account.ts";

const ACCOUNT = { account: "mayflystate", container: "tfstate" };

describe("a login", () => {
  test.each([
    ["for ARM", { audience: "https://management.azure.com" }, "Audience validation failed. Audience did not match."],
    ["that is over", { seconds: -1 }, "Lifetime validation failed. The token is expired."],
  ])("%s is refused, with where to get another", async (_, { audience, seconds }: Made, detail) => {
    const { raw, token } = setUpAccount();
    const headers = { authorization: `Bearer ${token(audience, seconds)}`, "x-ms-version": "2023-11-03" };
    const { status, code, text, headers: answered } = await raw("GET", "/tfstate/a", headers);
    expect([status, code]).toEqual([401, "InvalidAuthenticationInfo"]);
    expect(text).toContain(`<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`);
    expect(answered["www-authenticate"]).toMatch(
      /^Bearer authorization_uri=https:\/\/login\.microsoftonline\.com\/[\w-]+\/oauth2\/authorize resource_id=https:\/\/storage\.azure\.com$/,
    );
  });

  test("that nobody has signed, or none at all, or a key where keys are off, is refused", async () => {
    const { raw } = setUpAccount();
    const version = { "x-ms-version": "2023-11-03" };
    expect(await raw("GET", "/tfstate/a", { ...version, authorization: "Bearer x.y.z" })).toMatchObject({
      status: 401,
    });
    expect((await raw("GET", "/tfstate/a", version)).code).toBe("NoAuthenticationInformation");
    const key = { ...version, authorization: "SharedKey mayflystate:abc=" };
    expect(await raw("GET", "/tfstate/a", key)).toMatchObject({
      status: 403,
      code: "KeyBasedAuthenticationNotPermitted",
    });
  });

  test("for the account's own address does as well", async () => {
    const { raw, token } = setUpAccount();
    const headers = { authorization: `Bearer ${token("https://mayflystate.blob.core.windows.net")}` };
    expect((await raw("GET", "/tfstate/a", headers)).code).toBe("BlobNotFound");
  });
});

interface Made {
  readonly audience?: string;
  readonly seconds?: number;
}

describe("a role", () => {
  test.each([
    ["", [403, 403, 403]],
    ["Owner", [403, 403, 403]],
    ["Contributor", [403, 403, 403]],
    ["Storage Blob Data Reader", [403, 404, 403]],
    ["Storage Blob Data Contributor", [201, 200, 202]],
    ["Storage Blob Data Owner", [201, 200, 202]],
  ])("%s lets write, read and delete: %j", async (role, expected) => {
    const { put, ask } = setUpAccount({}, role);
    const answers = [
      await put("/tfstate/a", "x"),
      await ask("GET", "/tfstate/a", {}),
      await ask("DELETE", "/tfstate/a", {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual(expected);
    for (const { status, code } of answers) if (status === 403) expect(code).toBe("AuthorizationPermissionMismatch");
  });

  test("on one container is none on another, nor for containers themselves", async () => {
    const { azure, team, storage, put, ask } = setUpAccount({ containers: ["tfstate", "other"] }, "");
    azure.arm.assignRole(team.principal.objectId, "Storage Blob Data Contributor", storage.containerId("tfstate"));
    expect((await put("/tfstate/a")).status).toBe(201);
    expect((await put("/other/a")).status).toBe(403);
    expect((await ask("PUT", "/third?restype=container", {})).status).toBe(403);
    expect((await ask("GET", "/tfstate?restype=container&comp=list", {})).status).toBe(200);
    expect((await ask("GET", "/other?restype=container&comp=list", {})).status).toBe(403);
  });
});

test("The firewall keeps everybody out but those it names", async () => {
  const rules = { defaultAction: "Deny", ipRules: [{ value: "20.1.0.0/16" }] };
  const { azure, put, raw } = setUpAccount({ properties: { networkAcls: rules } });
  expect((await put("/tfstate/a")).status).toBe(201);
  azure.blobs.settings.clientAddress = "40.0.0.1";
  expect(await put("/tfstate/a")).toMatchObject({ status: 403, code: "AuthorizationFailure" });
  const link = azure.blobs.sign({ ...ACCOUNT, name: "a" }, { permissions: "r", seconds: 60 });
  const { pathname, search } = new URL(link);
  expect((await raw("GET", `${pathname}${search}`, {})).code).toBe("AuthorizationFailure");
});

describe("a container", () => {
  test("that is made with a login is in ARM, and the other way round", async () => {
    const { azure, storage, ask, put } = setUpAccount();
    expect((await put("/later/a")).code).toBe("ContainerNotFound");
    expect((await ask("PUT", "/later?restype=container", {})).status).toBe(201);
    expect((await ask("PUT", "/later?restype=container", {})).code).toBe("ContainerAlreadyExists");
    expect(azure.arm.find(storage.containerId("later"))).toBeDefined();
    expect((await put("/later/a")).status).toBe(201);
    azure.arm.add(storage.containerId("by-arm"), { properties: {} });
    expect((await put("/by-arm/a")).status).toBe(201);
    const { text } = await ask("GET", "/?comp=list", {});
    expect([...text.matchAll(/<Container><Name>([^<]+)/g)].map(([, name]) => name)).toEqual([
      "by-arm",
      "later",
      "tfstate",
    ]);
  });

  test("takes its blobs along, whoever deletes it", async () => {
    const { azure, storage, ask, put } = setUpAccount();
    for (const remove of [
      () => ask("DELETE", "/tfstate?restype=container", {}),
      async () => azure.arm.remove(storage.containerId("tfstate")),
      async () => azure.arm.remove(storage.id.split("/providers/")[0] ?? ""),
    ]) {
      await put("/tfstate/a", "x");
      await remove();
      azure.blobs.addAccount({
        name: "mayflystate",
        subscriptionId: "5ab00000-0000-4000-8000-000000000001",
        containers: ["tfstate"],
      });
      azure.arm.assignRole("0b1ec700-0000-4000-8000-000000000001", "Storage Blob Data Owner", storage.id);
      expect((await ask("GET", "/tfstate/a", {})).code).toBe("BlobNotFound");
    }
  });
});

test("A list is by name, in pages, by prefix, and by folders where it is told how", async () => {
  const { azure, ask } = setUpAccount();
  for (const name of ["b/2", "a", "b/1", "c&d", "b/x/1"]) {
    azure.blobs.put({ ...ACCOUNT, name }, { type: "BlockBlob", metadata: { id: randomUUID() } }, "12");
  }
  const list = async (query: string) => {
    const { text } = await ask("GET", `/tfstate?restype=container&comp=list&${query}`, {});
    const names = [...text.matchAll(/<Name>([^<]+)/g)].map(([, name]) => name);
    return { text, names, next: /<NextMarker>([^<]*)/.exec(text)?.[1] ?? "" };
  };
  expect((await list("")).names).toEqual(["a", "b/1", "b/2", "b/x/1", "c&amp;d"]);
  expect((await list("prefix=b%2F&delimiter=%2F")).names).toEqual(["b/1", "b/2", "b/x/"]);
  const first = await list("maxresults=2");
  expect(first.names).toEqual(["a", "b/1"]);
  const second = await list(`maxresults=2&marker=${first.next}`);
  expect(second.names).toEqual(["b/2", "b/x/1"]);
  expect(await list(`maxresults=2&marker=${second.next}`)).toMatchObject({ names: ["c&amp;d"], next: "" });
  const { text } = await list("include=metadata&prefix=a");
  expect(text).toMatch(/<Content-Length>2<\/Content-Length>.*<LeaseState>available<\/LeaseState>.*<Metadata><id>/);
});
