import type { Arm } from "../arm/arm.ts";
import { propertiesOf } from "../arm/authorization.ts";
import type { Entra } from "../entra/entra.ts";
import { asText, type Json } from "../wire.ts";
import type { Aks } from "./aks.ts";
import { CLUSTER } from "./cluster-type.ts";
import { SERVER_APPLICATION } from "./kubeconfig.ts";
import type { RealCluster } from "./real-clusters.ts";
import type { CommandPlan } from "./run-command.ts";

type Order = (
  azure: { readonly aks: Aks; readonly arm: Arm; readonly entra: Entra },
  body: Json,
  id: string,
) => unknown;

/** What another process may ask about clusters, as `METHOD /path`. A cluster is named by its resource id in `cluster`. */
export const CLUSTER_ORDERS: Readonly<Record<string, Order>> = {
  "GET /clusters": ({ arm }) =>
    arm.store.list(CLUSTER, "/").map(({ id, name, body }) => {
      const { fqdn, privateFQDN, powerState, identityProfile, oidcIssuerProfile } = propertiesOf(body);
      return { id, name, fqdn, privateFQDN, powerState, identityProfile, oidcIssuerProfile };
    }),
  "POST /clusters": ({ aks }, { cluster, ...real }) => aks.connect(`${cluster}`, real as unknown as RealCluster),
  "PATCH /clusters": ({ aks }, { cluster, power, settings }) => {
    if (power === "Running" || power === "Stopped") aks.setPower(`${cluster}`, power);
    return Object.assign(aks.settings, settings);
  },
  "POST /command-plans": ({ aks }, plan) => aks.planCommand(plan as unknown as CommandPlan),
  "POST /groups": ({ entra }, { principal, group }) => {
    const member = entra.principalByObject(`${principal}`);
    if (member === undefined) throw new Error(`No principal ${principal}`);
    member.groups.push(`${group}`);
  },
  "GET /token-issuers": ({ entra }, _, tenant) => ({
    issuer: entra.issuer(tenant),
    discovery: entra.discovery(tenant),
    jwks: entra.jwks,
  }),
  "POST /cluster-tokens": ({ entra }, { principal, seconds }) => {
    const who = entra.principalByObject(`${asText(principal)}`);
    if (who === undefined) throw new Error(`No principal ${principal}`);
    return { token: entra.accessToken(who, SERVER_APPLICATION, typeof seconds === "number" ? seconds : undefined) };
  },
};
