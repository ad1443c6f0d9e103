import { propertiesOf } from "../arm/authorization.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmWorld } from "../arm/world.ts";
import { asText } from "../wire.ts";
import { type Access, covers, plainAction } from "./scopes.ts";

/** Who asks a registry. */
export type Identity =
  | { readonly kind: "entra"; readonly objectId: string }
  /** The admin user, and what Azure itself does. */
  | { readonly kind: "admin" }
  /** An access token as somebody's password: it allows what it allows. */
  | { readonly kind: "bearer"; readonly access: readonly Access[] }
  | { readonly kind: "anonymous" };

/** The ACR registry in ARM, and ARM's roles. */
export interface Governed {
  readonly resource: ResourceDocument;
  readonly world: ArmWorld;
}

const TYPE = "Microsoft.ContainerRegistry/registries";
const NAME = `${TYPE}/repositories:name`.toLowerCase();

/** What an action of a token needs in the older mode: one of these actions. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  pull: ["pull/read"],
  push: ["push/write"],
  delete: ["artifacts/delete"],
  metadata_read: ["metadata/read", "pull/read"],
  metadata_write: ["metadata/write", "push/write"],
};
/** In a registry with repository permissions: this data action. */
const DATA_ACTIONS: Readonly<Record<string, string>> = {
  pull: "repositories/content/read",
  push: "repositories/content/write",
  delete: "repositories/content/delete",
  metadata_read: "repositories/metadata/read",
  metadata_write: "repositories/metadata/write",
};

/** Whether the registry has repository permissions; then the older roles count for nothing. */
export function isAbac({ resource }: Pick<Governed, "resource">): boolean {
  return asText(propertiesOf(resource.body)["roleAssignmentMode"]) === "AbacRepositoryPermissions";
}

/** What of the wanted actions the identity has, in the words that it asked with. */
export function grantedActions(registry: Governed, identity: Identity, wanted: Access): readonly string[] {
  if (wanted.type === "registry") return wanted.name === "catalog" && mayList(registry, identity) ? wanted.actions : [];
  // Repository permissions know no wildcard: who asks for all repositories is given none.
  if (wanted.name === "*" && isAbac(registry) && identity.kind !== "admin") return [];
  const may = (action: string) => mayDo(registry, identity, wanted, plainAction(action));
  const every = Object.keys(ACTIONS);
  if (wanted.actions.includes("*")) return every.every(may) ? ["*"] : every.filter(may);
  return wanted.actions.filter(may);
}

/** Whether there is anything that the identity may do with contents, in whatever repository. */
export function hasAnyRight(registry: Governed, { objectId }: { readonly objectId: string }): boolean {
  const { resource, world } = registry;
  const { authorization } = world;
  if (isAbac(registry)) {
    const kinds = [...Object.values(DATA_ACTIONS), "catalog/read"];
    return kinds.some((kind) => authorization.mayHaveData({ objectId }, `${TYPE}/${kind}`, resource.id));
  }
  return Object.values(ACTIONS)
    .flat()
    .some((kind) => authorization.allowed({ objectId }, `${TYPE}/${kind}`, resource.id));
}

function mayDo(registry: Governed, identity: Identity, { type, name }: Access, action: string): boolean {
  const { resource, world } = registry;
  switch (identity.kind) {
    case "admin":
      return action in ACTIONS;
    case "bearer":
      return covers(identity.access, [{ type, name, actions: [action] }]);
    case "anonymous":
      return propertiesOf(resource.body)["anonymousPullEnabled"] === true && ["pull", "metadata_read"].includes(action);
    case "entra": {
      if (isAbac(registry)) {
        const kind = DATA_ACTIONS[action];
        return (
          kind !== undefined &&
          world.authorization.allowedData(identity, `${TYPE}/${kind}`, resource.id, { [NAME]: name })
        );
      }
      const kinds = ACTIONS[action] ?? [];
      return kinds.some((kind) => world.authorization.allowed(identity, `${TYPE}/${kind}`, resource.id));
    }
  }
}

function mayList(registry: Governed, identity: Identity): boolean {
  const { resource, world } = registry;
  if (identity.kind === "entra" && isAbac(registry)) {
    return world.authorization.allowedData(identity, `${TYPE}/catalog/read`, resource.id);
  }
  if (identity.kind === "bearer")
    return covers(identity.access, [{ type: "registry", name: "catalog", actions: ["*"] }]);
  return (
    identity.kind !== "anonymous" && mayDo(registry, identity, { type: "repository", name: "*", actions: [] }, "pull")
  );
}
