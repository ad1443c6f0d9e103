import * as v from "valibot";
import { filled, label, objectName } from "../fields.ts";

/** A service account's pods can log in to Azure: its token is asked for, and exchanged at Entra. */
export const workloadIdentity = v.strictObject({
  namespace: v.optional(label),
  serviceAccount: objectName,
  /** By the account's annotation where left out. */
  clientId: v.optional(filled("a client id")),
  /** By the account's annotation, or the job's own, where left out. */
  tenantId: v.optional(filled("a tenant id")),
  /** What the token is for. */
  scope: v.optional(filled("a scope"), "https://management.azure.com/.default"),
});

export type WorkloadIdentity = v.InferOutput<typeof workloadIdentity>;
