import { randomUUID } from "node:crypto";
import type { StreamingService } from "../azure.ts";
import { bearerToken, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import { type BlobAddress, parseAddress } from "./blob.ts";
import type { BlobOperation } from "./blobs.ts";
import { createContainer, listContainers, readContainer, removeContainer } from "./containers.ts";
import { BlobFailure, blobFailureResponse } from "./failure.ts";
import type { Forwarder } from "./forward.ts";
import { type Right, refuseOthers, requireLogin, requireReachable } from "./gate.ts";
import { leaseBlob } from "./lease-requests.ts";
import { listBlobs } from "./list-blobs.ts";
import { readBlob } from "./reads.ts";
import type { Signatures } from "./sas.ts";
import type { BlobStore } from "./store.ts";
import {
  appendBlock,
  putBlob,
  putBlock,
  putBlockList,
  removeBlob,
  setMetadata,
  snapshotBlob,
  undeleteBlob,
} from "./writes.ts";

interface Operation {
  readonly run: BlobOperation;
  /** What a login needs. */
  readonly right: Right;
  /** Permissions of which a link must have one; no link leads here where it is left out. */
  readonly link?: string;
}

const read: Operation = { run: readBlob, right: "blobs/read", link: "r" };

/** By what is asked of (`blob`, `container`, `account`), method and `comp`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "blob GET ": read,
  "blob HEAD ": read,
  "blob GET metadata": read,
  "blob HEAD metadata": read,
  "blob PUT ": { run: putBlob, right: "blobs/write", link: "wc" },
  "blob PUT block": { run: putBlock, right: "blobs/write", link: "wc" },
  "blob PUT blocklist": { run: putBlockList, right: "blobs/write", link: "wc" },
  "blob PUT appendblock": { run: appendBlock, right: "blobs/write", link: "wa" },
  "blob PUT metadata": { run: setMetadata, right: "blobs/write", link: "w" },
  "blob PUT lease": { run: leaseBlob, right: "blobs/write" },
  "blob PUT snapshot": { run: snapshotBlob, right: "blobs/write" },
  "blob PUT undelete": { run: undeleteBlob, right: "blobs/write" },
  "blob DELETE ": { run: removeBlob, right: "blobs/delete", link: "d" },
  "container GET list": { run: listBlobs, right: "blobs/read" },
  "container PUT ": { run: createContainer, right: "write" },
  "container GET ": { run: readContainer, right: "read" },
  "container HEAD ": { run: readContainer, right: "read" },
  "container DELETE ": { run: removeContainer, right: "delete" },
  "account GET list": { run: listContainers, right: "read" },
};

export interface BlobServiceParts {
  readonly store: BlobStore;
  readonly signatures: Signatures;
  readonly forwarder: Forwarder;
}

/** Answers for blobs, their containers and accounts. Whatever else is asked, and other accounts, another service may answer. */
export function createBlobService({ store, signatures, forwarder }: BlobServiceParts): StreamingService {
  const { accounts } = store;
  return async (request, url) => {
    const place = parseAddress(url);
    const operation = OPERATIONS[`${levelOf(place)} ${request.method} ${url.searchParams.get("comp") ?? ""}`];
    if (operation === undefined || !accounts.has(place.account)) return undefined;
    const account = accounts.find(place.account);
    const signed = url.searchParams.has("sig");
    const loggedIn = request.headers["authorization"] !== undefined;
    // Nobody but Azure itself logs in to its own accounts, and nobody asks them for anything but blobs.
    if (account === undefined && ((loggedIn && !signed) || operation.link === undefined)) return undefined;

    const admit = async () => {
      if (account !== undefined) requireReachable(accounts, account, store.settings);
      if (signed || account === undefined) {
        requireSignature(signed, loggedIn);
        signatures.check(url, place, operation.link ?? "");
      } else if (bearerToken(request) === undefined) refuseOthers(request, accounts, account);
      else await requireLogin(request, accounts, account, place, rightOf(operation, url));
      const makes = operation.run === createContainer;
      if (place.container !== "" && !makes && !accounts.hasContainer(place.account, place.container)) {
        throw new BlobFailure(404, "ContainerNotFound", "The specified container does not exist.");
      }
    };
    const headers = {
      server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
      "x-ms-request-id": randomUUID(),
      "x-ms-version": request.headers["x-ms-version"] ?? "2025-07-05",
      ...clientId(request),
    };
    try {
      await admit();
      const elsewhere = forwarder.has(place.account) && operation.right.startsWith("blobs/") && !signed;
      if (elsewhere) return await forwarder.send(request, url, place);
      const response = await operation.run(request, url, store, place);
      return { ...response, headers: { ...headers, ...response.headers } };
    } catch (failure) {
      if (!(failure instanceof BlobFailure)) throw failure;
      const response = blobFailureResponse(failure, store.clock.now());
      const length = request.method === "HEAD" ? {} : { "content-length": `${Buffer.byteLength(response.body)}` };
      const body = request.method === "HEAD" ? "" : response.body;
      return { ...response, headers: { ...headers, ...response.headers, ...length }, body } satisfies StreamedResponse;
    }
  };
}

function levelOf({ container, name }: BlobAddress): "account" | "container" | "blob" {
  if (name !== "") return "blob";
  return container === "" ? "account" : "container";
}

/** What was is guarded better than what is. */
function rightOf({ right }: Operation, { searchParams }: URL): Right {
  return right === "blobs/delete" && searchParams.has("versionid") ? "blobs/deleteBlobVersion/action" : right;
}

function clientId({ headers }: StreamedRequest): Readonly<Record<string, string>> {
  const id = headers["x-ms-client-request-id"];
  return id === undefined ? {} : { "x-ms-client-request-id": id };
}

/** A link is enough by itself: storage does not take a login besides. */
function requireSignature(signed: boolean, loggedIn: boolean): void {
  if (loggedIn) {
    const message =
      "Authentication information is not given in the correct format. Check the value of Authorization header.";
    throw new BlobFailure(400, "InvalidAuthenticationInfo", message);
  }
  if (signed) return;
  throw new BlobFailure(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
}
