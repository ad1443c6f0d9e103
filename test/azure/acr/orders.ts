import { asObject, asText, type Json } from "../wire.ts";
import type { Acr, AcrRegistry, AddRegistryOptions } from "./acr.ts";
import { addAcrFaultFrom } from "./faults.ts";
import type { ForeignRegistryOptions } from "./foreign-registry.ts";
import type { ImportPlan } from "./import-image.ts";
import type { Attributes } from "./ledger.ts";

type Order = (azure: { readonly acr: Acr }, body: Json, id: string) => unknown;

/**
 * What another process may ask about registries, as `METHOD /path`: bodies are the options of the functions of the same name.
 * A registry is named by its login server.
 */
export const REGISTRY_ORDERS: Readonly<Record<string, Order>> = {
  "GET /registries": ({ acr }, _, host) =>
    host === "" ? Promise.all(acr.registries.map(shown)) : shown(of(acr, host)),
  "POST /registries": ({ acr }, body) => shown(acr.addRegistry(body as unknown as AddRegistryOptions)),
  "PATCH /registries": ({ acr }, body, host) => {
    const registry = of(acr, host);
    Object.assign(registry.settings, body["settings"]);
    const properties = asObject(body["properties"]);
    if (properties !== undefined) registry.configure(properties);
    return shown(registry);
  },
  "POST /foreign-registries": ({ acr }, body) => {
    const { host, api } = acr.addForeignRegistry(body as unknown as ForeignRegistryOptions);
    return { host, api };
  },
  "POST /images": async ({ acr }, { registry, repository, tags, content }) => {
    const names = Array.isArray(tags) ? tags.map(String) : [];
    return { digest: await of(acr, `${registry}`).seed(`${repository}`, names, asText(content)) };
  },
  "POST /image-locks": ({ acr }, { registry, repository, reference, attributes }) =>
    of(acr, `${registry}`).lock(
      `${repository}`,
      asText(reference),
      asObject(attributes) as Partial<Attributes> | undefined,
    ),
  "DELETE /image-locks": ({ acr }, { registry, repository, reference }) =>
    of(acr, `${registry}`).unlock(`${repository}`, asText(reference)),
  "POST /imports": ({ acr }, { registry, ...plan }) => of(acr, `${registry}`).planImport(plan as unknown as ImportPlan),
  "POST /registry-faults": ({ acr }, { registry, ...fault }) => addAcrFaultFrom(of(acr, `${registry}`), fault),
};

function of(acr: Acr, host: string): AcrRegistry {
  const registry = acr.find(host);
  if (registry === undefined)
    throw new Error(`No registry ${host}: there are ${acr.registries.map((each) => each.loginServer)}`);
  return registry;
}

async function shown(registry: AcrRegistry) {
  const { id, loginServer, settings } = registry;
  return { id, loginServer, settings, contents: await registry.contents() };
}
