/** A resource id taken apart. Texts keep the case they came in; `key` does not. */
export interface ResourceId {
  readonly id: string;
  /** The id in lower case: what documents are found by. */
  readonly key: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  /** `Microsoft.Network/virtualNetworks/subnets`, `Microsoft.Resources/resourceGroups`, `Microsoft.Resources/subscriptions`. */
  readonly type: string;
  readonly name: string;
  /** What the last `/providers/` hangs on; for a group its subscription. */
  readonly scope: string;
  /** The resource above a nested one, else undefined. */
  readonly parent?: string;
}

const GROUP = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)/i;
const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/i;

/** Undefined for a path that is no resource id: a collection, an action, something else. */
export function parseResourceId(path: string): ResourceId | undefined {
  const id = path.length > 1 ? path.replace(/\/$/, "") : path;
  const key = id.toLowerCase();
  const subscriptionId = SUBSCRIPTION.exec(id)?.[1];
  const group = GROUP.exec(id);
  const place = {
    id,
    key,
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    ...(group?.[2] === undefined ? {} : { resourceGroup: group[2] }),
  };
  const at = key.lastIndexOf("/providers/");
  if (at < 0) {
    if (group !== null && group[0].length === id.length && group[2] !== undefined) {
      return {
        ...place,
        type: "Microsoft.Resources/resourceGroups",
        name: group[2],
        scope: `/subscriptions/${group[1]}`,
      };
    }
    if (subscriptionId !== undefined && id.split("/").length === 3) {
      return { ...place, type: "Microsoft.Resources/subscriptions", name: subscriptionId, scope: "/" };
    }
    return undefined;
  }
  const scope = id.slice(0, at) === "" ? "/" : id.slice(0, at);
  const [namespace = "", ...segments] = id.slice(at + "/providers/".length).split("/");
  if (segments.length < 2 || segments.length % 2 !== 0) return undefined;
  const type = [namespace, ...segments.filter((_, index) => index % 2 === 0)].join("/");
  const nested = segments.length > 2 ? { parent: id.split("/").slice(0, -2).join("/") } : {};
  return { ...place, type, name: segments.at(-1) ?? "", scope, ...nested };
}

/** `…/providers/Namespace/type/name/childType`: what a list is asked of. */
export interface CollectionId {
  readonly type: string;
  readonly scope: string;
  /** The resource whose children are listed, else undefined. */
  readonly parent?: string;
}

export function parseCollection(path: string): CollectionId | undefined {
  const at = path.toLowerCase().lastIndexOf("/providers/");
  if (at < 0) return undefined;
  const [namespace = "", ...segments] = path
    .slice(at + "/providers/".length)
    .replace(/\/$/, "")
    .split("/");
  if (segments.length % 2 === 0) return undefined;
  const type = [namespace, ...segments.filter((_, index) => index % 2 === 0)].join("/");
  const scope = path.slice(0, at) === "" ? "/" : path.slice(0, at);
  return { type, scope, ...(segments.length > 1 ? { parent: path.split("/").slice(0, -1).join("/") } : {}) };
}

/** Whether `key` is the scope itself or lies below it; both in lower case. */
export function within(scope: string, key: string): boolean {
  return scope === "/" || key === scope || key.startsWith(`${scope}/`);
}
