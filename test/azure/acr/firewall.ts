import { BlockList, isIP } from "node:net";
import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import { asObject, asText, type Json } from "../wire.ts";
import { firewallDenied } from "./failure.ts";

/** @throws RegistryFailure 403 DENIED where the registry's network rules keep the address out */
export function requireReachable({ body }: ResourceDocument, address: string): void {
  const properties = propertiesOf(body);
  if (asText(properties["publicNetworkAccess"]) === "Disabled") throw firewallDenied(address);
  const rules = asObject(properties["networkRuleSet"]);
  if (asText(rules?.["defaultAction"]) !== "Deny") return;
  const allowed = new BlockList();
  for (const rule of Array.isArray(rules?.["ipRules"]) ? (rules["ipRules"] as readonly Json[]) : []) {
    const [network = "", bits] = `${rule["value"]}`.split("/");
    if (isIP(network) === 4) allowed.addSubnet(network, Number(bits ?? 32));
  }
  if (!allowed.check(address)) throw firewallDenied(address);
}
