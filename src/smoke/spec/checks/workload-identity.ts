import * as v from "valibot";
import { about, filled, label, objectName } from "../fields.ts";
import { strictMapping } from "../strict-mapping.ts";

/** A service account's pods can log in to Azure: its token is asked for, and exchanged at Entra. */
export const workloadIdentity = v.pipe(
  strictMapping({
    namespace: about("The spec's own where left out.", v.optional(label)),
    serviceAccount: about("Whose pods log in.", objectName),
    clientId: about("By the account's annotation where left out.", v.optional(filled("a client id"))),
    tenantId: about(
      "By the account's annotation, or the job's own, where left out.",
      v.optional(filled("a tenant id")),
    ),
    scope: about("What the token is for.", v.optional(filled("a scope"), "https://management.azure.com/.default")),
  }),
  v.description("A service account's pods can log in to Azure: its token is asked for, and exchanged at Entra."),
);

export type WorkloadIdentity = v.InferOutput<typeof workloadIdentity>;
