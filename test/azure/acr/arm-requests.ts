import { ArmFailure } from "../arm/failure.ts";
import { parseResourceId } from "../arm/resource-id.ts";
import type { ArmRoute } from "../arm/world.ts";
import { asText, jsonResponse } from "../wire.ts";
import type { AcrRegistry } from "./acr.ts";
import { nameFault, nameInUse, REGISTRY_TYPE } from "./registry-type.ts";

const GIB = 1024 ** 3;
/** Storage that is in the price, and webhooks, by SKU. */
const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  Basic: [10 * GIB, 2],
  Standard: [100 * GIB, 10],
  Premium: [500 * GIB, 500],
};

/** Paths of ACR in ARM that are no resources: usages, and whether a name is free. */
export function registryRoute(find: (id: string) => AcrRegistry | undefined): ArmRoute {
  return (call) => {
    const { path, method, world, caller, body } = call;
    const subscription =
      /^(\/subscriptions\/[^/]+)\/providers\/Microsoft\.ContainerRegistry\/checkNameAvailability$/i.exec(path)?.[1];
    if (method === "POST" && subscription !== undefined) {
      world.authorization.require(caller, ["Microsoft.ContainerRegistry/checkNameAvailability/read"], subscription);
      return checkName(
        asText(body?.["name"]),
        world.store.list(REGISTRY_TYPE, "/").map((each) => each.name),
      );
    }
    const id = /^(.+)\/listUsages$/i.exec(path)?.[1];
    if (
      method !== "GET" ||
      id === undefined ||
      parseResourceId(id)?.type.toLowerCase() !== REGISTRY_TYPE.toLowerCase()
    ) {
      return undefined;
    }
    const registry = find(id);
    if (registry === undefined) return undefined;
    world.authorization.require(caller, [`${REGISTRY_TYPE}/listUsages/read`], id);
    return jsonResponse(200, { value: usagesOf(registry) });
  };
}

function checkName(name: string | undefined, taken: readonly string[]) {
  if (name === undefined) throw new ArmFailure(400, "MissingOrIncorrectParameter", "The name is missing.");
  const fault = nameFault(name);
  if (fault !== undefined) return jsonResponse(200, { nameAvailable: false, reason: "Invalid", message: fault });
  if (!taken.some((each) => each.toLowerCase() === name.toLowerCase()))
    return jsonResponse(200, { nameAvailable: true });
  return jsonResponse(200, { nameAvailable: false, reason: "AlreadyExists", message: nameInUse(name).message });
}

function usagesOf({ resource, ledger }: AcrRegistry) {
  const { name } = (resource.body["sku"] ?? {}) as { readonly name?: string };
  const [size, webhooks] = LIMITS[name ?? ""] ?? [0, 0];
  const blobs = new Map<string, number>();
  for (const { manifests } of ledger.repositories.values()) {
    for (const { manifest, links } of manifests.values()) {
      blobs.set(manifest.digest, manifest.bytes.length);
      for (const { digest, size: bytes } of links.blobs) blobs.set(`${digest}`, Number(bytes));
    }
  }
  const used = [...blobs.values()].reduce((sum, bytes) => sum + bytes, 0);
  return [
    { name: "Size", limit: size, currentValue: used, unit: "Bytes" },
    { name: "Webhooks", limit: webhooks, currentValue: 0, unit: "Count" },
  ];
}
