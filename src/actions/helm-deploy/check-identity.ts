import { listIdentityFindings } from "../../helm/workload-identity.ts";
import type { PreflightCheck } from "./preflight.ts";

/** Whether pods that log in to Azure are wired up: annotation, label, federated credential. */
export const checkIdentity: PreflightCheck = async ({ world, request }, { rendered, chart }) => {
  const objects = [...rendered.objects, ...rendered.hooks].map(({ object }) => object);
  const federated = new Map(
    await Promise.all(
      request.clientIds.map(async (id) => {
        const found = await world.azure?.listFederated(id);
        return [id, found?.kind === "found" ? found.subjects : undefined] as const;
      }),
    ),
  );
  return listIdentityFindings({
    objects,
    namespace: chart.order.namespace,
    clientIds: request.clientIds,
    federated,
    issuer: (await world.azure?.readCluster())?.oidcIssuer,
  });
};
