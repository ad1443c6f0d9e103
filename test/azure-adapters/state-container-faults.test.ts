import { describe, expect, test } from "@jest/globals";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectStateContainer } from "../../src/azure/connect-state-container.ts";
import { abortLater } from "../../src/kit/cancel.ts";
import { ACCOUNT, CONTAINER, KEY, STATE, stageStorage } from "./storage-on-emulator.ts";

const HOST = `${ACCOUNT}.blob.core.windows.net`;
const bytes = Buffer.from('{"version":4}');

describe("a refusal", () => {
  test("for want of a role names the role, the place and the line", async () => {
    const { connect, team } = stageStorage({ roles: ["Storage Blob Data Reader"] });
    const container = connect({ clientId: team.clientId });
    expect(await container.find(KEY)).toBeUndefined();
    await expect(container.write(KEY, bytes)).rejects.toMatchObject({
      code: "storage-forbidden",
      message: expect.stringMatching(
        new RegExp(
          `^Cannot write ${KEY} in ${HOST}/${CONTAINER}: storage answered 403 AuthorizationPermissionMismatch \\(request [\\w-]+\\)\\.\nTo do: .*Storage Blob Data Contributor on the container.*\n {2}az role assignment create --assignee ${team.clientId} --role "Storage Blob Data Contributor" --scope "\\$\\(az storage account show --name ${ACCOUNT} --query id --output tsv\\)/blobServices/default/containers/"${CONTAINER}$`,
        ),
      ),
    });
  });

  test("is told for a HEAD, too, which has no body", async () => {
    const { container } = stageStorage({ roles: [] });
    await expect(container.find(KEY)).rejects.toMatchObject({ code: "storage-forbidden" });
  });

  test.each([
    ["the account's firewall", { properties: { networkAcls: { defaultAction: "Deny" } } }, "storage-firewall"],
    ["a closed account", { properties: { publicNetworkAccess: "Disabled" } }, "storage-firewall"],
    ["a container that is not there", { containers: [] }, "state-container-missing"],
  ])("of %s says so", async (_, account, code) => {
    const { container } = stageStorage(account);
    const refused = { code, message: expect.stringContaining("\nTo do: ") };
    await expect(container.find(KEY)).rejects.toMatchObject(refused);
    await expect(container.read(KEY)).rejects.toMatchObject(refused);
    await expect(container.write(KEY, bytes)).rejects.toMatchObject(refused);
    await expect(container.list("")).rejects.toMatchObject(refused);
    await expect(container.delete(KEY)).rejects.toMatchObject(refused);
    await expect(container.breakLease(KEY)).rejects.toMatchObject(refused);
  });

  test("of a token from another tenant says what to check", async () => {
    const { azure, container, team } = stageStorage();
    azure.arm.addSubscription({ id: team.subscriptionId, tenantId: "0ther000-0000-4000-8000-000000000001" });
    await expect(container.read(KEY)).rejects.toMatchObject({ code: "storage-unauthorized" });
  });

  test("of any other kind is told in storage's words", async () => {
    const { azure, container } = stageStorage();
    const answer = (status: number, code: string) =>
      azure.faults.add(
        { name: code, when: { host: HOST }, times: 1 },
        { kind: "respond", status, headers: { "x-ms-error-code": code } },
      );
    answer(403, "KeyBasedAuthenticationNotPermitted");
    await expect(container.find(KEY)).rejects.toMatchObject({ code: "storage-key-refused" });
    answer(409, "AccountBeingCreated");
    await expect(container.find(KEY)).rejects.toMatchObject({
      code: "storage-refused",
      message: expect.stringContaining("409 AccountBeingCreated"),
    });
    // A proxy's own page is no word about the blob.
    azure.faults.add(
      { name: "page", when: { host: HOST }, times: 1 },
      { kind: "respond", status: 404, body: "<html>" },
    );
    await expect(container.find(KEY)).rejects.toMatchObject({ code: "storage-refused" });
  });
});

describe("trouble on the way", () => {
  test("passes where it is short", async () => {
    const { azure, container, waits } = stageStorage();
    azure.blobs.put(STATE, { type: "BlockBlob" }, bytes);
    const busy = { name: "busy", when: { host: HOST }, times: 2 };
    azure.faults.add(busy, { kind: "respond", status: 503, headers: { "retry-after": "3" } });
    azure.faults.add({ ...busy, name: "cut", times: 1, after: 2 }, { kind: "reset" });
    expect(await container.read(KEY)).toEqual(bytes);
    expect(waits).toHaveLength(3);
  });

  test("that lasts is told as what it is", async () => {
    const { azure, container, connect } = stageStorage();
    azure.faults.add({ name: "busy", when: { host: HOST } }, { kind: "respond", status: 503 });
    await expect(container.find(KEY)).rejects.toMatchObject({ code: "storage-unavailable" });
    const sendRequest = async () => {
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${HOST}`), { code: "ENOTFOUND" });
    };
    await expect(connect({ httpClient: { sendRequest } }).find(KEY)).rejects.toMatchObject({
      code: "storage-unreachable",
      message: expect.stringMatching(/no such host name here \(ENOTFOUND\)\.\nTo do: .*\(mayflystate\)/),
    });
  });

  test("at the login is told as the login tells it", async () => {
    const { azure, container, team } = stageStorage();
    azure.entra.refuse(team.clientId, 700213);
    await expect(container.find(KEY)).rejects.toMatchObject({ code: "subject-mismatch" });
  });

  test("in the middle of a state is made good", async () => {
    const { azure, container } = stageStorage();
    const state = Buffer.alloc(300_000, "state ");
    azure.blobs.put(STATE, { type: "BlockBlob" }, state);
    azure.faults.add({ name: "cut", when: { host: HOST }, times: 1 }, { kind: "cut", of: "response", bytes: 70_000 });
    expect((await container.read(KEY))?.equals(state)).toBe(true);
  });
});

describe("a cancelled job", () => {
  test("asks nothing more", async () => {
    const { azure, container, cancel } = stageStorage();
    await container.find(KEY);
    azure.traffic.clear();
    cancel.abort();
    await expect(container.write(KEY, bytes)).rejects.toMatchObject({ code: "cancelled" });
    expect(azure.blobs.find(STATE)).toBeUndefined();
  });

  test("still cleans up where it was given a signal that lasts longer", async () => {
    const { azure, connect, container, cancel } = stageStorage();
    await container.write(KEY, bytes);
    const lasting = connect({ cancelled: abortLater(cancel.signal, 5_000) });
    cancel.abort();
    expect(await lasting.delete(KEY)).toBe("deleted");
    expect(azure.blobs.find(STATE)).toBeUndefined();
  });
});

test("The account's name ends as in its cloud, and a custom cloud has none", async () => {
  const { world, time, credential } = stageStorage();
  const inputs = { authorityHost: undefined, resourceManager: undefined, audience: undefined };
  const asked: string[] = [];
  const httpClient = {
    sendRequest: async ({ url }: { readonly url: string }) => {
      asked.push(new URL(url).hostname);
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    },
  };
  const options = { ...world, time, credential, httpClient, account: ACCOUNT, container: CONTAINER };
  for (const cloud of ["usgov", "china"] as const) {
    const there = connectStateContainer({ ...options, cloud: chooseCloud({ ...inputs, cloud }) });
    await expect(there.find(KEY)).rejects.toMatchObject({ code: "storage-unreachable" });
  }
  expect(asked).toEqual(["mayflystate.blob.core.usgovcloudapi.net", "mayflystate.blob.core.chinacloudapi.cn"]);
  expect(() => connectStateContainer({ ...options, cloud: { storageSuffix: undefined } })).toThrow(
    expect.objectContaining({ code: "bad-input" }),
  );
});
