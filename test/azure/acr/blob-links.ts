import { createHmac, randomBytes } from "node:crypto";
import { emptyResponse, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import { RegistryFailure } from "./failure.ts";
import type { RegistryState } from "./registry.ts";

/** Where ACR keeps the blobs of registries. */
export const BLOB_LINK_HOST = "eusmanaged17.blob.core.windows.net";

/** Links that blobs are read by: they work without a login, for a while, and with nothing else in their query. */
export interface BlobLinks {
  /** @throws RegistryFailure `BLOB_UNKNOWN` */
  redirect(name: string, digest: string): Promise<StreamedResponse>;
  answer(request: StreamedRequest, url: URL): Promise<StreamedResponse | undefined>;
}

export function createBlobLinks({ backend, clock, settings }: RegistryState): BlobLinks {
  const place = randomBytes(16).toString("hex");
  const secret = randomBytes(32);
  const signatureOf = (path: string, until: string) =>
    createHmac("sha256", secret).update(`${path}\n${until}`).digest("base64");
  return {
    redirect: async (name, digest) => {
      if ((await backend.findBlob(name, digest)) === undefined) {
        throw new RegistryFailure(404, "BLOB_UNKNOWN", "blob unknown to registry", { detail: { digest } });
      }
      const hex = digest.slice("sha256:".length);
      const path = `/${place}/${name}/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
      const until = new Date(clock.time() + settings.blobLinkSeconds * 1000).toISOString();
      const query = new URLSearchParams({ se: until, sig: signatureOf(path, until), sp: "r", spr: "https", sr: "b" });
      return emptyResponse(307, {
        location: `https://${BLOB_LINK_HOST}${path}?${query}`,
        "docker-content-digest": digest,
      });
    },
    answer: async ({ method, headers }, url) => {
      const [, name = "", hex = ""] =
        new RegExp(`^/${place}/(.+)/docker/registry/v2/blobs/sha256/../([0-9a-f]{64})/data$`).exec(url.pathname) ?? [];
      if (name === "" || (method !== "GET" && method !== "HEAD")) return undefined;
      // Storage takes a signature or a login, never both: a client that brings its registry's token along is refused.
      if (headers["authorization"] !== undefined) return refused(400, "InvalidAuthenticationInfo");
      const until = url.searchParams.get("se") ?? "";
      if (url.searchParams.get("sig") !== signatureOf(url.pathname, until) || clock.time() >= Date.parse(until)) {
        return refused(403, "AuthenticationFailed");
      }
      const blob = await backend.findBlob(name, `sha256:${hex}`);
      if (blob === undefined) return refused(404, "BlobNotFound");
      const range = /^bytes=(\d+)-(\d*)$/.exec(headers["range"] ?? "");
      const start = Number(range?.[1] ?? 0);
      const end = Math.min(
        range?.[2] === undefined || range[2] === "" ? blob.size - 1 : Number(range[2]),
        blob.size - 1,
      );
      if (range !== null && start > end) return refused(416, "InvalidRange");
      return {
        status: range === null ? 200 : 206,
        headers: {
          "content-type": "application/octet-stream",
          "content-length": `${blob.size === 0 ? 0 : end - start + 1}`,
          "accept-ranges": "bytes",
          ...(range === null ? {} : { "content-range": `bytes ${start}-${end}/${blob.size}` }),
        },
        body: method === "HEAD" ? "" : await blob.read(range === null ? undefined : { start, end }),
      };
    },
  };
}

function refused(status: number, code: string): StreamedResponse {
  const body = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", "x-ms-error-code": code }, body };
}
