import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { BlobFailure } from "./failure.ts";

/** How a blob's lease stands, in the words of its headers. */
export interface LeaseStatus {
  readonly state: "available" | "leased" | "expired" | "breaking" | "broken";
  readonly status: "locked" | "unlocked";
  readonly duration?: "infinite" | "fixed";
  /** Headers never show it: only who has it knows it. */
  readonly id?: string;
}

/** Leases by the key of what is leased. All of its verbs throw a `BlobFailure` 409 where the state does not allow them. */
export interface Leases {
  find(key: string): LeaseStatus;
  /** @param seconds 15 to 60, or -1 for one that never ends */
  acquire(key: string, seconds: number, proposed: string | undefined): string;
  renew(key: string, id: string): void;
  change(key: string, id: string, proposed: string): void;
  release(key: string, id: string): void;
  /** @returns seconds until it is broken */
  break(key: string, period: number | undefined): number;
  /** @throws BlobFailure 412 where it is leased and `id` is not its id, or `id` is given and there is no lease */
  requireWrite(key: string, id: string | undefined): void;
  /** @throws BlobFailure 412 where `id` is given and is not that of its lease */
  requireRead(key: string, id: string | undefined): void;
  forget(key: string): void;
}

interface Lease {
  readonly id: string;
  readonly seconds: number;
  /** When it ends by itself, in milliseconds; never where it is infinite. */
  readonly endsAt: number;
  /** When it is broken, once somebody wanted that. */
  readonly brokenAt?: number;
}

/**
 * What each verb does in each state.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/lease-blob#outcomes-of-lease-operations-on-blobs-by-lease-state
 */
export function createLeases(clock: Clock): Leases {
  const leases = new Map<string, Lease>();
  const begin = (key: string, id: string, seconds: number) => {
    leases.set(key, { id, seconds, endsAt: seconds < 0 ? Infinity : clock.time() + seconds * 1000 });
    return id;
  };
  const stateOf = (lease: Lease | undefined): LeaseStatus["state"] => {
    if (lease === undefined) return "available";
    if (lease.brokenAt !== undefined) return clock.time() < lease.brokenAt ? "breaking" : "broken";
    return clock.time() < lease.endsAt ? "leased" : "expired";
  };
  const find = (key: string): LeaseStatus => {
    const lease = leases.get(key);
    const state = stateOf(lease);
    const status = state === "leased" || state === "breaking" ? "locked" : "unlocked";
    const duration = { duration: (lease?.seconds ?? 0) < 0 ? ("infinite" as const) : ("fixed" as const) };
    return { state, status, ...(state === "leased" ? duration : {}), ...(lease === undefined ? {} : { id: lease.id }) };
  };
  /** @throws BlobFailure where it is somebody else's, or nobody's */
  const own = (key: string, id: string): Lease => {
    const lease = leases.get(key);
    if (lease === undefined || !isSame(lease.id, id)) throw conflict("LeaseIdMismatchWithLeaseOperation", MISMATCH);
    return lease;
  };

  return {
    find,
    acquire: (key, seconds, proposed) => {
      const { state, id = "" } = find(key);
      const mine = proposed !== undefined && isSame(id, proposed);
      if (state === "breaking" && mine) {
        throw conflict(
          "LeaseIsBreakingAndCannotBeAcquired",
          "There is already a breaking lease, and can't be acquired.",
        );
      }
      if (state === "breaking" || (state === "leased" && !mine)) {
        throw conflict("LeaseAlreadyPresent", "There is already a lease present.");
      }
      return begin(key, proposed ?? randomUUID(), seconds);
    },
    renew: (key, id) => {
      const { seconds, brokenAt } = own(key, id);
      if (brokenAt !== undefined) {
        const message = "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.";
        throw conflict("LeaseIsBrokenAndCannotBeRenewed", message);
      }
      begin(key, id, seconds);
    },
    change: (key, id, proposed) => {
      const { state, id: current = "" } = find(key);
      if (state === "leased" && isSame(current, proposed)) return;
      if (state !== "leased" && state !== "breaking") throw notPresent();
      const lease = own(key, id);
      if (state === "breaking") {
        const message = "The lease ID matched, but the lease is currently in breaking state and cannot be changed.";
        throw conflict("LeaseIsBreakingAndCannotBeChanged", message);
      }
      leases.set(key, { ...lease, id: proposed });
    },
    release: (key, id) => {
      own(key, id);
      leases.delete(key);
    },
    break: (key, period) => {
      const lease = leases.get(key);
      if (lease === undefined) throw notPresent();
      const now = clock.time();
      const left = Math.max(0, Math.min(lease.brokenAt ?? lease.endsAt, now + (period ?? Infinity) * 1000) - now);
      const wait = Number.isFinite(left) ? left : 0;
      leases.set(key, { ...lease, brokenAt: now + wait });
      return Math.ceil(wait / 1000);
    },
    requireWrite: (key, id) => {
      const { status, id: current = "" } = find(key);
      if (status === "locked" && id === undefined) {
        throw failed(
          "LeaseIdMissing",
          "There is currently a lease on the blob and no lease ID was specified in the request.",
        );
      }
      if (status === "locked" && !isSame(current, id ?? "")) throw failed("LeaseIdMismatchWithBlobOperation", MISMATCH);
      if (status === "unlocked" && id !== undefined) throw lost();
      // Whoever writes without a lease ends what is left of one that is over.
      if (status === "unlocked") leases.delete(key);
    },
    requireRead: (key, id) => {
      if (id === undefined) return;
      const { status, id: current = "" } = find(key);
      if (status === "unlocked") throw lost();
      if (!isSame(current, id)) throw failed("LeaseIdMismatchWithBlobOperation", MISMATCH);
    },
    forget: (key) => {
      leases.delete(key);
    },
  };
}

const MISMATCH = "The lease ID specified did not match the lease ID for the blob.";

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function conflict(code: string, message: string): BlobFailure {
  return new BlobFailure(409, code, message);
}

function failed(code: string, message: string): BlobFailure {
  return new BlobFailure(412, code, message);
}

function notPresent(): BlobFailure {
  return conflict("LeaseNotPresentWithLeaseOperation", "There is currently no lease on the blob.");
}

function lost(): BlobFailure {
  const message = "A lease ID was specified, but the lease for the blob has expired.";
  return failed("LeaseNotPresentWithBlobOperation", message);
}
