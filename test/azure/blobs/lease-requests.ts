import type { StreamedResponse } from "../wire.ts";
import { type Blob, keyOf } from "./blob.ts";
import type { BlobWrite } from "./blobs.ts";
import { requireConditions } from "./conditions.ts";
import { BlobFailure, blobNotFound } from "./failure.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** PUT with `comp=lease`: acquire, renew, change, release, break. A lease changes neither the blob's etag nor its time. */
export const leaseBlob: BlobWrite = async ({ headers }, _url, store, address) => {
  const blob = store.find(address);
  if (blob === undefined) throw blobNotFound();
  requireConditions(headers, blob);
  const [key, { leases }] = [keyOf(address), store];
  const id = () => needed(headers, "x-ms-lease-id");
  switch (headers["x-ms-lease-action"]?.toLowerCase()) {
    case "acquire": {
      const seconds = Number(needed(headers, "x-ms-lease-duration"));
      if (seconds !== -1 && !(seconds >= 15 && seconds <= 60)) throw invalidHeader("x-ms-lease-duration", `${seconds}`);
      return answer(201, blob, { "x-ms-lease-id": leases.acquire(key, seconds, proposed(headers)) });
    }
    case "renew":
      leases.renew(key, id());
      return answer(200, blob, { "x-ms-lease-id": id() });
    case "change": {
      const next = proposed(headers) ?? needed(headers, "x-ms-proposed-lease-id");
      leases.change(key, id(), next);
      return answer(200, blob, { "x-ms-lease-id": next });
    }
    case "release":
      leases.release(key, id());
      return answer(200, blob);
    case "break": {
      const period = headers["x-ms-lease-break-period"];
      if (period !== undefined && !(Number(period) >= 0 && Number(period) <= 60)) {
        throw invalidHeader("x-ms-lease-break-period", period);
      }
      const left = leases.break(key, period === undefined ? undefined : Number(period));
      return answer(202, blob, { "x-ms-lease-time": `${left}` });
    }
    default:
      throw invalidHeader("x-ms-lease-action", headers["x-ms-lease-action"] ?? "");
  }
};

function proposed(headers: Readonly<Record<string, string>>): string | undefined {
  const id = headers["x-ms-proposed-lease-id"];
  if (id !== undefined && !GUID.test(id)) throw invalidHeader("x-ms-proposed-lease-id", id);
  return id;
}

function answer(
  status: number,
  { etag, modified }: Blob,
  headers: Readonly<Record<string, string>> = {},
): StreamedResponse {
  const version = { etag, "last-modified": modified.toUTCString(), "content-length": "0" };
  return { status, headers: { ...version, ...headers }, body: "" };
}

function needed(headers: Readonly<Record<string, string>>, name: string): string {
  const value = headers[name];
  if (value !== undefined && value !== "") return value;
  const message = "An HTTP header that's mandatory for this request is not specified.";
  throw new BlobFailure(400, "MissingRequiredHeader", message, { HeaderName: name });
}

function invalidHeader(name: string, value: string): BlobFailure {
  const message = "The value for one of the HTTP headers is not in the correct format.";
  return new BlobFailure(400, "InvalidHeaderValue", message, { HeaderName: name, HeaderValue: value });
}
