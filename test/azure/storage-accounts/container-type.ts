import { propertiesOf } from "../arm/authorization.ts";
import type { TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure } from "../arm/failure.ts";
import { asText } from "../wire.ts";
import { STORAGE_ACCOUNT } from "./account-type.ts";

export const CONTAINER = `${STORAGE_ACCOUNT}/blobServices/containers`;

/** Containers as ARM knows them; who serves blobs looks for them here. */
export const containerBehaviour: TypeBehaviour = {
  type: CONTAINER,
  seconds: 0,
  prepare: ({ id, body, previous, world }) => {
    if (!/^(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*$/.test(id.name)) {
      throw new ArmFailure(400, "InvalidResourceName", "The specified resource name contains invalid characters.");
    }
    const given = propertiesOf(body);
    const account = world.store.find(id.id.split("/").slice(0, 9).join("/"));
    const publicAccess = asText(given["publicAccess"]) ?? "None";
    if (publicAccess !== "None" && propertiesOf(account?.body)["allowBlobPublicAccess"] !== true) {
      throw new ArmFailure(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
    }
    const now = world.clock.now();
    return {
      etag: `"0x${now.getTime().toString(16).toUpperCase()}"`,
      properties: {
        ...propertiesOf(previous),
        ...given,
        publicAccess,
        deleted: false,
        hasImmutabilityPolicy: false,
        hasLegalHold: false,
        leaseState: "Available",
        leaseStatus: "Unlocked",
        remainingRetentionDays: 0,
        defaultEncryptionScope: "$account-encryption-key",
        denyEncryptionScopeOverride: false,
        lastModifiedTime: now.toISOString(),
      },
    };
  },
};
