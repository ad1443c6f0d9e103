import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import { type BlobAddress, keyOf } from "./blob.ts";
import { authenticationFailed, BlobFailure } from "./failure.ts";

export interface SasOptions {
  /** `r`, `rw`: what `sp` says. */
  readonly permissions: string;
  readonly seconds: number;
}

export interface Signatures {
  /** A link that may do this with one blob, for so long. */
  sign(address: BlobAddress, options: SasOptions): string;
  /** @throws BlobFailure where the link is not ours, is over, or may not do any of `needed` */
  check(url: URL, address: BlobAddress, needed: string): void;
}

/** Signs as Azure does with a user delegation key, over its own text: only its own links have to fit. */
export function createSignatures(clock: Clock): Signatures {
  const key = randomBytes(32);
  const tag = (address: BlobAddress, query: URLSearchParams) => {
    const signed = [...query].filter(([name]) => NAMES.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    return createHmac("sha256", key)
      .update(JSON.stringify([keyOf(address), signed]))
      .digest();
  };
  return {
    sign: (address, { permissions, seconds }) => {
      const from = clock.time();
      const [start, end] = [from, from + seconds * 1000].map((time) => new Date(time).toISOString().slice(0, 19));
      const query = new URLSearchParams({
        skoid: "7e3d2f6c-0000-4000-8000-000000000001",
        sktid: "33e01921-4d64-4f8c-a055-5bdaffd5e33d",
        skt: `${start}Z`,
        ske: `${end}Z`,
        sks: "b",
        skv: "2025-07-05",
        sv: "2025-07-05",
        spr: "https",
        se: `${end}Z`,
        sr: "b",
        sp: permissions,
      });
      query.set("sig", tag(address, query).toString("base64"));
      const path = address.name.split("/").map(encodeURIComponent).join("/");
      return `https://${address.account}.blob.core.windows.net/${address.container}/${path}?${query}`;
    },
    check: ({ searchParams: query }, address, needed) => {
      const given = Buffer.from(query.get("sig") ?? "", "base64");
      const expected = tag(address, query);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw authenticationFailed(
          "Signature did not match. String to sign used was the blob's path and the link's own parameters.",
        );
      }
      const expiry = Date.parse(query.get("se") ?? "");
      if (!(clock.time() < expiry)) {
        const [until, now] = [new Date(expiry), clock.now()].map((date) => date.toUTCString());
        throw authenticationFailed(
          `Signature not valid in the specified time frame: Start [] - Expiry [${until}] - Current [${now}]`,
        );
      }
      const permissions = query.get("sp") ?? "";
      if (![...needed].some((each) => permissions.includes(each))) {
        const message = "This request is not authorized to perform this operation using this permission.";
        throw new BlobFailure(403, "AuthorizationPermissionMismatch", message);
      }
    },
  };
}

const NAMES = new Set(["skoid", "sktid", "skt", "ske", "sks", "skv", "sv", "spr", "se", "sr", "sp", "st"]);
