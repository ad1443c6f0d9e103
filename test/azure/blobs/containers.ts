import { asObject, type StreamedResponse } from "../wire.ts";
import type { BlobRead, BlobWrite } from "./blobs.ts";
import { BlobFailure } from "./failure.ts";
import { document, element } from "./xml.ts";

const NAME = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$|^\$(root|web|logs)$/;

/** PUT, GET, HEAD and DELETE of `?restype=container`. A container made here is in ARM, too, as in Azure. */
export const createContainer: BlobWrite = async (_request, _url, { accounts }, { account, container }) => {
  if (!NAME.test(container)) {
    throw new BlobFailure(400, "InvalidResourceName", "The specified resource name contains invalid characters.");
  }
  if (accounts.hasContainer(account, container)) {
    throw new BlobFailure(409, "ContainerAlreadyExists", "The specified container already exists.");
  }
  accounts.addContainer(account, container);
  return { ...answer(accounts.world.clock.now()), status: 201 };
};

export const readContainer: BlobRead = async (_request, _url, { accounts }, { account, container }) => {
  const found = accounts.findContainer(account, container);
  const properties = asObject(found?.body["properties"]);
  return answer(new Date(`${properties?.["lastModifiedTime"] ?? accounts.world.clock.now().toISOString()}`));
};

export const removeContainer: BlobWrite = async (_request, _url, { accounts }, { account, container }) => {
  accounts.removeContainer(account, container);
  return { status: 202, headers: { "content-length": "0" }, body: "" };
};

export const listContainers: BlobRead = async (_request, url, { accounts }, { account }) => {
  const prefix = url.searchParams.get("prefix") ?? "";
  const known = accounts.find(account);
  const names = known === undefined ? [] : accounts.listContainers(known).filter((name) => name.startsWith(prefix));
  const containers = names.map((name) => element("Container", [element("Name", name), element("Properties", [])]));
  const body = [element("Containers", containers), element("NextMarker", "")].join("");
  const xml = document(`<EnumerationResults ServiceEndpoint="https://${url.hostname}/">${body}</EnumerationResults>`);
  return { status: 200, headers: { "content-type": "application/xml" }, body: xml };
};

function answer(modified: Date): StreamedResponse {
  const etag = `"0x8D${modified.getTime().toString(16).toUpperCase()}"`;
  const lease = { "x-ms-lease-status": "unlocked", "x-ms-lease-state": "available" };
  return {
    status: 200,
    headers: { etag, "last-modified": modified.toUTCString(), "content-length": "0", ...lease },
    body: "",
  };
}
