import { type Asking, askJson } from "./ask.ts";
import type { ServedKind } from "./cluster.ts";
import type { ObjectKind } from "./kube-object.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { groupPath } from "./object-path.ts";

/** What the cluster serves, as far as anybody has asked. */
export interface Discovery {
  findKind(kind: ObjectKind): Promise<ServedKind | undefined>;
  /** @throws KubeRefusal 404 in kubectl's words when the cluster does not know the kind */
  needKind(kind: ObjectKind): Promise<ServedKind>;
}

/** Asks for each group and version once; again for a kind that was not there, since a chart may have brought it. */
export function createDiscovery(asking: Asking): Discovery {
  const known = new Map<string, ServedKind>();
  const asked = new Map<string, Promise<void>>();

  const learn = async (apiVersion: string): Promise<void> => {
    for (const kind of await listKinds(asking, apiVersion)) known.set(`${apiVersion} ${kind.kind}`, kind);
  };
  const findKind = async ({ apiVersion, kind }: ObjectKind): Promise<ServedKind | undefined> => {
    const key = `${apiVersion} ${kind}`;
    if (!known.has(key)) {
      const pending = asked.get(apiVersion) ?? learn(apiVersion).finally(() => asked.delete(apiVersion));
      asked.set(apiVersion, pending);
      await pending;
    }
    return known.get(key);
  };
  return {
    findKind,
    needKind: async (kind) => {
      const found = await findKind(kind);
      if (found !== undefined) return found;
      const message = `no matches for kind "${kind.kind}" in version "${kind.apiVersion}": is its CustomResourceDefinition installed?`;
      throw new KubeRefusal(404, "NotFound", message);
    },
  };
}

async function listKinds(asking: Asking, apiVersion: string): Promise<readonly ServedKind[]> {
  try {
    const { resources } = await askJson(asking, { method: "GET", path: groupPath(apiVersion), looks: true });
    return (Array.isArray(resources) ? resources : []).flatMap((each) => readKind(apiVersion, each));
  } catch (error) {
    // For a group that is not there the API server answers with these words and no Status.
    const unknown =
      error instanceof KubeRefusal &&
      error.status === 404 &&
      (error.reason === "NotFound" || error.message === "404 page not found");
    if (unknown) return [];
    throw error;
  }
}

/** Nothing for a subresource, such as `pods/log`. */
function readKind(apiVersion: string, value: unknown): readonly ServedKind[] {
  const { name, kind, namespaced, verbs } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || typeof kind !== "string" || name.includes("/")) return [];
  return [
    {
      apiVersion,
      kind,
      resource: name,
      namespaced: namespaced === true,
      verbs: Array.isArray(verbs) ? verbs.map(String) : [],
    },
  ];
}
