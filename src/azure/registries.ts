import { UserError } from "../kit/user-error.ts";
import { listNearNames } from "../spelling/near-names.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal, explainRefusal } from "./arm-refusal.ts";
import { parseRegistryId, type RegistryFacts, type RegistryUsage, readRegistry } from "./registry-facts.ts";

/** The container registries of a cloud. Every method throws a `UserError` when it cannot see. */
export interface Registries {
  list(subscriptionId: string): Promise<readonly RegistryFacts[]>;
  /**
   * By name, login server or resource id. Names are looked for in these subscriptions, in their order; an id says itself
   * where it is. Undefined when ARM shows none.
   */
  find(nameOrId: string, subscriptionIds: readonly string[]): Promise<RegistryFacts | undefined>;
  /** The same. @throws UserError `registry-not-found`, with names that are near */
  require(nameOrId: string, subscriptionIds: readonly string[]): Promise<RegistryFacts>;
  /** How full it is. */
  listUsages(registry: Pick<RegistryFacts, "id">): Promise<readonly RegistryUsage[]>;
}

/** The adapter over `@azure/arm-containerregistry`, which is loaded when it is first used. */
export function connectRegistries(connection: ArmConnection): Registries {
  const open = async (subscriptionId: string) => {
    const [{ createContainerRegistryManagement }, operations, options] = await Promise.all([
      import("@azure/arm-containerregistry/api"),
      import("@azure/arm-containerregistry/api/registries"),
      connection.clientOptions(),
    ]);
    const context = createContainerRegistryManagement(connection.credential, subscriptionId, options);
    return { context, operations, abortSignal: connection.cancelled };
  };
  const explained = async <T>(clause: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainRefusal(clause, error);
    }
  };

  const list = (subscriptionId: string): Promise<readonly RegistryFacts[]> =>
    explained(`Cannot list the container registries of subscription ${subscriptionId}`, async () => {
      const { context, operations, abortSignal } = await open(subscriptionId);
      const found: RegistryFacts[] = [];
      try {
        for await (const document of operations.list(context, { abortSignal })) {
          const facts = readRegistry(document);
          if (facts !== undefined) found.push(facts);
        }
      } catch (error) {
        if (!(error instanceof ArmRefusal) || error.status !== 403) throw error;
        // That list is for who may read the whole subscription. Of the next one ARM shows everybody his part.
        const visible = await listVisible(subscriptionId);
        if (visible.length === 0) throw sayHidden(subscriptionId, error);
        return visible;
      }
      return found;
    });

  const findById = (id: string): Promise<RegistryFacts | undefined> =>
    explained(`Cannot read the container registry ${id}`, async () => {
      const { subscriptionId, resourceGroup, name } = partsOf(id);
      const { context, operations, abortSignal } = await open(subscriptionId);
      try {
        return readRegistry(await operations.get(context, resourceGroup, name, { abortSignal }));
      } catch (error) {
        if (error instanceof ArmRefusal && NOT_THERE.has(error.fault.code)) return undefined;
        throw error;
      }
    });

  /** The registries that the identity may read one by one: as az looks for a name. */
  const listVisible = async (subscriptionId: string): Promise<readonly RegistryFacts[]> => {
    const filter = encodeURIComponent("resourceType eq 'Microsoft.ContainerRegistry/registries'");
    const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/resources?api-version=2021-04-01&$filter=${filter}`;
    const answer = await connection.send("GET", path);
    const ids = answer.status === 200 ? readIds(answer.bodyAsText ?? "") : [];
    const found = await Promise.all(ids.slice(0, MOST_VISIBLE).map(findById));
    return found.filter((facts) => facts !== undefined);
  };

  const findByName = async (name: string, subscriptionIds: readonly string[]): Promise<Search> => {
    const seen: RegistryFacts[] = [];
    for (const subscriptionId of subscriptionIds) {
      const listed = await list(subscriptionId);
      const found = listed.find((one) => isCalled(one, name));
      if (found !== undefined) return { found, seen };
      seen.push(...listed);
    }
    return { found: undefined, seen };
  };

  return {
    list,
    find: async (nameOrId, subscriptionIds) =>
      nameOrId.startsWith("/") ? findById(nameOrId) : (await findByName(nameOrId, subscriptionIds)).found,
    require: async (nameOrId, subscriptionIds) => {
      const search: Search = nameOrId.startsWith("/")
        ? { found: await findById(nameOrId), seen: [] }
        : await findByName(nameOrId, subscriptionIds);
      return search.found ?? refuse(nameOrId, subscriptionIds, search.seen);
    },
    listUsages: ({ id }) =>
      explained(`Cannot read how full ${id} is`, async () => {
        const { subscriptionId, resourceGroup, name } = partsOf(id);
        const { context, operations, abortSignal } = await open(subscriptionId);
        const { value = [] } = await operations.listUsages(context, resourceGroup, name, { abortSignal });
        return value.map((one) => ({
          name: one.name ?? "",
          limit: one.limit ?? 0,
          used: one.currentValue ?? 0,
          unit: one.unit ?? "",
        }));
      }),
  };
}

/** More are not read one by one: who sees so many may read the list. */
const MOST_VISIBLE = 50;

function readIds(text: string): readonly string[] {
  const body: unknown = JSON.parse(text);
  const value: unknown = typeof body === "object" && body !== null && "value" in body ? body.value : undefined;
  if (!Array.isArray(value)) return [];
  const ids = value.map((one: unknown) =>
    typeof one === "object" && one !== null && "id" in one ? one.id : undefined,
  );
  return ids.filter((id) => typeof id === "string");
}

interface Search {
  readonly found: RegistryFacts | undefined;
  readonly seen: readonly RegistryFacts[];
}

/** What ARM says of a registry, a group or a subscription that is not there. */
const NOT_THERE: ReadonlySet<string> = new Set(["ResourceNotFound", "ResourceGroupNotFound", "SubscriptionNotFound"]);

function isCalled({ name, loginServer }: RegistryFacts, wanted: string): boolean {
  const text = wanted.toLowerCase();
  return name.toLowerCase() === text || loginServer === text;
}

function partsOf(id: string): NonNullable<ReturnType<typeof parseRegistryId>> {
  const parts = parseRegistryId(id);
  if (parts !== undefined) return parts;
  const form = "/subscriptions/…/resourceGroups/…/providers/Microsoft.ContainerRegistry/registries/<name>";
  throw new UserError("registry-not-found", `${JSON.stringify(id)} is no registry's id: expected ${form}`);
}

function sayHidden(subscriptionId: string, cause: ArmRefusal): UserError {
  const text = `The identity may not list the container registries of subscription ${subscriptionId}.\nTo do: name the registry by its login server or its resource id, which needs no list: az acr show --name <registry> --query "[loginServer, id]". Or let the identity read there: az role assignment create --assignee <client-id> --role Reader --scope /subscriptions/${subscriptionId}`;
  return new UserError("arm-denied", text, { cause });
}

function refuse(wanted: string, subscriptionIds: readonly string[], seen: readonly RegistryFacts[]): never {
  const near = listNearNames(
    wanted,
    seen.map(({ name }) => name),
  );
  const where = subscriptionIds.length === 0 ? "" : ` Looked in subscription ${subscriptionIds.join(", ")}.`;
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`;
  const others = seen.length === 0 ? " The identity sees no registry there at all." : "";
  throw new UserError(
    "registry-not-found",
    `There is no registry "${wanted}" that the identity can see.${where}${others}${meant}\nTo do: check the name and the subscription, give the identity a role on the registry (Reader shows it), or give its login server, which needs no look at ARM: az acr show --name <registry> --query loginServer`,
  );
}
